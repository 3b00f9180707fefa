// Deliver 交付: the seller states the digest of what it handed over, before the delivery deadline, of data that may
// still be traded.
#include "contracts/asset_rules.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/market.h"
#include "contracts/market_rules.h"
#include "contracts/records.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {

Verdict DeliverContract::preflight(const Operation& operation, const Context& /*context*/) {
    return check_digest("delivered", operation.delivered());
}

Verdict DeliverContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const auto [order, refusal] = find_order(view, stage.operation.order());
    if (refusal) {
        return refusal;
    }
    SANQUAN_TRY_PASS(require_seller(order, stage.context));
    SANQUAN_TRY_PASS(require_order_status(order, wire::FUNDED));
    SANQUAN_TRY_PASS(require_before("delivery_deadline", TimeMs{order.delivery_deadline_ms()},
                                    stage.context.time));
    const auto listing = find_listing(view, order.listing()).record;
    SANQUAN_TRY_PASS(require_not_frozen(view, stage.context, keys::listing(order.listing())));
    return tradable(view, stage.context, order.asset(),
                    purposes_of(listing.terms(), order.purpose()));
}

Outcome DeliverContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    auto order = find_order(overlay, stage.operation.order()).record;
    order.set_status(wire::DELIVERED);
    order.set_delivered(stage.operation.delivered());
    store(overlay, keys::order(order.id()), order);
    return {order.id(), {fact("status", "DELIVERED"), hex_fact("delivered", order.delivered())}};
}

}  // namespace sanquan::contracts
