// SubmitBid: a sealed bid, one per organisation, between the opening and the close of bidding; only
// of organisations that were registered when the tender was opened.
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/records.h"
#include "contracts/rules.h"
#include "contracts/tender.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {

Verdict SubmitBid::preflight(const Operation& operation, const Context& /*context*/) {
    return check_digest("commitment", operation.commitment());
}

Verdict SubmitBid::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    Verdict verdict;
    const auto tender = open_tender(view, operation.tender(), verdict);
    if (!tender) {
        return verdict;
    }
    if (tender->organiser() == context.sender ||
        holds_role(view, context, context.sender, wire::SECTOR_AUTHORITY,
                   tender->terms().sector())) {
        return refuse(Code::kOrganiserCannotBid, {fact("sector", tender->terms().sector())});
    }
    if (context.time.value < tender->terms().bids_open_ms() ||
        context.time.value >= tender->terms().bids_close_ms()) {
        return refuse(Code::kBiddingNotOpen, {fact("now", context.time)},
                      {fact("from", TimeMs{tender->terms().bids_open_ms()}),
                       fact("before", TimeMs{tender->terms().bids_close_ms()})});
    }
    // Whoever enters bidders could otherwise still make some once it is known what there is to win.
    const auto bidder =
        load_existing<wire::OrganisationRecord>(view, keys::organisation(context.sender));
    if (bidder.registered_ms() > tender->opened_ms()) {
        return refuse(
            Code::kBidderRegisteredLate,
            {fact("bidder", context.sender), fact("registered", TimeMs{bidder.registered_ms()})},
            {fact("registered_not_after", TimeMs{tender->opened_ms()})});
    }
    if (exists(view, keys::bid(operation.tender(), context.sender))) {
        return refuse(Code::kBidExists, {fact("bidder", context.sender)});
    }
    const std::uint64_t most = parameter(view, context, Parameter::kTenderBidsMax);
    return tender->bids() < most ? kPass
                                 : refuse(Code::kTooManyBids, {fact("bids", tender->bids())});
}

Outcome SubmitBid::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    wire::BidRecord bid;
    bid.set_commitment(operation.commitment());
    bid.set_submitted_ms(context.time.value);
    store(overlay, keys::bid(operation.tender(), context.sender), bid);
    auto tender = load_existing<wire::TenderRecord>(overlay, keys::tender(operation.tender()));
    tender.set_bids(tender.bids() + 1);
    store(overlay, keys::tender(operation.tender()), tender);
    return {operation.tender(), {fact("bids", tender.bids())}};
}

}  // namespace sanquan::contracts
