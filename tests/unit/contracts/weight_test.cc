// Goal: operations that read many records count for more, so that a block of them stays executable.
// Method: bodies at the limit of a transaction's weight, and one operation beyond it. What they read
// is counted by reads_test.cc.
#include "ledger/base/limits.h"
#include "tests/support/catch.h"
#include "tests/unit/contracts/signed_transaction.h"

namespace sanquan::testing {
namespace {

wire::Operation grant(bool exclusive) {
    wire::Operation operation;
    operation.mutable_grant_right()->set_asset("530000S0100000001S");
    operation.mutable_grant_right()->set_exclusive(exclusive);
    return operation;
}

template <typename Operation>
wire::Operation empty(Operation* (wire::Operation::*mutable_of)()) {
    wire::Operation operation;
    (operation.*mutable_of)();
    return operation;
}

std::size_t weight(const std::vector<wire::Operation>& operations) {
    return weight_of(body_of(decoded_sample(), "X-BANK", operations));
}

std::string decoded(const std::vector<wire::Operation>& operations) {
    const Genesis genesis = decoded_sample();
    const auto transaction = decode_transaction(
        sign(genesis, body_of(genesis, "X-BANK", operations), {"X-BANK"}), genesis.chain);
    return transaction ? std::to_string(transaction->weight)
                       : std::string(text(transaction.error().code));
}

}  // namespace

TEST_CASE("an operation weighs what it may read", "[contracts][weight]") {
    CHECK(weight({issue("X-OW", 1, "a")}) == 1);
    CHECK(weight({grant(/*exclusive=*/false)}) == 16);
    CHECK(weight({grant(/*exclusive=*/true)}) == 64);
    CHECK(weight({empty(&wire::Operation::mutable_place_order)}) == 16);
    CHECK(weight({empty(&wire::Operation::mutable_settle_order)}) == 16);
    CHECK(weight({empty(&wire::Operation::mutable_aggregate_assets)}) == 16);
    CHECK(weight({empty(&wire::Operation::mutable_trade_ownership)}) == 1);
    CHECK(weight({empty(&wire::Operation::mutable_review_grading)}) == 16);
    CHECK(weight({empty(&wire::Operation::mutable_declare_stage_not_needed)}) == 16);
    CHECK(weight({empty(&wire::Operation::mutable_create_listing)}) == 16);
    CHECK(weight({empty(&wire::Operation::mutable_deliver)}) == 16);
    CHECK(weight({empty(&wire::Operation::mutable_cancel_order)}) == 16);
    CHECK(weight({empty(&wire::Operation::mutable_record_application)}) == 16);
    CHECK(weight({empty(&wire::Operation::mutable_add_key)}) == 1 + limits::kKeyWeight);
    CHECK(weight({issue("X-OW", 1, "a"), grant(false), grant(true)}) == 81);
}

TEST_CASE("an operation weighs more in the form that reads more", "[contracts][weight]") {
    wire::Operation use;
    use.mutable_record_use()->set_grant("G-1");
    CHECK(weight({use}) == 1);
    use.mutable_record_use()->mutable_paid();
    CHECK(weight({use}) == 16);
    wire::Operation change;
    for (const auto kind : {wire::APPROVE, wire::UNPAUSE}) {
        change.mutable_change_listing()->set_change(kind);
        CHECK(weight({change}) == 16);
    }
    for (const auto kind : {wire::PAUSE, wire::DELIST, wire::REVOKE_LISTING}) {
        change.mutable_change_listing()->set_change(kind);
        CHECK(weight({change}) == 1);
    }
    wire::Operation licence;
    licence.mutable_license_asset();
    CHECK(weight({licence}) == 16);
    licence.mutable_license_asset()->set_grant("G-1");
    CHECK(weight({licence}) == 1);
    wire::Operation processing;
    processing.mutable_process_asset();
    CHECK(weight({processing}) == 16);
    processing.mutable_process_asset()->set_grant("G-1");
    CHECK(weight({processing}) == 1);
}

TEST_CASE("a hundred sales in a transaction weigh a hundred", "[contracts][weight]") {
    const std::vector sales(100, empty(&wire::Operation::mutable_trade_ownership));
    CHECK(decoded(sales) == "100");
}

TEST_CASE("a transaction of grants is refused beyond its weight", "[contracts][weight]") {
    const std::size_t grants = limits::kWeightPerTransactionMax / 16;
    CHECK(decoded(std::vector(grants, grant(false))) == std::to_string(16 * grants));
    CHECK(decoded(std::vector(grants + 1, grant(false))) == "TRANSACTION_TOO_LARGE");
    const std::size_t exclusive = limits::kWeightPerTransactionMax / 64;
    CHECK(decoded(std::vector(exclusive, grant(true))) == std::to_string(64 * exclusive));
    CHECK(decoded(std::vector(exclusive + 1, grant(true))) == "TRANSACTION_TOO_LARGE");
}

}  // namespace sanquan::testing
