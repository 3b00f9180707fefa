#include "contracts/market_rules.h"

#include <algorithm>
#include <array>
#include <limits>

#include "contracts/asset_rules.h"
#include "contracts/balances.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/grants.h"
#include "contracts/odrl.h"
#include "contracts/records.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

Verdict require_party(const Context& context, Code code, const std::string& wanted) {
    if (context.sender == wanted) {
        return kPass;
    }
    return refuse(code, {fact("sender", context.sender)}, {fact("sender", wanted)});
}

}  // namespace

Found<wire::ListingRecord> find_listing(const ReadView& view, const std::string& id) {
    auto record = load<wire::ListingRecord>(view, keys::listing(id));
    if (!record) {
        return {{}, refuse(Code::kListingUnknown, {fact("listing", id)})};
    }
    return {std::move(*record), kPass};
}

Found<wire::OrderRecord> find_order(const ReadView& view, const std::string& id) {
    auto record = load<wire::OrderRecord>(view, keys::order(id));
    if (!record) {
        return {{}, refuse(Code::kOrderUnknown, {fact("order", id)})};
    }
    return {std::move(*record), kPass};
}

Verdict require_order_status(const wire::OrderRecord& order, wire::OrderStatus wanted) {
    if (order.status() == wanted) {
        return kPass;
    }
    return refuse(Code::kOrderStatus,
                  {fact("order.status", wire::OrderStatus_Name(order.status()))},
                  {fact("order.status", wire::OrderStatus_Name(wanted))});
}

Verdict require_buyer(const wire::OrderRecord& order, const Context& context) {
    return require_party(context, Code::kNotTheBuyer, order.buyer());
}

Verdict require_seller(const wire::OrderRecord& order, const Context& context) {
    return require_party(context, Code::kNotTheSeller, order.seller());
}

Verdict require_exchange(const ReadView& view, const Context& context,
                         const wire::OrderRecord& order) {
    SANQUAN_TRY_PASS(require_party(context, Code::kNotTheExchange, order.exchange()));
    if (holds_role(view, context, order.exchange(), wire::EXCHANGE)) {
        return kPass;
    }
    return refuse(Code::kNotTheExchange, {fact("exchange", order.exchange())},
                  {fact("exchange", "an organisation with the role exchange")});
}

Verdict require_arbiter(const ReadView& view, const Context& context,
                        const wire::OrderRecord& order) {
    const bool is_absent = !holds_role(view, context, order.exchange(), wire::EXCHANGE) ||
                           context.time.value > order.acceptance_deadline_ms();
    if (is_absent && holds_role(view, context, context.sender, wire::INFORMATISATION_AUTHORITY)) {
        return kPass;
    }
    return require_exchange(view, context, order);
}

Verdict require_before(std::string_view name, TimeMs deadline, TimeMs time) {
    if (time <= deadline) {
        return kPass;
    }
    return refuse(Code::kOrderDeadline, {fact("block_time", time), fact(name, deadline)});
}

Verdict require_open(const ReadView& view, const Context& context,
                     const wire::ListingRecord& listing) {
    if (listing.status() != wire::LISTED) {
        return refuse(Code::kListingStatus,
                      {fact("listing.status", wire::ListingStatus_Name(listing.status()))},
                      {fact("listing.status", "LISTED")});
    }
    if (context.time.value >= listing.terms().valid_until_ms()) {
        return refuse(Code::kListingEnded, {fact("block_time", context.time)},
                      {fact("block_time before", TimeMs{listing.terms().valid_until_ms()})});
    }
    SANQUAN_TRY_PASS(require_not_frozen(view, context, keys::listing(listing.id())));
    return require_active(view, context, listing.seller());
}

Verdict require_franchise(const ReadView& view, const Context& context, std::string_view sector,
                          const std::string& seller) {
    const auto record = load<wire::SectorRecord>(view, keys::sector(sector));
    if (!record) {
        return kPass;
    }
    for (const auto& id : record->franchises()) {
        const auto franchise = load<wire::FranchiseRecord>(view, keys::franchise(id));
        if (franchise && franchise->exclusive() && franchise->platform() != seller &&
            context.time.value >= franchise->valid_from_ms() &&
            context.time.value < franchise->valid_until_ms()) {
            return refuse(Code::kFranchiseNeeded,
                          {fact("sector", sector), fact("seller", seller), fact("franchise", id)},
                          {fact("seller", franchise->platform())});
        }
    }
    return kPass;
}

Verdict require_selling_right(const ReadView& view, const Context& context,
                              const wire::CreateListing& terms, const std::string& seller) {
    SANQUAN_TRY_PASS(
        may_act_under(view, context, terms.grant(), seller, terms.asset(), wire::LIST));
    return may_act_under(view, context, terms.grant(), seller, terms.asset(), wire::PRICE);
}

Verdict check_price(const wire::Money& price) {
    SANQUAN_TRY_PASS(check_money(price));
    if (amount_of(price).is_zero()) {
        return refuse(Code::kModePrice, {fact("price", price_text(price))},
                      {fact("price", "above 0")});
    }
    return kPass;
}

std::vector<std::string> purposes_of(const wire::CreateListing& terms, const std::string& purpose) {
    std::vector<std::string> purposes(terms.purposes().begin(), terms.purposes().end());
    const auto named = named_purposes(terms.constraints());
    purposes.insert(purposes.end(), named.begin(), named.end());
    if (!purpose.empty()) {
        purposes.push_back(purpose);
    }
    return purposes;
}

bool same_price(const wire::Money& a, const wire::Money& b) {
    return a.currency() == b.currency() && a.amount() == b.amount();
}

std::string price_text(const wire::Money& money) {
    return money.currency().empty() ? "none"
                                    : money.currency() + " " + amount_of(money).to_string();
}

wire::GrantRight usage_terms(const wire::ListingRecord& listing, const std::string& buyer,
                             TimeMs time) {
    const auto& terms = listing.terms();
    wire::GrantRight right;
    right.set_asset(terms.asset());
    right.set_holder(buyer);
    right.set_right(wire::USAGE);
    *right.mutable_actions() = terms.actions();
    right.set_exclusive(terms.exclusive());
    right.set_valid_from_ms(time.value);
    // A term that would wrap ends with time itself: longer than any rule allows, so it is refused.
    const std::uint64_t left = std::numeric_limits<std::uint64_t>::max() - time.value;
    right.set_valid_until_ms(time.value + std::min(left, terms.licence_term_ms()));
    right.set_parent(terms.grant());
    *right.mutable_constraints() = terms.constraints();
    return right;
}

void reach_stage(Overlay& overlay, const std::string& asset, wire::Stage stage) {
    if (load_existing<wire::AssetRecord>(overlay, keys::asset(asset)).stage() < stage) {
        advance_stage(overlay, asset, stage);
    }
}

Amount release_escrow(Overlay& overlay, const wire::OrderRecord& order) {
    const auto key = keys::escrow(order.id());
    const auto escrow = load<wire::EscrowRecord>(overlay, key);
    if (!escrow) {
        return Amount();
    }
    overlay.erase(key);
    return amount_of(escrow->money());
}

Verdict order_hindrance(const ReadView& view, const Context& context,
                        const wire::OrderRecord& order) {
    const auto listing = find_listing(view, order.listing()).record;
    const auto terms = usage_terms(listing, order.buyer(), context.time);
    SANQUAN_TRY_PASS(check_grant({terms, order.seller(), 0, order.id()}, context, view));
    return order.status() == wire::FUNDED ? tradable(view, context, order.asset(),
                                                     purposes_of(listing.terms(), order.purpose()))
                                          : kPass;
}

bool is_passing_hindrance(Code code) {
    // An id that is taken is the bad luck of one transaction.
    constexpr auto kPassing =
        std::to_array({Code::kSubjectFrozen, Code::kPartyFrozen, Code::kAssetSuspended,
                       Code::kAssetObjected, Code::kGrantNotYetValid, Code::kIdTaken});
    return std::find(kPassing.begin(), kPassing.end(), code) != kPassing.end();
}

Outcome refund(Overlay& overlay, wire::OrderRecord order, const Context& context) {
    const Amount held = release_escrow(overlay, order);
    if (!held.is_zero()) {
        credit(overlay, order.buyer(), order.price().currency(), held);
    }
    order.set_status(wire::REFUNDED);
    order.set_settled_ms(context.time.value);
    store(overlay, keys::order(order.id()), order);
    return {order.id(),
            {fact("status", "REFUNDED"),
             fact("refund", order.price().currency() + " " + held.to_string())}};
}

}  // namespace sanquan::contracts
