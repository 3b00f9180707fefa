// Goal: in blocks of signed transactions an appeal is its sender's, counts once in a batch, and
// leaves both decisions on record. Method: one objection on the sample genesis, decided, appealed
// and decided again.
#include "contracts/apply_block.h"
#include "contracts/records.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/model/asset_code.h"
#include "ledger/model/state_keys.h"
#include "tests/support/catch.h"
#include "tests/unit/contracts/signed_transaction.h"

namespace sanquan::contracts {
namespace {

const std::string kCode = format({"530000", "S01", 1});

// A certified asset of X-OW that X-US has objected to.
StateWrites objected_asset() {
    wire::AssetRecord asset;
    asset.set_status(wire::ASSET_OBJECTED);
    asset.set_status_before(wire::ASSET_CERTIFIED);
    asset.set_open_objections(1);
    wire::OwnershipShare& owner = *asset.add_owners();
    owner.set_organisation("X-OW");
    owner.set_basis_points(10'000);
    wire::ObjectionRecord objection;
    objection.set_state(wire::OBJECTION_OPEN);
    return {{keys::asset(kCode), encode(asset)},
            {keys::objection(kCode, "X-US"), encode(objection)}};
}

wire::Operation appeal() {
    wire::Operation operation;
    auto& fields = *operation.mutable_appeal_objection();
    fields.set_asset(kCode);
    fields.set_objector("X-US");
    fields.set_reason("wrong");
    fields.set_evidence(Bytes(32, 'e'));
    return operation;
}

wire::Operation resolution(const std::string& reason) {
    wire::Operation operation;
    auto& fields = *operation.mutable_resolve_objection();
    fields.set_asset(kCode);
    fields.set_objector("X-US");
    fields.set_reason(reason);
    return operation;
}

struct Fixture {
    Genesis genesis = testing::decoded_sample();
    testing::MapView state{*genesis_state(genesis)};
    std::uint64_t time = genesis.message.time_ms();

    Fixture() { state.apply(objected_asset()); }

    // The receipt of the only transaction of the next block, a millisecond later.
    wire::Receipt run(const std::string& sender, const std::vector<wire::Operation>& operations,
                      wire::Mode mode = wire::ATOMIC, const std::string& cosigner = {}) {
        auto body = testing::body_of(genesis, sender, operations);
        body.set_mode(mode);
        std::vector<std::string> signers = {sender};
        if (!cosigner.empty()) {
            body.add_cosigners(cosigner);
            signers.push_back(cosigner);
        }
        const Transaction transaction = testing::signed_transaction(genesis, body, signers);
        const BlockContext context{genesis.chain, Height{1}, TimeMs{++time}};
        const BlockResult block = apply_block(context, {&transaction}, state);
        state.apply(block.writes);
        const auto receipt = decode<wire::Receipt>(block.receipts.at(0), 1U << 20U);
        REQUIRE(receipt.has_value());
        return *receipt;
    }
};

std::string last_code(const wire::Receipt& receipt) {
    const auto code = code_from_number(receipt.results(receipt.results_size() - 1).code());
    REQUIRE(code.has_value());
    return std::string(text(*code));
}

std::string fact_of(const wire::Receipt& receipt, const std::string& name) {
    for (const wire::Fact& fact : receipt.results(0).facts()) {
        if (fact.name() == name) {
            return fact.value();
        }
    }
    return {};
}

}  // namespace

TEST_CASE("an appeal leaves both decisions on record", "[contracts][apply_block]") {
    Fixture fixture;
    const auto first = fixture.run("X-SA1", {resolution("no ground")});
    CHECK(last_code(first) == "OK");
    CHECK_FALSE(fact_of(first, "appeal_before").empty());
    CHECK(fact_of(first, "final").empty());
    const std::uint64_t first_ms = fixture.time;
    CHECK(last_code(fixture.run("X-US", {appeal()})) == "OK");
    const std::uint64_t appeal_ms = fixture.time;
    const auto second = fixture.run("X-LG2", {resolution("no ground either")});
    CHECK(last_code(second) == "OK");
    CHECK(fact_of(second, "final") == "yes");
    CHECK(fact_of(second, "appeal_before").empty());

    const auto record = load<wire::ObjectionRecord>(fixture.state, keys::objection(kCode, "X-US"));
    REQUIRE(record);
    CHECK(record->state() == wire::OBJECTION_DISMISSED);
    CHECK(record->resolved_by() == "X-SA1");
    CHECK(record->resolution() == "no ground");
    CHECK(record->resolved_ms() == first_ms);
    CHECK(record->appeal_ends_ms() == first_ms + 30'000);
    CHECK(record->appeal().against() == wire::OBJECTION_DISMISSED);
    CHECK(record->appeal().appealed_by() == "X-US");
    CHECK(record->appeal().reason() == "wrong");
    CHECK(record->appeal().evidence() == Bytes(32, 'e'));
    CHECK(record->appeal().time_ms() == appeal_ms);
    CHECK(record->appeal().resolved_by() == "X-LG2");
    CHECK(record->appeal().resolution() == "no ground either");
    CHECK(record->appeal().resolved_ms() == fixture.time);
}

TEST_CASE("an appeal counts once in a batch and is its sender's", "[contracts][apply_block]") {
    Fixture fixture;
    CHECK(last_code(fixture.run("X-SA1", {resolution("no ground")})) == "OK");
    CHECK(last_code(fixture.run("X-BANK", {appeal()}, wire::ATOMIC, "X-US")) == "MAY_NOT_APPEAL");
    const auto asset = [&] { return *load<wire::AssetRecord>(fixture.state, keys::asset(kCode)); };

    const auto atomic = fixture.run("X-US", {appeal(), appeal()});
    CHECK(last_code(atomic) == "APPEAL_REPEATED");
    CHECK(asset().status() == wire::ASSET_CERTIFIED);
    CHECK(asset().open_objections() == 0);

    const auto independent = fixture.run("X-US", {appeal(), appeal()}, wire::INDEPENDENT);
    CHECK(independent.results(0).code() == 0);
    CHECK(last_code(independent) == "APPEAL_REPEATED");
    CHECK(asset().status() == wire::ASSET_OBJECTED);
    CHECK(asset().open_objections() == 1);
}

}  // namespace sanquan::contracts
