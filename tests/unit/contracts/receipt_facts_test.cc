// Goal: facts of a receipt stay small however much a rule has to say, since a refused sender pays
// nothing for them. Method: a delegate asks for a licence that breaks every one of 16 long constraints.
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

constexpr std::size_t kFactsBytes = 1'024;
constexpr std::uint64_t kUntil = 2'000'000'000'000;

// A certified asset and a right of X-BANK to license it for 16 purposes at once.
StateWrites asset_with_grant(const std::string& code) {
    wire::AssetRecord asset;
    asset.set_status(wire::ASSET_CERTIFIED);
    asset.set_certificate_until_ms(kUntil);
    wire::GrantRecord grant;
    grant.set_asset(code);
    grant.set_holder("X-BANK");
    grant.set_right(wire::OPERATION_MANAGEMENT);
    grant.add_actions(wire::SUBLICENSE);
    grant.set_valid_until_ms(kUntil);
    grant.set_delegation_depth(1);
    for (char letter = 'a'; letter < 'a' + 16; ++letter) {
        wire::Constraint& constraint = *grant.add_constraints();
        constraint.set_left_operand("purpose");
        constraint.set_operator_("eq");
        constraint.add_right_operand(std::string(128, letter));
    }
    return {{keys::asset(code), encode(asset)}, {keys::grant("G-1"), encode(grant)}};
}

}  // namespace

TEST_CASE("a receipt names as many facts as fit and no more", "[contracts][apply_block]") {
    const Genesis genesis = testing::decoded_sample();
    testing::MapView state(*genesis_state(genesis));
    const std::string code = format({"530000", "S01", 1});
    state.apply(asset_with_grant(code));
    wire::Operation operation;
    auto& terms = *operation.mutable_grant_right();
    terms.set_asset(code);
    terms.set_holder("X-US");
    terms.set_parent("G-1");
    terms.set_right(wire::USAGE);
    terms.add_actions(wire::USE);
    terms.set_valid_from_ms(genesis.message.time_ms());
    terms.set_valid_until_ms(genesis.message.time_ms() + 60'000);
    const Transaction transaction = testing::signed_transaction(
        genesis, testing::body_of(genesis, "X-BANK", {operation}), {"X-BANK"});
    const BlockContext context{genesis.chain, Height{1}, TimeMs{genesis.message.time_ms() + 1}};
    const BlockResult block = apply_block(context, {&transaction}, state);

    const auto receipt = decode<wire::Receipt>(block.receipts.at(0), 1U << 20U);
    REQUIRE(receipt.has_value());
    REQUIRE(receipt->results_size() == 1);
    const wire::OperationResult& result = receipt->results(0);
    CHECK(result.code() == static_cast<std::uint32_t>(Code::kConstraintWidened));
    std::size_t bytes = 0;
    for (const auto* facts : {&result.facts(), &result.would_pass()}) {
        for (const wire::Fact& fact : *facts) {
            bytes += fact.name().size() + fact.value().size();
        }
    }
    // All 16 constraints would take more than twice the room; what is said fills most of it.
    CHECK(bytes <= kFactsBytes);
    CHECK(bytes > kFactsBytes / 2);
    CHECK(result.would_pass_size() > 1);
    CHECK(result.would_pass_size() < 16);
}

}  // namespace sanquan::contracts
