// RevealBid: a bidder opens its sealed bid; a bid that stays closed cannot win.
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/records.h"
#include "contracts/tender.h"
#include "ledger/model/bid_commitment.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

constexpr std::size_t kSaltBytes = 32;

}  // namespace

Verdict RevealBid::preflight(const Operation& operation, const Context& /*context*/) {
    SANQUAN_TRY_PASS(check_money(operation.price()));
    SANQUAN_TRY_PASS(check_digest("proposal", operation.proposal()));
    if (operation.salt().size() != kSaltBytes) {
        return refuse(Code::kBadLength, {fact("field", "salt")}, {fact("bytes", kSaltBytes)});
    }
    return kPass;
}

Verdict RevealBid::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    Verdict verdict;
    const auto tender = open_tender(view, operation.tender(), verdict);
    if (!tender) {
        return verdict;
    }
    if (context.time.value < tender->terms().bids_close_ms() ||
        context.time.value >= tender->terms().reveal_ends_ms()) {
        return refuse(Code::kRevealNotOpen, {fact("now", context.time)},
                      {fact("from", TimeMs{tender->terms().bids_close_ms()}),
                       fact("before", TimeMs{tender->terms().reveal_ends_ms()})});
    }
    const auto bid = load<wire::BidRecord>(view, keys::bid(operation.tender(), context.sender));
    if (!bid) {
        return refuse(Code::kBidUnknown, {fact("bidder", context.sender)});
    }
    if (bid->revealed()) {
        return refuse(Code::kBidRevealed, {fact("bidder", context.sender)});
    }
    const Digest commitment = bid_commitment(context.chain, context.sender, operation);
    if (bid->commitment() != commitment.view()) {
        return refuse(Code::kBidMismatch, {hex_fact("committed", bid->commitment()),
                                           hex_fact("revealed", commitment.view())});
    }
    return require_currency(view, operation.price().currency());
}

Outcome RevealBid::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    const Bytes key = keys::bid(operation.tender(), context.sender);
    auto bid = load_existing<wire::BidRecord>(overlay, key);
    bid.set_revealed(true);
    *bid.mutable_price() = operation.price();
    bid.set_proposal(operation.proposal());
    store(overlay, key, bid);
    return {operation.tender(),
            {fact("price", amount_of(operation.price())),
             fact("currency", operation.price().currency())}};
}

}  // namespace sanquan::contracts
