// Point-in-time rights and provenance: what was granted, what holds now, and what was never
// granted.
#include "contracts/rights_query.h"

#include "contracts/asset_life_cycle.h"
#include "contracts/provenance.h"
#include "contracts/records.h"
#include "ledger/base/limits.h"
#include "ledger/model/state_keys.h"
#include "tests/support/catch.h"
#include "tests/unit/contracts/world.h"

namespace sanquan::contracts::testing {
namespace {

constexpr std::uint64_t kStart = 1'800'000'000'000;
const std::string kHash(32, 'h');

wire::RegisterAsset registration(const std::string& identifier, const std::string& owner) {
    wire::RegisterAsset operation;
    wire::Dataset& dataset = *operation.mutable_dataset();
    dataset.set_identifier(identifier);
    dataset.set_catalogue("c");
    dataset.mutable_title()->set_en(identifier);
    dataset.set_publisher("P");
    dataset.set_media_type("text/csv");
    dataset.set_access(wire::PUBLIC);
    wire::OwnershipShare& share = *operation.add_owners();
    share.set_organisation(owner);
    share.set_basis_points(10'000);
    operation.set_sector("S01");
    operation.set_region("530000");
    operation.set_level(wire::GENERAL);
    operation.set_source_class(wire::ENTERPRISE_DATA);
    operation.set_content(kHash);
    return operation;
}

std::string run(World& world, const std::string& sender, const wire::Operation& operation,
                const std::set<std::string>& signers = {}) {
    const Ran ran = world.run(sender, signers, operation);
    INFO(text(ran.code));
    REQUIRE(ran.code == Code::kOk);
    return ran.subject;
}

void certify(World& world, const std::string& asset) {
    wire::Operation operation;
    operation.mutable_certify_asset()->set_asset(asset);
    run(world, "SA1", operation);
}

std::string certified_asset(World& world, const std::string& identifier) {
    wire::Operation operation;
    *operation.mutable_register_asset() = registration(identifier, "OW1");
    std::string asset = run(world, "OW1", operation);
    world.tick(2'000);
    certify(world, asset);
    return asset;
}

std::string grant(World& world, const std::string& asset, const std::string& holder,
                  const std::string& parent = {}) {
    wire::Operation operation;
    wire::GrantRight& terms = *operation.mutable_grant_right();
    terms.set_asset(asset);
    terms.set_holder(holder);
    terms.set_right(parent.empty() ? wire::OPERATION_MANAGEMENT : wire::USAGE);
    for (const wire::Action action : {wire::AGGREGATE, wire::PROCESS, wire::SUBLICENSE}) {
        if (parent.empty()) {
            terms.add_actions(action);
        }
    }
    if (!parent.empty()) {
        terms.add_actions(wire::USE);
    }
    terms.set_parent(parent);
    terms.set_valid_from_ms(kStart);
    terms.set_valid_until_ms(kStart + 50'000);
    return run(world, parent.empty() ? "OW1" : "PC", operation);
}

void license(World& world, const std::string& asset, const std::string& under) {
    wire::Operation operation;
    operation.mutable_license_asset()->set_asset(asset);
    operation.mutable_license_asset()->set_grant(under);
    run(world, "PC", operation);
}

BlockContext block_of(const World& world) {
    static const Chain kChain = [] {
        Chain chain;
        chain.profile = ChainProfile::kDemo;
        return chain;
    }();
    return {kChain, Height{1}, world.time()};
}

}  // namespace

TEST_CASE("Rights on an asset are listed with their state and what they rest on",
          "[contracts][rights_query]") {
    World world;
    const std::string asset = certified_asset(world, "d1");
    const std::string operation = grant(world, asset, "PC");
    const std::string usage = grant(world, asset, "US", operation);

    const auto rights = rights_on_asset(world.state(), block_of(world), asset);
    REQUIRE(rights.has_value());
    CHECK(rights->state == Code::kOk);
    REQUIRE(rights->grants.size() == 2);
    CHECK(rights->grants[0].id == usage);
    CHECK(rights->grants[0].state == Code::kOk);
    CHECK(rights->grants[0].rests_on == std::vector<std::string>{operation});
    CHECK(rights->grants[1].record.holder() == "PC");
    CHECK_FALSE(rights->next_page.has_value());

    world.tick(60'000);
    const auto later = rights_on_asset(world.state(), block_of(world), asset);
    CHECK(later->grants[0].state == Code::kGrantExpired);
    CHECK(rights_on_asset(world.state(), block_of(world), "530000S0100000009X") == std::nullopt);
}

TEST_CASE("A stranger's missing key proves that nothing was ever granted",
          "[contracts][rights_query]") {
    World world;
    const std::string asset = certified_asset(world, "d1");
    grant(world, asset, "PC");
    CHECK(grants_of_holder(world.state(), block_of(world), asset, "PC").size() == 1);
    CHECK(exists(world.state(), holder_proof_key(asset, "PC")));
    CHECK(grants_of_holder(world.state(), block_of(world), asset, "US").empty());
    CHECK_FALSE(exists(world.state(), holder_proof_key(asset, "US")));

    // A revoked grant leaves its key: "once had one" is not "never had one".
    wire::Operation revoke;
    revoke.mutable_revoke_right()->set_grant(
        grants_of_holder(world.state(), block_of(world), asset, "PC")[0].id);
    revoke.mutable_revoke_right()->set_reason("over");
    run(world, "OW1", revoke);
    const auto held = grants_of_holder(world.state(), block_of(world), asset, "PC");
    REQUIRE(held.size() == 1);
    CHECK(held[0].state == Code::kGrantRevoked);
}

TEST_CASE("Many grants are read page by page, each once", "[contracts][rights_query]") {
    World world;
    const std::string asset = certified_asset(world, "d1");
    const std::size_t total = 2 * limits::kGrantsPerPage + 5;
    std::set<std::string> made;
    for (std::size_t i = 0; i < total; ++i) {
        const std::string holder = "H" + std::to_string(i);
        world.organisation(holder, "530000", 1);
        made.insert(grant(world, asset, holder));
    }
    std::set<std::string> read;
    std::optional<std::uint32_t> page;
    std::size_t pages = 0;
    do {
        const auto rights = rights_on_asset(world.state(), block_of(world), asset, page);
        REQUIRE(rights.has_value());
        CHECK(rights->grants.size() <= limits::kGrantsPerPage);
        for (const HeldGrant& held : rights->grants) {
            CHECK(read.insert(held.id).second);
        }
        page = rights->next_page;
        ++pages;
    } while (page);
    CHECK(pages == 3);
    CHECK(read == made);
    CHECK_FALSE(rights_on_asset(world.state(), block_of(world), asset, 3).has_value());
}

TEST_CASE("Provenance leads back to sources, grants and steps", "[contracts][provenance]") {
    World world;
    const std::string first = certified_asset(world, "d1");
    const std::string second = certified_asset(world, "d2");
    const std::string first_grant = grant(world, first, "PC");
    const std::string second_grant = grant(world, second, "PC");
    license(world, first, first_grant);
    license(world, second, second_grant);

    wire::Operation aggregate;
    *aggregate.mutable_aggregate_assets()->mutable_output() = registration("out", "OW1");
    for (const auto& [asset, under] : {std::pair(first, first_grant), {second, second_grant}}) {
        wire::AggregationInput& input = *aggregate.mutable_aggregate_assets()->add_inputs();
        input.set_asset(asset);
        input.set_grant(under);
    }
    const std::string output = run(world, "PC", aggregate, {"OW1"});
    world.tick(2'000);
    certify(world, output);
    const std::string output_grant = grant(world, output, "PC");

    wire::Operation process;
    process.mutable_process_asset()->set_asset(output);
    process.mutable_process_asset()->set_grant(output_grant);
    wire::ProcessingStep& step = *process.mutable_process_asset()->add_steps();
    step.set_kind(wire::STEP_CLEANING);
    step.set_tool("t");
    step.set_tool_version("1");
    step.set_operator_("PC");
    step.set_input(kHash);
    step.set_output(std::string(32, 'o'));
    run(world, "PC", process);

    const auto graph = provenance_of(world.state(), output);
    REQUIRE(graph.has_value());
    REQUIRE(graph->nodes.size() == 3);
    const ProvenanceNode& root = graph->nodes[0];
    CHECK(root.asset == output);
    REQUIRE(root.processings.size() == 1);
    CHECK(root.processings[0].steps(0).output() == root.record.content());
    REQUIRE(root.sources.size() == 2);
    CHECK(graph->nodes[root.sources[0].node].asset == first);
    CHECK(root.sources[1].grant == second_grant);
    CHECK(root.sources[1].grant_record.holder() == "PC");
    CHECK_FALSE(root.sources_left_off);
    CHECK_FALSE(provenance_of(world.state(), "nothing").has_value());
}

TEST_CASE("The registration life cycle has these edges and no others", "[contracts][asset]") {
    const std::map<std::string, std::set<std::string>> edges = {
        {"DRAFT", {"SUBMITTED"}},
        {"SUBMITTED", {"UNDER_REVIEW"}},
        {"UNDER_REVIEW", {"PUBLIC_NOTICE", "OBJECTED", "REFUSED"}},
        {"PUBLIC_NOTICE", {"CERTIFIED", "OBJECTED", "REFUSED"}},
        {"CERTIFIED", {"CHANGED", "TRANSFERRED", "SUSPENDED", "CANCELLED", "EXPIRED", "OBJECTED"}},
        {"CHANGED", {"CHANGED", "TRANSFERRED", "SUSPENDED", "CANCELLED", "EXPIRED", "OBJECTED"}},
        {"TRANSFERRED",
         {"CHANGED", "TRANSFERRED", "SUSPENDED", "CANCELLED", "EXPIRED", "OBJECTED"}},
        {"SUSPENDED", {"CERTIFIED", "CHANGED", "TRANSFERRED", "CANCELLED", "OBJECTED"}},
        {"OBJECTED",
         {"PUBLIC_NOTICE", "CERTIFIED", "CHANGED", "TRANSFERRED", "CANCELLED", "REFUSED"}},
        {"CANCELLED", {"OBJECTED"}},
        {"REFUSED", {"OBJECTED"}},
    };
    for (int from = wire::ASSET_DRAFT; from <= wire::AssetStatus_MAX; ++from) {
        for (int to = wire::ASSET_DRAFT; to <= wire::AssetStatus_MAX; ++to) {
            const auto name = [](int status) {
                return wire::AssetStatus_Name(static_cast<wire::AssetStatus>(status)).substr(6);
            };
            const auto row = edges.find(name(from));
            const bool expected = row != edges.end() && row->second.contains(name(to));
            INFO(name(from) << " -> " << name(to));
            CHECK(status_follows(static_cast<wire::AssetStatus>(from),
                                 static_cast<wire::AssetStatus>(to)) == expected);
        }
    }
}

}  // namespace sanquan::contracts::testing
