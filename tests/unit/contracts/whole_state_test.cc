// Goal: the check of a whole state finds what stands in it, where the checks after transactions look no more.
// Method: breaches are written straight into a state in order; a transaction that touches something else passes.
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

const std::string kAsset = "530000S0100000001S";

// Reads as a StateVersion does whose pages are this small.
std::string breach_by_pages(const Overlay& state, std::size_t page) {
    const StateScan whole = scan_of(state);
    const Status status =
        check_whole_state(state, [&](ByteView prefix, ByteView after, std::size_t limit) {
            auto found = whole(prefix, after, std::min(limit, page));
            // A short page means the end, so the rest is asked for here.
            while (!found.empty() && found.size() < limit) {
                const auto more = whole(prefix, found.back().first, page);
                if (more.empty()) {
                    break;
                }
                found.insert(found.end(), more.begin(), more.end());
            }
            return found;
        });
    return status ? "" : to_string(status.error());
}

// What only the whole check finds: a transaction that touches something else passes.
std::string planted(World& world) {
    const std::string seen =
        breach_of(world, [](Overlay& overlay) { overlay.put("region/1", Bytes()); });
    CHECK(seen == "");
    return whole_breach_of(world.state());
}

bool is_breach(const std::string& found, const std::string& invariant, const std::string& key) {
    INFO(found);
    return found.starts_with("INVARIANT_BREACH: " + invariant + ": " + key + ": ");
}

wire::GrantRecord grant(std::uint64_t from, std::uint64_t until, bool exclusive = false) {
    wire::GrantRecord record;
    record.set_asset(kAsset);
    record.set_grantor("OW1");
    record.set_holder("US");
    record.set_right(wire::USAGE);
    record.add_actions(wire::SUBLICENSE);
    record.add_actions(wire::USE);
    record.set_valid_from_ms(from);
    record.set_valid_until_ms(until);
    record.set_granted_ms(from);
    record.set_exclusive(exclusive);
    return record;
}

// Writes the grant and lists it, on a full page when `page` is not 0.
void put_grant(Overlay& overlay, const std::string& id, const wire::GrantRecord& record,
               std::uint32_t page = 0) {
    store(overlay, keys::grant(id), record);
    const auto add = [&](const Bytes& key, auto change) {
        auto index = load<wire::GrantIndexRecord>(overlay, key).value_or(wire::GrantIndexRecord());
        change(index);
        store(overlay, key, index);
    };
    const auto list = [&](auto& index) { index.add_grants(id); };
    add(keys::grants(record.asset()), [&](auto& index) {
        index.set_full_pages(std::max(index.full_pages(), page));
        if (page == 0) {
            list(index);
        }
        if (record.exclusive()) {
            index.add_exclusive(id);
        }
    });
    if (page > 0) {
        add(keys::grants(record.asset(), page), list);
    }
}

wire::OrderRecord order(const std::string& id, wire::OrderStatus status) {
    wire::OrderRecord record;
    record.set_id(id);
    record.set_status(status);
    *record.mutable_price() = make_money("CNY", Amount(100));
    return record;
}

// An open order with its escrow, and a settled one with its grant and payment.
void put_orders(World& world) {
    world.balance("OW2", "CNY", 1'000);
    debit(world.state(), "OW2", make_money("CNY", Amount(100)));
    store(world.state(), keys::order("O-open"), order("O-open", wire::DELIVERED));
    wire::EscrowRecord escrow;
    *escrow.mutable_money() = make_money("CNY", Amount(100));
    store(world.state(), keys::escrow("O-open"), escrow);
    wire::OrderRecord settled = order("O-settled", wire::SETTLED);
    settled.set_usage_grant("G-settled");
    settled.add_paid()->set_amount(Amount(100).encode());
    store(world.state(), keys::order("O-settled"), settled);
    wire::GrantRecord bought = grant(10, 20);
    bought.set_order("O-settled");
    put_grant(world.state(), "G-settled", bought);
}

template <typename Record, typename Change>
void change(World& world, const Bytes& key, Change edit) {
    auto record = load<Record>(world.state(), key).value_or(Record());
    edit(record);
    store(world.state(), key, record);
}

}  // namespace

TEST_CASE("A whole state in order passes, in pages of any size", "[contracts][whole_state]") {
    World world;
    put_orders(world);
    put_grant(world.state(), "G-1", grant(100, 200, true));
    put_grant(world.state(), "G-2", grant(200, 300), 1);
    CHECK(planted(world) == "");
    CHECK(breach_by_pages(world.state(), 1) == "");
    CHECK(breach_by_pages(world.state(), 7) == "");
}

TEST_CASE("Money that stands where it did not come from is found", "[contracts][whole_state]") {
    World world;
    put_orders(world);
    const auto set_balance = [&](const Bytes& key, const Bytes& amount) {
        change<wire::BalanceRecord>(world, key, [&](auto& record) { record.set_amount(amount); });
    };
    SECTION("a balance of more") {
        set_balance(keys::balance("US", "CNY"), Amount(1).encode());
        CHECK(is_breach(planted(world), "money_conserved", "supply/CNY"));
    }
    SECTION("a currency that was never issued") {
        set_balance(keys::balance("US", "XTS"), Amount(1).encode());
        CHECK(is_breach(planted(world), "money_conserved", "supply/XTS"));
    }
    SECTION("sums that come out right modulo 2^128") {
        for (const char* holder : {"US", "US2", "PC", "EX"}) {
            set_balance(keys::balance(holder, "CNY"), Bytes(1, '\x40') + Bytes(15, '\0'));
        }
        CHECK(is_breach(planted(world), "money_conserved", "balance/PC/CNY"));
    }
    SECTION("an amount of 129 bits") {
        set_balance(keys::balance("US", "CNY"), Bytes(1, '\1') + Bytes(16, '\0'));
        CHECK(is_breach(planted(world), "money_conserved", "balance/US/CNY"));
    }
    SECTION("more redeemed than issued") {
        change<wire::SupplyRecord>(world, keys::supply("XTS"),
                                   [](auto& record) { record.set_redeemed(Amount(1).encode()); });
        CHECK(is_breach(planted(world), "money_conserved", "supply/XTS"));
    }
}

TEST_CASE("Franchises that overlap are found, listed or not", "[contracts][whole_state]") {
    World world;
    const auto put = [&](const std::string& id, std::uint64_t from, std::uint64_t until,
                         bool exclusive, bool listed) {
        wire::FranchiseRecord franchise;
        franchise.set_sector("S01");
        franchise.set_valid_from_ms(from);
        franchise.set_valid_until_ms(until);
        franchise.set_exclusive(exclusive);
        store(world.state(), keys::franchise(id), franchise);
        if (listed) {
            change<wire::SectorRecord>(world, keys::sector("S01"),
                                       [&](auto& sector) { sector.add_franchises(id); });
        }
    };
    put("F-3", 300, 400, false, true);
    put("F-4", 310, 390, false, true);
    put("F-1", 100, 200, true, false);
    CHECK(planted(world) == "");
    SECTION("two that are listed") {
        put("F-5", 399, 500, true, true);
        CHECK(is_breach(planted(world), "exclusive_franchises", "franchise/F-5"));
    }
    SECTION("two that ended long ago") {
        put("F-2", 150, 160, false, false);
        CHECK(is_breach(planted(world), "exclusive_franchises", "franchise/F-2"));
    }
    SECTION("one that runs and is not listed") {
        put("F-5", 500, 600, false, false);
        CHECK(is_breach(planted(world), "exclusive_franchises", "franchise/F-5"));
    }
    SECTION("one that is listed and is none") {
        change<wire::SectorRecord>(world, keys::sector("S02"),
                                   [](auto& sector) { sector.add_franchises("F-1"); });
        CHECK(is_breach(planted(world), "exclusive_franchises", "sector/S02"));
    }
}

TEST_CASE("Parties that can act no more are found", "[contracts][whole_state]") {
    World world;
    SECTION("no leading group") {
        world.state().erase(keys::governance());
        CHECK(is_breach(planted(world), "governance_alive", "governance"));
    }
    const auto put_key = [&](const std::string& id, const std::string& owner, std::uint64_t at) {
        wire::KeyRecord key;
        key.set_organisation(owner);
        key.set_revoked_ms(at);
        store(world.state(), keys::key(id), key);
    };
    SECTION("fewer keys than the threshold") {
        change<wire::OrganisationRecord>(world, keys::organisation("US"),
                                         [](auto& record) { record.set_threshold(2); });
        CHECK(is_breach(planted(world), "governance_alive", "organisation/US"));
    }
    SECTION("one key twice") {
        change<wire::OrganisationRecord>(world, keys::organisation("US"), [](auto& record) {
            record.set_threshold(2);
            record.add_keys(record.keys(0));
        });
        CHECK(is_breach(planted(world), "governance_alive", "organisation/US"));
    }
    SECTION("keys that are there") {
        put_key("key-of-US", "US", 0);
        CHECK(planted(world) == "");
    }
    SECTION("a key that was revoked") {
        put_key("key-of-US", "US", 5);
        CHECK(is_breach(planted(world), "governance_alive", "organisation/US"));
    }
    SECTION("keys that expired are no loss") {
        change<wire::OrganisationRecord>(world, keys::organisation("US"), [](auto& record) {
            record.set_threshold(2);
            record.clear_keys();
        });
        for (const char* id : {"k1", "k2"}) {
            wire::KeyRecord key;
            key.set_organisation("US");
            key.set_valid_until_ms(5);
            key.set_revoked_ms(5);
            store(world.state(), keys::key(id), key);
        }
        CHECK(planted(world) == "");
        change<wire::KeyRecord>(world, keys::key("k1"), [](auto& key) { key.set_revoked_ms(4); });
        CHECK(is_breach(planted(world), "governance_alive", "organisation/US"));
    }
    SECTION("another's key") {
        put_key("key-of-US", "PC", 0);
        CHECK(is_breach(planted(world), "governance_alive", "organisation/US"));
    }
}

TEST_CASE("An asset whose shares do not sum up is found", "[contracts][whole_state]") {
    World world;
    change<wire::AssetRecord>(world, keys::asset(kAsset), [](auto& asset) {
        auto& share = *asset.add_owners();
        share.set_organisation("OW1");
        share.set_basis_points(9'999);
    });
    CHECK(is_breach(planted(world), "shares_sum", "asset/" + kAsset));
}

TEST_CASE("An asset that does not count its objections is found", "[contracts][whole_state]") {
    World world;
    const auto with = [&](std::uint32_t counted, wire::AssetStatus status) {
        change<wire::AssetRecord>(world, keys::asset(kAsset), [&](auto& asset) {
            asset.clear_owners();
            auto& share = *asset.add_owners();
            share.set_organisation("OW1");
            share.set_basis_points(10'000);
            asset.set_open_objections(counted);
            asset.set_status(status);
        });
    };
    wire::ObjectionRecord objection;
    objection.set_state(wire::OBJECTION_APPEALED);
    store(world.state(), keys::objection(kAsset, "US"), objection);
    with(1, wire::ASSET_OBJECTED);
    CHECK(planted(world) == "");
    with(0, wire::ASSET_CERTIFIED);
    CHECK(is_breach(planted(world), "objections_counted", "asset/" + kAsset));
    with(2, wire::ASSET_OBJECTED);
    CHECK(is_breach(planted(world), "objections_counted", "asset/" + kAsset));
    with(1, wire::ASSET_CERTIFIED);
    CHECK(is_breach(planted(world), "objections_counted", "asset/" + kAsset));
    with(1, wire::ASSET_OBJECTED);
    store(world.state(), keys::objection("ELSEWHERE", "US"), objection);
    CHECK(is_breach(planted(world), "objections_counted", "asset/ELSEWHERE"));
}

TEST_CASE("A parent that became narrower than its grants is found", "[contracts][whole_state]") {
    World world;
    wire::GrantRecord parent = grant(100, 200);
    parent.set_delegation_depth(2);
    put_grant(world.state(), "G-1", parent);
    wire::GrantRecord child = grant(100, 200);
    child.set_grantor("US");
    child.set_parent("G-1");
    put_grant(world.state(), "G-2", child);
    CHECK(planted(world) == "");
    SECTION("narrower") {
        parent.set_valid_until_ms(199);
        // The transaction that does it passes: only grants that changed are looked at.
        CHECK(breach_of(world, [&](Overlay& overlay) {
                  store(overlay, keys::grant("G-1"), parent);
              }).empty());
        store(world.state(), keys::grant("G-1"), parent);
        CHECK(is_breach(planted(world), "grant_within_parent", "grant/G-2"));
    }
    SECTION("gone") {
        world.state().erase(keys::grant("G-1"));
        CHECK(is_breach(planted(world), "grant_within_parent", "grant/G-2"));
    }
    SECTION("in a circle") {
        parent.set_parent("G-2");
        parent.set_grantor("US");
        store(world.state(), keys::grant("G-1"), parent);
        CHECK(is_breach(planted(world), "grant_within_parent", "grant/G-1"));
    }
    SECTION("deeper than any grant may be passed on") {
        parent.set_delegation_depth(9);
        store(world.state(), keys::grant("G-1"), parent);
        CHECK(is_breach(planted(world), "grant_within_parent", "grant/G-1"));
    }
}

TEST_CASE("Exclusive grants that clash on any page are found", "[contracts][whole_state]") {
    World world;
    put_grant(world.state(), "G-1", grant(100, 200), 1);
    put_grant(world.state(), "G-2", grant(200, 300));
    CHECK(planted(world) == "");
    SECTION("with a grant of an older page") {
        // The transaction that does it passes: it looks at the newest page.
        CHECK(breach_of(world, [&](Overlay& overlay) {
                  put_grant(overlay, "G-3", grant(199, 200, true));
              }).empty());
        put_grant(world.state(), "G-3", grant(199, 200, true));
        CHECK(is_breach(planted(world), "exclusive_grants", "grant/G-1"));
    }
    SECTION("of another action, after a revocation, or resting on the other") {
        wire::GrantRecord other = grant(100, 200, true);
        other.clear_actions();
        other.add_actions(wire::LIST);
        put_grant(world.state(), "G-3", other);
        wire::GrantRecord revoked = grant(100, 200, true);
        revoked.set_revoked_ms(100);
        put_grant(world.state(), "G-4", revoked);
        wire::GrantRecord top = grant(300, 400, true);
        top.set_delegation_depth(2);
        put_grant(world.state(), "G-5", top);
        wire::GrantRecord child = grant(300, 400, true);
        child.set_grantor("US");
        child.set_parent("G-5");
        child.set_delegation_depth(1);
        put_grant(world.state(), "G-6", child);
        CHECK(planted(world) == "");
        // Beside the child, which it does not rest on, though both rest on the same.
        child.set_delegation_depth(0);
        put_grant(world.state(), "G-7", child);
        CHECK(is_breach(planted(world), "exclusive_grants", "grant/G-6"));
    }
    SECTION("that no list names") {
        store(world.state(), keys::grant("G-3"), grant(100, 200, true));
        CHECK(is_breach(planted(world), "exclusive_grants", "grant/G-3"));
    }
    SECTION("on a page that no list counts") {
        store(world.state(), keys::grant("G-3"), grant(100, 200, true));
        wire::GrantIndexRecord page;
        page.add_grants("G-3");
        store(world.state(), keys::grants(kAsset, 2), page);
        CHECK(is_breach(planted(world), "exclusive_grants", "grant/G-3"));
    }
    SECTION("that the list of exclusive ones leaves out") {
        put_grant(world.state(), "G-3", grant(300, 400, true));
        change<wire::GrantIndexRecord>(world, keys::grants(kAsset),
                                       [](auto& index) { index.clear_exclusive(); });
        CHECK(is_breach(planted(world), "exclusive_grants", "grants/" + kAsset));
    }
    SECTION("a page that is missing, and a name twice") {
        change<wire::GrantIndexRecord>(world, keys::grants(kAsset),
                                       [](auto& index) { index.add_grants("G-2"); });
        CHECK(is_breach(planted(world), "exclusive_grants", "grants/" + kAsset));
        world.state().erase(keys::grants(kAsset, 1));
        CHECK(is_breach(planted(world), "exclusive_grants", "grants/" + kAsset));
    }
}

TEST_CASE("An escrow without its order and an order without its escrow are found",
          "[contracts][whole_state]") {
    World world;
    put_orders(world);
    SECTION("an order that was closed") {
        store(world.state(), keys::order("O-open"), order("O-open", wire::REFUNDED));
        CHECK(is_breach(planted(world), "escrow_of_orders", "order/O-open"));
    }
    SECTION("an order that is gone") {
        world.state().erase(keys::order("O-open"));
        CHECK(is_breach(planted(world), "escrow_of_orders", "escrow/O-open"));
    }
    SECTION("an escrow that went to its owner") {
        world.state().erase(keys::escrow("O-open"));
        credit(world.state(), "OW2", "CNY", Amount(100));
        CHECK(is_breach(planted(world), "escrow_of_orders", "order/O-open"));
    }
}

TEST_CASE("A settlement that does not hang together is found", "[contracts][whole_state]") {
    World world;
    put_orders(world);
    const auto edit = [&](auto change_order) {
        change<wire::OrderRecord>(world, keys::order("O-settled"), change_order);
    };
    SECTION("payments beyond the price") {
        edit([](auto& record) { *record.add_paid() = record.paid(0); });
        CHECK(is_breach(planted(world), "one_settlement", "order/O-settled"));
    }
    SECTION("another's grant") {
        edit([](auto& record) { record.set_usage_grant("G-none"); });
        CHECK(is_breach(planted(world), "one_settlement", "order/O-settled"));
    }
    SECTION("paid out and refunded") {
        edit([](auto& record) { record.set_status(wire::REFUNDED); });
        CHECK(is_breach(planted(world), "one_settlement", "order/O-settled"));
    }
    SECTION("a second grant") {
        wire::GrantRecord second = grant(10, 20);
        second.set_order("O-settled");
        put_grant(world.state(), "G-second", second);
        CHECK(is_breach(planted(world), "one_settlement", "grant/G-second"));
    }
}

TEST_CASE("Records that do not parse are a failure of the data, not of the program",
          "[contracts][whole_state]") {
    World world;
    put_orders(world);
    const std::string key =
        GENERATE(as<std::string>(), "governance", "organisation/US", "key/00", "sector/S01",
                 "franchise/F", "asset/A", "grant/G-settled", "grants/530000S0100000001S",
                 "order/O-open", "escrow/O-open", "balance/OW2/CNY", "supply/CNY");
    world.state().put(key, "\xFF");
    CHECK(whole_breach_of(world.state()).find(key + ": does not parse") != std::string::npos);
}

}  // namespace sanquan::contracts::testing
