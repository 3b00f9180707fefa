// The invariants of assets and grants find what a broken contract would write.
#include "contracts/records.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/model/state_keys.h"
#include "tests/support/catch.h"
#include "tests/unit/contracts/world.h"

namespace sanquan::contracts::testing {
namespace {

const std::string kAsset = "530000S0100000001S";

wire::GrantRecord usage(const std::string& parent, std::uint64_t from, std::uint64_t until) {
    wire::GrantRecord grant;
    grant.set_asset(kAsset);
    grant.set_grantor("US");
    grant.set_holder("US");
    grant.set_right(wire::USAGE);
    grant.add_actions(wire::SUBLICENSE);
    grant.add_actions(wire::USE);
    grant.set_valid_from_ms(from);
    grant.set_valid_until_ms(until);
    grant.set_parent(parent);
    grant.set_delegation_depth(parent.empty() ? 2 : 1);
    return grant;
}

void put_grant(Overlay& overlay, const std::string& id, const wire::GrantRecord& grant) {
    store(overlay, keys::grant(id), grant);
    auto index = load<wire::GrantIndexRecord>(overlay, keys::grants(kAsset))
                     .value_or(wire::GrantIndexRecord());
    index.add_grants(id);
    if (grant.exclusive()) {
        index.add_exclusive(id);
    }
    store(overlay, keys::grants(kAsset), index);
}

}  // namespace

TEST_CASE("Shares that do not sum up are found", "[contracts][invariants]") {
    World world;
    const auto shares = [&](std::initializer_list<std::pair<const char*, std::uint32_t>> owners) {
        return breach_of(world, [&](Overlay& overlay) {
            wire::AssetRecord asset;
            for (const auto& [organisation, basis_points] : owners) {
                wire::OwnershipShare& share = *asset.add_owners();
                share.set_organisation(organisation);
                share.set_basis_points(basis_points);
            }
            store(overlay, keys::asset(kAsset), asset);
        });
    };
    CHECK(shares({{"A", 4'000}, {"B", 6'000}}).empty());
    CHECK(shares({{"A", 4'000}, {"B", 5'999}}).starts_with("shares_sum"));
    CHECK(shares({{"A", 4'000}, {"B", 6'001}}).starts_with("shares_sum"));
    CHECK(shares({{"A", 5'000}, {"A", 5'000}}).starts_with("shares_sum"));
    CHECK(shares({{"A", 10'000}, {"B", 0}}).starts_with("shares_sum"));
    CHECK(shares({}).starts_with("shares_sum"));
}

TEST_CASE("Objections that the asset does not count are found", "[contracts][invariants]") {
    World world;
    const auto put = [](Overlay& overlay, wire::AssetStatus status, std::uint32_t count,
                        std::initializer_list<wire::ObjectionState> states) {
        wire::AssetRecord asset;
        wire::OwnershipShare& share = *asset.add_owners();
        share.set_organisation("A");
        share.set_basis_points(10'000);
        asset.set_status(status);
        asset.set_open_objections(count);
        store(overlay, keys::asset(kAsset), asset);
        std::string objector = "A";
        for (const wire::ObjectionState state : states) {
            wire::ObjectionRecord objection;
            objection.set_state(state);
            store(overlay, keys::objection(kAsset, objector), objection);
            ++objector[0];
        }
    };
    const auto breach = [&](wire::AssetStatus status, std::uint32_t count,
                            std::initializer_list<wire::ObjectionState> states) {
        return breach_of(world, [&](Overlay& overlay) { put(overlay, status, count, states); });
    };
    constexpr std::string_view kName = "objections_counted";
    constexpr auto kOpen = wire::OBJECTION_OPEN;
    constexpr auto kAppealed = wire::OBJECTION_APPEALED;
    constexpr auto kUpheld = wire::OBJECTION_UPHELD;
    CHECK(breach(wire::ASSET_CERTIFIED, 0, {kUpheld, wire::OBJECTION_DISMISSED}).empty());
    CHECK(breach(wire::ASSET_OBJECTED, 2, {kOpen, kAppealed}).empty());
    CHECK(breach(wire::ASSET_OBJECTED, 1, {kOpen, kAppealed}).starts_with(kName));
    CHECK(breach(wire::ASSET_OBJECTED, 2, {kOpen}).starts_with(kName));
    CHECK(breach(wire::ASSET_OBJECTED, 0, {}).starts_with(kName));
    CHECK(breach(wire::ASSET_CERTIFIED, 1, {kAppealed}).starts_with(kName));
    CHECK(breach(wire::ASSET_PUBLIC_NOTICE, 1, {kOpen}).starts_with(kName));
    CHECK(breach(wire::ASSET_SUSPENDED, 1, {kAppealed}).empty());
    CHECK(breach(wire::ASSET_REFUSED, 1, {kUpheld, kOpen}).empty());

    put(world.state(), wire::ASSET_OBJECTED, 2, {kOpen, kAppealed});
    CHECK(breach(wire::ASSET_OBJECTED, 1, {kUpheld, kAppealed}).empty());
    CHECK(breach(wire::ASSET_OBJECTED, 2, {kUpheld, kAppealed}).starts_with(kName));
    CHECK(breach(wire::ASSET_OBJECTED, 1, {kOpen, kAppealed}).starts_with(kName));
    CHECK(breach(wire::ASSET_CERTIFIED, 0, {kUpheld, kUpheld}).empty());
}

TEST_CASE("Exclusive grants that overlap are found", "[contracts][invariants]") {
    World world;
    wire::GrantRecord exclusive = usage("", 100, 200);
    exclusive.set_exclusive(true);
    put_grant(world.state(), "G-1", exclusive);
    const auto with = [&](const wire::GrantRecord& grant) {
        return breach_of(world, [&](Overlay& overlay) { put_grant(overlay, "G-2", grant); });
    };
    CHECK(with(usage("", 200, 300)).empty());
    CHECK(with(usage("", 199, 300)).starts_with("exclusive_grants"));
    CHECK(with(exclusive).starts_with("exclusive_grants"));
    CHECK(with(usage("G-1", 100, 200)).empty());  // rests on the exclusive one
    wire::GrantRecord late = usage("", 100, 300);
    late.set_granted_ms(200);  // in force only after the exclusive one
    CHECK(with(late).empty());
    wire::GrantRecord other = usage("", 100, 300);
    other.set_right(wire::OPERATION_MANAGEMENT);
    CHECK(with(other).empty());
}

TEST_CASE("Grants wider than their parent are found", "[contracts][invariants]") {
    World world;
    wire::GrantRecord parent = usage("", 100, 200);
    wire::Constraint& limit = *parent.add_constraints();
    limit.set_left_operand("count");
    limit.set_operator_("lteq");
    limit.add_right_operand("5");
    put_grant(world.state(), "G-1", parent);
    wire::GrantRecord good = usage("G-1", 100, 200);
    *good.add_constraints() = limit;
    const auto with = [&](auto change) {
        wire::GrantRecord grant = good;
        change(grant);
        return breach_of(world, [&](Overlay& overlay) { put_grant(overlay, "G-2", grant); });
    };
    const std::string_view name = "grant_within_parent";
    CHECK(with([](wire::GrantRecord&) {}).empty());
    CHECK(with([](auto& grant) { grant.set_valid_until_ms(201); }).starts_with(name));
    CHECK(with([](auto& grant) { grant.set_valid_from_ms(99); }).starts_with(name));
    CHECK(with([](auto& grant) { grant.set_delegation_depth(2); }).starts_with(name));
    CHECK(with([](auto& grant) { grant.clear_constraints(); }).starts_with(name));
    CHECK(with([](auto& grant) { grant.set_grantor("PC"); }).starts_with(name));
    CHECK(with([](auto& grant) { grant.set_parent("G-0"); }) != "");
    CHECK(with([](auto& grant) { grant.set_right(wire::OPERATION_MANAGEMENT); }).starts_with(name));
    CHECK(with([](auto& grant) { grant.add_actions(wire::LIST); }).starts_with(name));
}

}  // namespace sanquan::contracts::testing
