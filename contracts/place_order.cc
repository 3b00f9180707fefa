// PlaceOrder: a buyer takes a listing; the price moves into escrow at once.
#include <algorithm>

#include "contracts/asset_rules.h"
#include "contracts/balances.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/grants.h"
#include "contracts/market.h"
#include "contracts/market_rules.h"
#include "contracts/records.h"
#include "contracts/rules.h"
#include "ledger/base/limits.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

// An escrow is not a deposit.
Verdict check_deadline(const wire::PlaceOrder& operation, const Context& context,
                       const ReadView& view) {
    const std::uint64_t longest = parameter(view, context, Parameter::kOrderDeadlineMsMax);
    // preflight() has seen that it lies ahead.
    if (operation.acceptance_deadline_ms() - context.time.value <= longest) {
        return kPass;
    }
    return refuse(Code::kOrderDeadlines,
                  {fact("acceptance_deadline", TimeMs{operation.acceptance_deadline_ms()}),
                   fact("block_time", context.time)},
                  {parameter_fact(view, context, Parameter::kOrderDeadlineMsMax)});
}

// The negotiated price, or the listed one.
Verdict check_agreed_price(const wire::PlaceOrder& operation, const wire::ListingRecord& listing,
                           const ReadView& view, const Context& context) {
    wire::Money agreed = listing.terms().price();
    if (!operation.negotiation().empty()) {
        const auto negotiation =
            load<wire::NegotiationRecord>(view, keys::negotiation(operation.negotiation()));
        if (!negotiation || negotiation->state() != wire::FINALIZED || negotiation->used() ||
            negotiation->consumer() != context.sender ||
            negotiation->listing() != operation.listing()) {
            return refuse(Code::kNegotiationOpen, {{"negotiation", operation.negotiation()}});
        }
        agreed = negotiation->price();
    }
    if (!same_price(operation.price(), agreed)) {
        return refuse(Code::kPriceMismatch, {{"price", price_text(operation.price())}},
                      {{"price", price_text(agreed)}});
    }
    return kPass;
}

Verdict check_buyer(const ReadView& view, const Context& context) {
    if (!holds_role(view, context, context.sender, wire::EXCHANGE_MEMBER) &&
        !holds_role(view, context, context.sender, wire::DATA_USER)) {
        return refuse(Code::kNotMember, {{"buyer", context.sender}},
                      {{"role", "exchange-member or data-user"}});
    }
    return kPass;
}

Verdict check_purpose(const wire::PlaceOrder& operation, const wire::ListingRecord& listing) {
    const auto& offered = listing.terms().purposes();
    if (!offered.empty() &&
        std::find(offered.begin(), offered.end(), operation.purpose()) == offered.end()) {
        return refuse(Code::kPurposeNotOffered, {{"purpose", operation.purpose()}},
                      {{"purpose", offered.Get(0)}});
    }
    return kPass;
}

}  // namespace

Verdict PlaceOrderContract::preflight(const Operation& operation, const Context& context) {
    SANQUAN_TRY_PASS(check_reference(operation.client_reference()));
    SANQUAN_TRY_PASS(
        check_optional_name("purpose", operation.purpose(), limits::kReferenceBytesMax));
    if (operation.delivery_deadline_ms() <= context.time.value ||
        operation.acceptance_deadline_ms() <= operation.delivery_deadline_ms()) {
        return refuse(Code::kOrderDeadlines,
                      {{"block_time_ms", std::to_string(context.time.value)}});
    }
    return operation.has_price() ? check_price(operation.price()) : kPass;
}

Verdict PlaceOrderContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const auto& operation = stage.operation;
    const auto& context = stage.context;
    SANQUAN_TRY_PASS(
        require_unused_reference(view, context, "order", operation.client_reference()));
    SANQUAN_TRY_PASS(check_deadline(operation, context, view));
    const auto [listing, refusal] = find_listing(view, operation.listing());
    if (refusal) {
        return refusal;
    }
    SANQUAN_TRY_PASS(require_open(view, context, listing));
    if (listing.seller() == context.sender) {
        return refuse(Code::kSelfDeal, {{"seller", listing.seller()}});
    }
    // It would judge complaints of its own.
    if (listing.terms().exchange() == context.sender) {
        return refuse(Code::kSelfDeal, {fact("exchange", context.sender)},
                      {fact("buyer", "another organisation than the exchange")});
    }
    SANQUAN_TRY_PASS(check_buyer(view, context));
    SANQUAN_TRY_PASS(check_purpose(operation, listing));
    SANQUAN_TRY_PASS(tradable(view, context, listing.terms().asset(),
                              purposes_of(listing.terms(), operation.purpose())));
    if (listing.terms().split_size() != 0) {
        SANQUAN_TRY_PASS(check_owners_paid(view, listing.terms(), listing.seller()));
    }
    SANQUAN_TRY_PASS(require_franchise(view, context, listing.sector(), listing.seller()));
    SANQUAN_TRY_PASS(require_selling_right(view, context, listing.terms(), listing.seller()));
    SANQUAN_TRY_PASS(check_agreed_price(operation, listing, view, context));
    // The licence must be grantable until the last moment at which the order may settle.
    const auto terms =
        usage_terms(listing, context.sender, TimeMs{operation.acceptance_deadline_ms()});
    const std::string id = make_id("O", context);
    SANQUAN_TRY_PASS(check_grant({terms, listing.seller(), 0, id}, context, view));
    if (operation.has_price()) {
        SANQUAN_TRY_PASS(require_funds(view, context.sender, operation.price()));
    }
    return require_new(view, keys::order(id));
}

Outcome PlaceOrderContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const auto& operation = stage.operation;
    const auto listing = find_listing(overlay, operation.listing()).record;
    wire::OrderRecord order;
    order.set_id(make_id("O", stage.context));
    order.set_listing(listing.id());
    order.set_asset(listing.terms().asset());
    order.set_buyer(stage.context.sender);
    order.set_seller(listing.seller());
    order.set_exchange(listing.terms().exchange());
    order.set_status(wire::FUNDED);
    order.set_purpose(operation.purpose());
    order.set_delivery_deadline_ms(operation.delivery_deadline_ms());
    order.set_acceptance_deadline_ms(operation.acceptance_deadline_ms());
    order.set_placed_ms(stage.context.time.value);
    if (operation.has_price()) {
        *order.mutable_price() = operation.price();
        debit(overlay, order.buyer(), operation.price());
        wire::EscrowRecord escrow;
        *escrow.mutable_money() = operation.price();
        store(overlay, keys::escrow(order.id()), escrow);
    }
    if (!operation.negotiation().empty()) {
        const auto key = keys::negotiation(operation.negotiation());
        auto negotiation = *load<wire::NegotiationRecord>(overlay, key);
        negotiation.set_used(true);
        store(overlay, key, negotiation);
    }
    store(overlay, keys::order(order.id()), order);
    use_reference(overlay, stage.context, "order", operation.client_reference(), order.id());
    return {order.id(), {{"status", "FUNDED"}, {"escrow", price_text(order.price())}}};
}

}  // namespace sanquan::contracts
