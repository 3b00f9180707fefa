// SettleOrder 清结算: pays the escrow out by the listing's split and gives the buyer its usage right.
//
// Open once the buyer has accepted, or when it stayed silent past the acceptance deadline. Sender: the exchange or the
// seller. The parts sum to the price exactly: largest remainder, ties to the earlier share (ledger/base/amount.h).
#include "contracts/asset_rules.h"
#include "contracts/balances.h"
#include "contracts/explain.h"
#include "contracts/grants.h"
#include "contracts/market.h"
#include "contracts/market_rules.h"
#include "contracts/records.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

Verdict check_ripe(const wire::OrderRecord& order, TimeMs time) {
    if (order.status() == wire::DELIVERY_ACCEPTED) {
        return kPass;
    }
    SANQUAN_TRY_PASS(require_order_status(order, wire::DELIVERED));
    if (time.value <= order.acceptance_deadline_ms()) {
        return refuse(Code::kOrderTooEarly, {fact("block_time", time)},
                      {fact("block_time after", TimeMs{order.acceptance_deadline_ms()})});
    }
    return kPass;
}

// Pays every part and notes it in the order; the facts for the receipt.
std::vector<Fact> pay_out(Overlay& overlay, wire::OrderRecord& order,
                          const wire::ListingRecord& listing) {
    std::vector<Fact> facts;
    const Amount total = release_escrow(overlay, order);
    if (total.is_zero()) {
        return facts;
    }
    std::vector<std::uint32_t> shares;
    for (const auto& share : listing.terms().split()) {
        shares.push_back(share.basis_points());
    }
    const auto parts = split_by_basis_points(total, shares);
    SANQUAN_ASSERT(parts.has_value());  // the listing's preflight checked the sum
    for (int i = 0; i < listing.terms().split_size(); ++i) {
        const auto& share = listing.terms().split(i);
        const Amount part = (*parts)[static_cast<std::size_t>(i)];
        credit(overlay, share.organisation(), order.price().currency(), part);
        auto* paid = order.add_paid();
        paid->set_part(share.part());
        paid->set_organisation(share.organisation());
        paid->set_amount(part.encode());
        facts.push_back(fact(wire::SplitPart_Name(share.part()) + " " + share.organisation(),
                             order.price().currency() + " " + part.to_string()));
    }
    return facts;
}

}  // namespace

Verdict SettleOrderContract::preflight(const Operation& /*operation*/, const Context& /*context*/) {
    return kPass;
}

Verdict SettleOrderContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const auto& context = stage.context;
    const auto [order, refusal] = find_order(view, stage.operation.order());
    if (refusal) {
        return refusal;
    }
    if (context.sender != order.seller()) {
        SANQUAN_TRY_PASS(require_exchange(view, context, order));
    }
    SANQUAN_TRY_PASS(check_ripe(order, context.time));
    const auto listing = find_listing(view, order.listing()).record;
    const auto terms = usage_terms(listing, order.buyer(), context.time);
    return check_grant({terms, order.seller(), 0, order.id()}, context, view);
}

Outcome SettleOrderContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    auto order = find_order(overlay, stage.operation.order()).record;
    const auto listing = find_listing(overlay, order.listing()).record;
    std::vector<Fact> facts = pay_out(overlay, order, listing);
    const auto terms = usage_terms(listing, order.buyer(), stage.context.time);
    order.set_usage_grant(
        write_grant({terms, order.seller(), 0, order.id()}, stage.context, overlay));
    order.set_status(wire::SETTLED);
    order.set_settled_ms(stage.context.time.value);
    store(overlay, keys::order(order.id()), order);
    reach_stage(overlay, order.asset(), wire::TRADED);
    facts.insert(facts.begin(),
                 {fact("status", "SETTLED"), fact("usage_grant", order.usage_grant()),
                  fact("price", price_text(order.price()))});
    return {order.id(), std::move(facts)};
}

}  // namespace sanquan::contracts
