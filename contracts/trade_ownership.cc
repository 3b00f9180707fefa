// TradeOwnership: the sole owner sells an asset; ownership and money change hands in one operation.
//
// The order of the questions is a promise to those who replay sales: the sender's reference, then
// ownership, then the counterparty, then both parties' consent, then the asset, then the funds.
#include "contracts/asset_rules.h"
#include "contracts/balances.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/mandate.h"
#include "contracts/ownership.h"
#include "contracts/records.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

constexpr ByteView kReferenceKind = "trade";

// BOUND: a sale has the weight of one operation whatever the asset rests on, since batches of sales
// are what markets send. What rests on more can be licensed, but not sold whole.
constexpr std::size_t kSourceGrantsOfSaleMax = 32;

std::string owners_text(const wire::AssetRecord& asset) {
    std::string text;
    for (const auto& share : asset.owners()) {
        text.append(text.empty() ? "" : ", ").append(share.organisation());
    }
    return text;
}

// A broker does not trade with the client in whose name it signs: it would set its own price.
Verdict check_not_broker_and_party(const wire::TradeOwnership& operation, const Context& context) {
    const auto is_client_of_sender = [&](const std::string& party, const std::string& other) {
        return other == context.sender && !context.signers.contains(party);
    };
    if (is_client_of_sender(operation.seller(), operation.buyer()) ||
        is_client_of_sender(operation.buyer(), operation.seller())) {
        const auto& party =
            operation.buyer() == context.sender ? operation.seller() : operation.buyer();
        return refuse(Code::kSignatureRequired, {fact("missing_signature_of", party)});
    }
    return kPass;
}

}  // namespace

Verdict TradeOwnership::preflight(const Operation& operation, const Context& /*context*/) {
    SANQUAN_TRY_PASS(check_money(operation.price()));
    return check_reference(operation.client_reference());
}

Verdict TradeOwnership::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    SANQUAN_TRY_PASS(
        require_unused_reference(view, context, kReferenceKind, operation.client_reference()));
    const auto asset = load<wire::AssetRecord>(view, keys::asset(operation.asset()));
    if (!asset) {
        return refuse(Code::kNoSuchAsset, {fact("asset", operation.asset())});
    }
    const std::uint32_t share = share_of(*asset, operation.seller());
    if (share != kBasisPointsWhole) {
        return refuse(Code::kSellerNotOwner,
                      {fact("seller", operation.seller()), fact("basis_points", share)},
                      {fact("seller", owners_text(*asset)),
                       fact("basis_points", static_cast<std::uint64_t>(kBasisPointsWhole))});
    }
    if (!find_organisation(view, operation.buyer())) {
        return refuse(Code::kBuyerUnknown, {fact("buyer", operation.buyer())});
    }
    if (operation.buyer() == operation.seller()) {
        return refuse(Code::kSelfTrade, {fact("party", operation.seller())});
    }
    SANQUAN_TRY_PASS(check_not_broker_and_party(operation, context));
    SANQUAN_TRY_PASS(require_consent(view, context, operation.seller(), Side::kSell,
                                     operation.asset(), operation.price()));
    SANQUAN_TRY_PASS(require_consent(view, context, operation.buyer(), Side::kBuy,
                                     operation.asset(), operation.price()));
    SANQUAN_TRY_PASS(
        ownership_tradable(view, context, operation.asset(), *asset, kSourceGrantsOfSaleMax));
    SANQUAN_TRY_PASS(require_currency(view, operation.price().currency()));
    return require_funds(view, operation.buyer(), operation.price());
}

Outcome TradeOwnership::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    transfer_ownership(overlay, operation.asset(), operation.seller(), operation.buyer());
    debit(overlay, operation.buyer(), operation.price());
    credit(overlay, operation.seller(), operation.price().currency(), amount_of(operation.price()));
    use_reference(overlay, context, kReferenceKind, operation.client_reference(),
                  operation.asset());
    return {operation.asset(),
            {fact("owner", operation.buyer()), fact("currency", operation.price().currency()),
             fact("price", amount_of(operation.price()))}};
}

}  // namespace sanquan::contracts
