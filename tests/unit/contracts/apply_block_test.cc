// Goal: a block does the same everywhere; ATOMIC is all or nothing, INDEPENDENT each alone; what
// breaks an invariant is undone. Method: blocks of transfers by the settlement bank on the sample
// genesis.
#include "contracts/apply_block.h"

#include "contracts/admission.h"
#include "contracts/balances.h"
#include "contracts/invariants/invariant.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/key_possession.h"
#include "ledger/model/state_keys.h"
#include "ledger/model/wire_keys.h"
#include "tests/support/catch.h"
#include "tests/unit/contracts/signed_transaction.h"

namespace sanquan::contracts {
namespace {

using testing::body_of;
using testing::issue;
using testing::MapView;
using testing::signed_transaction;

struct Fixture {
    Genesis genesis = testing::decoded_sample();
    MapView state{*genesis_state(genesis)};

    BlockResult apply(const std::vector<Transaction>& transactions, std::uint64_t height = 1) {
        std::vector<const Transaction*> pointers;
        for (const auto& transaction : transactions) {
            pointers.push_back(&transaction);
        }
        const BlockContext context{genesis.chain, Height{height},
                                   TimeMs{genesis.message.time_ms() + height}};
        return apply_block(context, pointers, state);
    }
    Transaction bank(const std::vector<wire::Operation>& operations, wire::Mode mode) const {
        auto body = body_of(genesis, "X-BANK", operations);
        body.set_mode(mode);
        return signed_transaction(genesis, body, {"X-BANK"});
    }
};

std::vector<wire::Receipt> receipts_of(const BlockResult& block) {
    std::vector<wire::Receipt> receipts;
    for (const Bytes& bytes : block.receipts) {
        auto receipt = decode<wire::Receipt>(bytes, 1U << 20U);
        REQUIRE(receipt.has_value());
        receipts.push_back(std::move(*receipt));
    }
    return receipts;
}

std::string code_text(std::uint32_t number) {
    const auto code = code_from_number(number);
    REQUIRE(code.has_value());
    return std::string(text(*code));
}

}  // namespace

TEST_CASE("an empty block writes nothing", "[contracts][apply_block]") {
    const BlockResult block = Fixture().apply({});
    CHECK(block.writes.empty());
    CHECK(block.receipts.empty());
    CHECK(block.valid);
}

TEST_CASE("operations of a block see each other's writes", "[contracts][apply_block]") {
    Fixture fixture;
    const auto block = fixture.apply({
        fixture.bank({issue("X-OW", 5, "a"), issue("X-OW", 6, "b")}, wire::ATOMIC),
        fixture.bank({issue("X-OW", 7, "c")}, wire::INDEPENDENT),
    });
    const auto receipts = receipts_of(block);
    REQUIRE(receipts.size() == 2);
    CHECK(receipts[1].index() == 1);
    CHECK(receipts[1].height() == 1);
    CHECK(receipts[0].results(1).rule() == "money.issue");
    CHECK(receipts[0].results(1).rule_version() == 1);
    fixture.state.apply(block.writes);
    CHECK(balance_of(fixture.state, "X-OW", "CNY").to_string() == "18");
    // Balance, supply and three references: each hot key stands once.
    CHECK(block.writes.size() == 5);
}

TEST_CASE("an atomic transaction is all or nothing", "[contracts][apply_block]") {
    Fixture fixture;
    const auto block = fixture.apply({fixture.bank(
        {issue("X-OW", 5, "a"), issue("X-NOBODY", 6, "b"), issue("X-OW", 7, "c")}, wire::ATOMIC)});
    const auto receipts = receipts_of(block);
    CHECK(block.writes.empty());
    CHECK(code_text(receipts[0].code()) == "PARTY_UNKNOWN");
    REQUIRE(receipts[0].results_size() == 2);
    CHECK(code_text(receipts[0].results(0).code()) == "OK");
    CHECK(code_text(receipts[0].results(1).code()) == "PARTY_UNKNOWN");
    CHECK(receipts[0].results(1).facts(0).value() == "X-NOBODY");
}

TEST_CASE("independent operations stand alone", "[contracts][apply_block]") {
    Fixture fixture;
    const auto block = fixture.apply({fixture.bank(
        {issue("X-OW", 5, "a"), issue("X-OW", 6, "a"), issue("X-OW", 7, "c")}, wire::INDEPENDENT)});
    const auto receipts = receipts_of(block);
    CHECK(receipts[0].code() == 0);
    REQUIRE(receipts[0].results_size() == 3);
    CHECK(code_text(receipts[0].results(0).code()) == "OK");
    CHECK(code_text(receipts[0].results(1).code()) == "REFERENCE_USED");
    CHECK(code_text(receipts[0].results(2).code()) == "OK");
    fixture.state.apply(block.writes);
    CHECK(balance_of(fixture.state, "X-OW", "CNY").to_string() == "12");
}

TEST_CASE("the same block gives the same bytes", "[contracts][apply_block]") {
    Fixture fixture;
    const std::vector<Transaction> transactions = {
        fixture.bank({issue("X-OW", 5, "a"), issue("X-PC1", 6, "b")}, wire::INDEPENDENT),
        fixture.bank({issue("X-US", 1, "c")}, wire::ATOMIC)};
    const auto first = fixture.apply(transactions);
    const auto second = fixture.apply(transactions);
    CHECK(first.receipts == second.receipts);
    CHECK(first.writes == second.writes);
}

TEST_CASE("a key revoked in a block still signs in it and not in the next",
          "[contracts][apply_block]") {
    Fixture fixture;
    const SigningKey second = testing::key_of("X-BANK-2");
    wire::Operation add;
    auto& registration = *add.mutable_add_key()->mutable_key();
    *registration.mutable_key() = to_wire(second.public_key());
    registration.set_possession(
        second.sign(possession_message(fixture.genesis.chain, "X-BANK", second.public_key())));
    const auto first = fixture.apply({fixture.bank({add}, wire::ATOMIC)});
    CHECK(receipts_of(first)[0].code() == 0);
    fixture.state.apply(first.writes);

    wire::Operation revoke;
    revoke.mutable_revoke_key()->set_key_id(testing::key_of("X-BANK").id().bytes());
    revoke.mutable_revoke_key()->set_reason("lost");
    const Transaction later = fixture.bank({issue("X-OW", 5, "a")}, wire::ATOMIC);
    const auto next = fixture.apply({fixture.bank({revoke}, wire::ATOMIC), later}, 2);
    CHECK(receipts_of(next)[0].code() == 0);
    CHECK(receipts_of(next)[1].code() == 0);
    fixture.state.apply(next.writes);
    const auto admitted =
        check_admission(later, {fixture.genesis.chain, Height{3}, TimeMs{1'700'000'000'003}},
                        fixture.state, [](const PublicKey&, ByteView, ByteView) { return true; });
    REQUIRE_FALSE(admitted.has_value());
    CHECK(admitted.error().code == Code::kKeyRevoked);
}

TEST_CASE("a dry run leaves nothing and answers as the block would", "[contracts][apply_block]") {
    Fixture fixture;
    const Transaction transaction = fixture.bank({issue("X-OW", 5, "a")}, wire::ATOMIC);
    const BlockContext context{fixture.genesis.chain, Height{1},
                               TimeMs{fixture.genesis.message.time_ms() + 1}};
    const Bytes dry = dry_run(context, transaction.id, transaction.body, {"X-BANK"}, fixture.state);
    CHECK(dry == fixture.apply({transaction}).receipts[0]);
    CHECK(balance_of(fixture.state, "X-OW", "CNY").is_zero());
}

TEST_CASE("money that appears from nowhere is a breach", "[contracts][invariants]") {
    const Fixture fixture;
    Overlay overlay(fixture.state);
    credit(overlay, "X-OW", "CNY", Amount(5));
    Changes changes;
    for (const Bytes& key : overlay.touched()) {
        changes.emplace(key, overlay.before(key));
    }
    const auto breach = find_breach(changes, overlay);
    REQUIRE(breach.has_value());
    CHECK(breach->starts_with("money_conserved"));
}

TEST_CASE("overlapping exclusive franchises and an empty leading group are breaches",
          "[contracts][invariants]") {
    const Fixture fixture;
    Overlay overlay(fixture.state);
    wire::SectorRecord sector;
    for (const char* id : {"F-1", "F-2"}) {
        wire::FranchiseRecord franchise;
        franchise.set_sector("S01");
        franchise.set_exclusive(id == std::string("F-2"));
        franchise.set_valid_from_ms(10);
        franchise.set_valid_until_ms(20);
        overlay.put(keys::franchise(id), encode(franchise));
        sector.add_franchises(id);
    }
    overlay.put(keys::sector("S01"), encode(sector));
    const Changes franchises{{keys::franchise("F-2"), std::nullopt}};
    CHECK(find_breach(franchises, overlay)->starts_with("exclusive_franchises"));

    const Changes governance{{keys::governance(), overlay.get(keys::governance())}};
    overlay.put(keys::governance(), Bytes());
    CHECK(find_breach(governance, overlay)->starts_with("governance_alive"));
}

TEST_CASE("an organisation loses no key that it needs but an expired one",
          "[contracts][invariants]") {
    const Fixture fixture;
    Overlay overlay(fixture.state);
    wire::OrganisationRecord before;
    before.set_threshold(1);
    before.add_keys("k");
    wire::OrganisationRecord after = before;
    after.clear_keys();
    const Bytes name = keys::organisation("X-ONE");
    const auto breach = [&](std::uint64_t valid_until, std::uint64_t revoked) {
        wire::KeyRecord key;
        key.set_valid_until_ms(valid_until);
        key.set_revoked_ms(revoked);
        overlay.put(keys::key("k"), encode(key));
        overlay.put(name, encode(after));
        return find_breach({{name, encode(before)}}, overlay).value_or("none");
    };
    CHECK(breach(10, 10) == "none");
    CHECK(breach(10, 9).starts_with("governance_alive"));
    CHECK(breach(0, 9).starts_with("governance_alive"));
    after.set_threshold(2);
    CHECK(breach(10, 10).starts_with("governance_alive"));
}

}  // namespace sanquan::contracts
