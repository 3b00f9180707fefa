// SubmitBid: a sealed bid, one per organisation, between the opening and the close of bidding; only
// of organisations that could act before the tender was opened.
#include <algorithm>

#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/records.h"
#include "contracts/rules.h"
#include "contracts/tender.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

// Whoever enters bidders, or gives them keys, could otherwise still make some once it is known what
// there is to win. Within one block the times do not tell what came first, so it is too late; the
// members of genesis came before every block.
Verdict check_entered(const Context& context, const wire::TenderRecord& tender,
                      const ReadView& view) {
    const auto bidder =
        load_existing<wire::OrganisationRecord>(view, keys::organisation(context.sender));
    const bool of_genesis = bidder.registered_by().empty() && bidder.claimed_ms() == 0;
    const std::uint64_t entered = std::max(bidder.registered_ms(), bidder.claimed_ms());
    if (of_genesis || entered < tender.opened_ms()) {
        return kPass;
    }
    std::vector<Fact> facts = {fact("bidder", context.sender),
                               fact("registered", TimeMs{bidder.registered_ms()})};
    if (bidder.claimed_ms() != 0) {
        facts.push_back(fact("claimed", TimeMs{bidder.claimed_ms()}));
    }
    return refuse(Code::kBidderRegisteredLate, std::move(facts),
                  {fact("registered_and_claimed_before", TimeMs{tender.opened_ms()})});
}

}  // namespace

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
    SANQUAN_TRY_PASS(check_entered(context, *tender, view));
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
