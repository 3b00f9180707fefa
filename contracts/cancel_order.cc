// CancelOrder: the way back for an order that was not delivered. The seller may give up at any time, the buyer once the
// delivery deadline has passed, the exchange (in its absence the informatisation authority) when the
// sale cannot be settled: while that lasts before the delivery, and
// after it only when it is for good (the grant fell away, another exclusive sale came first).
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/market.h"
#include "contracts/market_rules.h"
#include "contracts/records.h"
#include "ledger/base/limits.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

// Whether the order cannot come to its end: for a while, which suffices before the delivery, or for
// good, which alone may undo a delivery.
bool is_hindered(const ReadView& view, const Context& context, const wire::OrderRecord& order) {
    if (order.status() == wire::SETTLED || order.status() == wire::REFUNDED) {
        return false;
    }
    const Verdict hindrance = order_hindrance(view, context, order);
    return hindrance && (order.status() == wire::FUNDED || !is_passing_hindrance(hindrance->code));
}

}  // namespace

Verdict CancelOrderContract::preflight(const Operation& operation, const Context& /*context*/) {
    return check_optional_name("reason", operation.reason(), limits::kNameBytesMax);
}

Verdict CancelOrderContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const auto& context = stage.context;
    const auto [order, refusal] = find_order(view, stage.operation.order());
    if (refusal) {
        return refusal;
    }
    if (!require_arbiter(view, context, order) && is_hindered(view, context, order)) {
        return kPass;
    }
    SANQUAN_TRY_PASS(require_order_status(order, wire::FUNDED));
    if (context.sender == order.seller()) {
        return kPass;
    }
    SANQUAN_TRY_PASS(require_buyer(order, context));
    if (context.time.value <= order.delivery_deadline_ms()) {
        return refuse(Code::kOrderTooEarly, {fact("block_time", context.time)},
                      {fact("block_time after", TimeMs{order.delivery_deadline_ms()})});
    }
    return kPass;
}

Outcome CancelOrderContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    return refund(overlay, find_order(overlay, stage.operation.order()).record, stage.context);
}

}  // namespace sanquan::contracts
