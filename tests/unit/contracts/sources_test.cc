// Derivations of several levels: what is asked of the sources is asked of all of them, however deep,
// and they are bounded. Method: assets, grants and derivations written as the contracts would leave
// them, then operations run on top.
#include "contracts/sources.h"

#include <google/protobuf/text_format.h>

#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/records.h"
#include "ledger/model/asset_code.h"
#include "ledger/model/state_keys.h"
#include "tests/support/catch.h"
#include "tests/unit/contracts/world.h"

namespace sanquan::contracts::testing {
namespace {

constexpr std::uint64_t kUntil = 1'900'000'000'000;

// Certified, licensed assets of OW1 in sector S01, each with a grant to PC that allows AGGREGATE.
class Sources {
  public:
    std::string code(std::uint64_t number) const { return format({"530000", "S01", number}); }
    std::string grant(std::uint64_t number) const { return "G-" + std::to_string(number); }

    void asset(std::uint64_t number, wire::Level level = wire::GENERAL) {
        wire::AssetRecord record;
        record.set_status(wire::ASSET_CERTIFIED);
        record.set_stage(wire::LICENSED);
        record.set_level(level);
        record.set_level_reviewed(true);
        record.set_source_class(wire::ENTERPRISE_DATA);
        record.set_access(wire::PUBLIC);
        record.set_certificate_until_ms(kUntil);
        auto& owner = *record.add_owners();
        owner.set_organisation("OW1");
        owner.set_basis_points(10'000);
        store(world_.state(), keys::asset(code(number)), record);
        wire::GrantRecord right;
        right.set_asset(code(number));
        right.set_grantor("OW1");
        right.set_holder("PC");
        right.set_right(wire::OPERATION_MANAGEMENT);
        right.add_actions(wire::AGGREGATE);
        right.set_valid_until_ms(kUntil);
        store(world_.state(), keys::grant(grant(number)), right);
    }

    void derived(std::uint64_t number, const std::vector<std::uint64_t>& inputs) {
        asset(number);
        wire::DerivationRecord derivation;
        add_inputs(inputs, [&] { return derivation.add_inputs(); });
        store(world_.state(), keys::derivation(code(number)), derivation);
        change(number, [](wire::AssetRecord& record) { record.set_derived(true); });
    }

    void change(std::uint64_t number, const std::function<void(wire::AssetRecord&)>& change) {
        auto record = load_asset(world_.state(), code(number));
        change(record);
        store(world_.state(), keys::asset(code(number)), record);
    }

    std::string aggregate(const std::vector<std::uint64_t>& inputs, wire::Level level) {
        wire::Operation operation;
        auto& aggregation = *operation.mutable_aggregate_assets();
        add_inputs(inputs, [&] { return aggregation.add_inputs(); });
        REQUIRE(google::protobuf::TextFormat::ParseFromString(
            "dataset { identifier: 'o' catalogue: 'c' title { en: 'T' } publisher: 'P' "
            "media_type: 'm' access: PUBLIC } owners { organisation: 'OW1' basis_points: 10000 } "
            "sector: 'S01' region: '530000' source_class: ENTERPRISE_DATA",
            aggregation.mutable_output()));
        aggregation.mutable_output()->set_level(level);
        aggregation.mutable_output()->set_content(Bytes(32, 'z'));
        world_.serial("530000", "S01", 90'000'000);
        return run("PC", {"OW1"}, operation);
    }

    std::string grade(const std::string& sender, std::uint64_t number, wire::Level level) {
        wire::Operation operation;
        auto& review = *operation.mutable_review_grading();
        review.set_asset(code(number));
        review.set_level(level);
        review.set_evidence(Bytes(32, 'e'));
        review.set_reason("harmless");
        return run(sender, {}, operation);
    }

    std::string ownership_tradable_code(std::uint64_t number) const {
        const auto verdict = ownership_tradable(world_.state(), world_.context(), code(number));
        return std::string(text(verdict ? verdict->code : Code::kOk));
    }

    World& world() { return world_; }

  private:
    template <typename Add>
    void add_inputs(const std::vector<std::uint64_t>& inputs, const Add& add) const {
        for (const std::uint64_t input : inputs) {
            wire::AggregationInput& added = *add();
            added.set_asset(code(input));
            added.set_grant(grant(input));
        }
    }

    std::string run(const std::string& sender, const std::set<std::string>& signers,
                    const wire::Operation& operation) {
        world_.state().begin();  // undone, so that each question meets the same world
        const Ran ran = world_.run(sender, signers, operation);
        world_.state().rollback();
        return std::string(text(ran.code));
    }

    World world_;
};

// first, first + 1, … of `count`.
std::vector<std::uint64_t> numbers(std::uint64_t first, std::uint64_t count) {
    std::vector<std::uint64_t> list;
    for (std::uint64_t i = 0; i < count; ++i) {
        list.push_back(first + i);
    }
    return list;
}

}  // namespace

TEST_CASE("a derived asset is graded by its sources of every depth", "[contracts][sources]") {
    Sources sources;
    for (const std::uint64_t number : numbers(1, 4)) {
        sources.asset(number);
    }
    sources.derived(11, {1, 2});
    sources.derived(12, {3, 11});
    CHECK(sources.aggregate({4, 12}, wire::GENERAL) == "OK");
    CHECK(sources.grade("SA1", 12, wire::GENERAL) == "OK");
    CHECK(sources.ownership_tradable_code(12) == "OK");

    // The first source is raised after the others were made from it.
    sources.change(1, [](wire::AssetRecord& record) { record.set_level(wire::IMPORTANT); });
    CHECK(sources.aggregate({4, 12}, wire::GENERAL) == "LEVEL_BELOW_INPUTS");
    CHECK(sources.aggregate({4, 12}, wire::IMPORTANT) == "OK");
    CHECK(sources.grade("SA1", 12, wire::GENERAL) == "LEVEL_BELOW_INPUTS");
    CHECK(sources.grade("KA", 12, wire::GENERAL) == "OK");
    sources.change(1, [](wire::AssetRecord& record) { record.set_level(wire::CORE); });
    CHECK(sources.aggregate({4, 12}, wire::IMPORTANT) == "LEVEL_BELOW_INPUTS");
    CHECK(sources.aggregate({4, 12}, wire::CORE) == "OK");
    CHECK(sources.ownership_tradable_code(12) == "LEVEL_CORE");
}

TEST_CASE("a grant that ends at the bottom stops what was made on top", "[contracts][sources]") {
    Sources sources;
    for (const std::uint64_t number : numbers(1, 4)) {
        sources.asset(number);
    }
    sources.derived(11, {1, 2});
    sources.derived(12, {3, 11});
    auto& state = sources.world().state();
    auto grant = load_existing<wire::GrantRecord>(state, keys::grant(sources.grant(2)));
    grant.set_revoked_ms(1);
    store(state, keys::grant(sources.grant(2)), grant);
    CHECK(sources.ownership_tradable_code(12) == "PARENT_GRANT_ENDED");
    CHECK(sources.aggregate({4, 12}, wire::GENERAL) == "PARENT_GRANT_ENDED");
}

TEST_CASE("at most 64 sources stand behind one asset", "[contracts][sources]") {
    Sources sources;
    for (const std::uint64_t number : numbers(1, 64)) {
        sources.asset(number);
    }
    sources.derived(101, numbers(1, 16));
    sources.derived(102, numbers(17, 16));
    sources.derived(103, numbers(33, 16));
    sources.derived(104, numbers(49, 11));
    sources.derived(105, numbers(49, 12));
    sources.derived(106, {1, 101});  // the first source on two paths
    // 48 + 11 sources, their four products and one more.
    CHECK(sources.aggregate({64, 101, 102, 103, 104}, wire::GENERAL) == "OK");
    CHECK(sources.aggregate({64, 101, 102, 103, 105}, wire::GENERAL) == "BAD_INPUTS");
    CHECK(sources.aggregate({63, 64, 101, 102, 103, 104}, wire::GENERAL) == "BAD_INPUTS");
    // What comes in twice is read once.
    const std::vector<std::uint64_t> twice = {101, 106};
    wire::DerivationRecord derivation;
    for (const std::uint64_t input : twice) {
        derivation.add_inputs()->set_asset(sources.code(input));
    }
    const auto found = sources_of(sources.world().state(), derivation.inputs());
    REQUIRE(found.has_value());
    CHECK(found->size() == 2 + 16 + 2);
}

}  // namespace sanquan::contracts::testing
