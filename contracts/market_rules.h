// Questions that several market contracts ask: the record behind an id, who may act, what a price is worth.
#pragma once

#include <string>
#include <vector>

#include "contracts/contract.h"
#include "ledger/base/amount.h"
#include "ledger/codec/operations_asset.pb.h"
#include "ledger/codec/state_market.pb.h"

namespace sanquan::contracts {

// The record, or the refusal to give.
template <typename Record>
struct Found {
    Record record;
    Verdict refusal;
};

Found<wire::ListingRecord> find_listing(const ReadView& view,
                                        const std::string& id);  // kListingUnknown
Found<wire::OrderRecord> find_order(const ReadView& view, const std::string& id);  // kOrderUnknown

Verdict require_order_status(const wire::OrderRecord& order,
                             wire::OrderStatus wanted);                          // kOrderStatus
Verdict require_buyer(const wire::OrderRecord& order, const Context& context);   // kNotTheBuyer
Verdict require_seller(const wire::OrderRecord& order, const Context& context);  // kNotTheSeller
// The sender is the order's exchange and holds the role now: kNotTheExchange.
Verdict require_exchange(const ReadView& view, const Context& context,
                         const wire::OrderRecord& order);
// As above, or the sender is the informatisation authority and the exchange lost its role or stayed
// silent past the acceptance deadline: kNotTheExchange.
Verdict require_arbiter(const ReadView& view, const Context& context,
                        const wire::OrderRecord& order);

// kOrderDeadline when `time` lies after the deadline.
Verdict require_before(std::string_view name, TimeMs deadline, TimeMs time);

// Passes when orders and negotiations may start on the listing: listed, within its term, and neither
// it nor its seller frozen. kListingStatus, kListingEnded, kSubjectFrozen and codes of require_active.
Verdict require_open(const ReadView& view, const Context& context,
                     const wire::ListingRecord& listing);

// kFranchiseNeeded when somebody else holds an exclusive franchise of the sector in force.
Verdict require_franchise(const ReadView& view, const Context& context, std::string_view sector,
                          const std::string& seller);

// The seller holds the listing's grant, live, with LIST and PRICE: codes of may_act_under.
Verdict require_selling_right(const ReadView& view, const Context& context,
                              const wire::CreateListing& terms, const std::string& seller);

// A canonical amount above zero with a currency. kModePrice and the codes of check_money.
Verdict check_price(const wire::Money& price);

// Every purpose that the licence may serve, for the reviews that it asks for: those of the listing,
// those that its constraints name, and `purpose`, the order's, unless it is empty.
std::vector<std::string> purposes_of(const wire::CreateListing& terms,
                                     const std::string& purpose = {});

// The split has a share for everyone who owns the asset or a source of it now, and OWNER shares for
// nobody else: kSplitPayee, kNoOwnerShare.
Verdict check_owners_paid(const ReadView& view, const wire::CreateListing& listing,
                          const std::string& seller);

bool same_price(const wire::Money& a, const wire::Money& b);

// "CNY 120000", in minor units, as receipts show it.
std::string price_text(const wire::Money& money);

// The usage right that a purchase at `time` gives the buyer.
wire::GrantRight usage_terms(const wire::ListingRecord& listing, const std::string& buyer,
                             TimeMs time);

// Moves the asset on to `stage`, unless an earlier order has taken it there or further.
void reach_stage(Overlay& overlay, const std::string& asset, wire::Stage stage);

// Ends the order's escrow and returns what it held, for paying out.
Amount release_escrow(Overlay& overlay, const wire::OrderRecord& order);

// Why the order cannot come to its end at the block's time; passes while it can. What the buyer would
// be granted, and before the delivery also whether the data may be traded at all (a bar that came
// later does not undo a delivery). Codes of check_grant and tradable.
Verdict order_hindrance(const ReadView& view, const Context& context,
                        const wire::OrderRecord& order);

// Whether a hindrance ends by itself or by an authority's word: a freeze, a suspension, an objection,
// a grant that has not begun.
bool is_passing_hindrance(Code code);

// Returns the escrow to the buyer and closes the order.
Outcome refund(Overlay& overlay, wire::OrderRecord order, const Context& context);

}  // namespace sanquan::contracts
