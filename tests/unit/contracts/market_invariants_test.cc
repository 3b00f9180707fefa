// The invariants of orders find what a broken contract would write. Method: good states of an order
// pass, then one thing at a time is wrong.
#include <functional>

#include "contracts/balances.h"
#include "contracts/checks.h"
#include "contracts/records.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/codec/state_market.pb.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/state_keys.h"
#include "tests/support/catch.h"
#include "tests/unit/contracts/world.h"

namespace sanquan::contracts::testing {
namespace {

const std::string kOrder = "O-1";
const std::string kGrant = "G-1";

wire::OrderRecord order(wire::OrderStatus status) {
    wire::OrderRecord record;
    record.set_id(kOrder);
    record.set_buyer("OW2");
    record.set_status(status);
    *record.mutable_price() = make_money("CNY", Amount(100));
    return record;
}

wire::OrderRecord settled() {
    wire::OrderRecord record = order(wire::SETTLED);
    record.set_usage_grant(kGrant);
    record.set_settled_ms(9);
    for (const std::uint64_t amount : {40U, 60U}) {
        auto& part = *record.add_paid();
        part.set_organisation("OW1");
        part.set_amount(Amount(amount).encode());
    }
    return record;
}

void put_escrow(Overlay& overlay, const std::string& currency, std::uint64_t amount) {
    wire::EscrowRecord escrow;
    *escrow.mutable_money() = make_money(currency, Amount(amount));
    store(overlay, keys::escrow(kOrder), escrow);
}

void put_grant(Overlay& overlay, const std::string& id, const std::string& order_id) {
    wire::GrantRecord grant;
    grant.set_asset("530000S0100000001S");
    grant.set_right(wire::USAGE);
    grant.set_valid_until_ms(1);
    grant.set_order(order_id);
    store(overlay, keys::grant(id), grant);
    wire::GrantIndexRecord index;
    index.add_grants(id);
    store(overlay, keys::grants(grant.asset()), index);
}

// A world in which the order is open, its price in escrow.
void open_order(World& world) {
    world.balance("OW2", "CNY", 1'000);
    debit(world.state(), "OW2", make_money("CNY", Amount(100)));
    store(world.state(), keys::order(kOrder), order(wire::DELIVERY_ACCEPTED));
    put_escrow(world.state(), "CNY", 100);
}

// What a settlement writes.
void settle(Overlay& overlay) {
    overlay.erase(keys::escrow(kOrder));
    credit(overlay, "OW1", "CNY", Amount(100));
    put_grant(overlay, kGrant, kOrder);
    store(overlay, keys::order(kOrder), settled());
}

}  // namespace

TEST_CASE("Escrows that are not the prices of the open orders are found",
          "[contracts][invariants]") {
    constexpr std::string_view kName = "escrow_of_orders";
    World world;
    const auto with = [&](const std::function<void(Overlay&)>& write) {
        return breach_of(world, write);
    };
    // An escrow without an order, though the money comes out of a balance.
    world.balance("OW2", "CNY", 1'000);
    CHECK(with([](Overlay& overlay) {
              debit(overlay, "OW2", make_money("CNY", Amount(5)));
              put_escrow(overlay, "CNY", 5);
          }).starts_with(kName));
    open_order(world);
    // Closed orders hold no escrow, open ones theirs.
    CHECK(with([](Overlay& overlay) {
              store(overlay, keys::order(kOrder), order(wire::REFUNDED));
          }).starts_with(kName));
    CHECK(with([](Overlay& overlay) {
              overlay.erase(keys::escrow(kOrder));
              credit(overlay, "OW1", "CNY", Amount(100));
          }).starts_with(kName));
    CHECK(with([](Overlay& overlay) {
              put_escrow(overlay, "CNY", 99);
              credit(overlay, "OW1", "CNY", Amount(1));
          }).starts_with(kName));
    // A price that was lowered leaves money that no order accounts for.
    CHECK(with([](Overlay& overlay) {
              auto lowered = order(wire::DELIVERED);
              *lowered.mutable_price() = make_money("CNY", Amount(99));
              store(overlay, keys::order(kOrder), lowered);
          }).starts_with(kName));
    CHECK(with([](Overlay& overlay) {
              auto other = order(wire::DELIVERED);
              other.mutable_price()->set_currency("XTS");
              store(overlay, keys::order(kOrder), other);
          }).starts_with(kName));
    // The ways that the contracts go.
    CHECK(with([](Overlay& overlay) {
              store(overlay, keys::order(kOrder), order(wire::COMPLAINED));
          }).empty());
    CHECK(with([](Overlay& overlay) {
              overlay.erase(keys::escrow(kOrder));
              credit(overlay, "OW2", "CNY", Amount(100));
              store(overlay, keys::order(kOrder), order(wire::REFUNDED));
          }).empty());
    CHECK(with(settle).empty());
}

TEST_CASE("A second settlement of an order is found", "[contracts][invariants]") {
    constexpr std::string_view kName = "one_settlement";
    World world;
    open_order(world);
    const auto with = [&](const std::function<void(Overlay&)>& write) {
        return breach_of(world, write);
    };
    const auto settled_otherwise = [&](const std::function<void(wire::OrderRecord&)>& change) {
        return with([&](Overlay& overlay) {
            settle(overlay);
            auto record = settled();
            change(record);
            store(overlay, keys::order(kOrder), record);
        });
    };
    CHECK(settled_otherwise([](auto&) {}).empty());
    CHECK(settled_otherwise([](auto& record) { record.clear_paid(); }).starts_with(kName));
    CHECK(settled_otherwise([](auto& record) {
              *record.add_paid() = record.paid(0);
          }).starts_with(kName));
    CHECK(
        settled_otherwise([](auto& record) { record.set_usage_grant("G-0"); }).starts_with(kName));
    CHECK(settled_otherwise([](auto& record) { record.clear_usage_grant(); }).starts_with(kName));
    // Two grants for one order.
    CHECK(with([](Overlay& overlay) {
              settle(overlay);
              put_grant(overlay, "G-2", kOrder);
          }).starts_with(kName));
    // A grant in the name of an order that is not settled, and payments of one.
    CHECK(with([](Overlay& overlay) { put_grant(overlay, kGrant, kOrder); }).starts_with(kName));
    CHECK(with([](Overlay& overlay) { put_grant(overlay, kGrant, "O-none"); }).starts_with(kName));
    CHECK(with([](Overlay& overlay) {
              auto record = settled();
              record.set_status(wire::DELIVERED);
              store(overlay, keys::order(kOrder), record);
          }).starts_with(kName));

    settle(world.state());
    CHECK(with([](Overlay& overlay) {
              put_grant(overlay, "G-2", kOrder);
              auto again = settled();
              again.set_usage_grant("G-2");
              store(overlay, keys::order(kOrder), again);
          }).starts_with(kName));
    CHECK(with([](Overlay& overlay) {
              auto again = settled();
              again.set_settled_ms(10);
              store(overlay, keys::order(kOrder), again);
          }).starts_with(kName));
    CHECK(with([](Overlay& overlay) { overlay.erase(keys::order(kOrder)); }).starts_with(kName));
    // A voucher and applications come afterwards.
    CHECK(with([](Overlay& overlay) {
              auto later = settled();
              later.set_voucher("V-1");
              later.set_applications(2);
              store(overlay, keys::order(kOrder), later);
          }).empty());
}

}  // namespace sanquan::contracts::testing
