// CancelOrder: the way back for an order that was not delivered. The seller may give up at any time, the buyer once the
// delivery deadline has passed, the exchange when the seller can no longer sell (its grant or the asset fell away).
#include "contracts/asset_rules.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/market.h"
#include "contracts/market_rules.h"
#include "contracts/records.h"
#include "ledger/base/limits.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

// Passes while the seller could still settle: then the exchange may not interfere.
bool still_sellable(const ReadView& view, const Context& context, const wire::OrderRecord& order) {
    const auto listing = find_listing(view, order.listing()).record;
    return !certified(view, context, order.asset()) &&
           !grant_live(view, context, listing.terms().grant());
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
    if (context.sender == order.exchange() && !still_sellable(view, context, order)) {
        const bool open = order.status() != wire::SETTLED && order.status() != wire::REFUNDED;
        return open ? kPass : require_order_status(order, wire::FUNDED);
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
