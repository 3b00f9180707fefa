// AcceptDelivery 验收: the buyer confirms that what it received is what the seller stated.
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/market.h"
#include "contracts/market_rules.h"
#include "contracts/records.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {

Verdict AcceptDeliveryContract::preflight(const Operation& operation, const Context& /*context*/) {
    return check_digest("received", operation.received());
}

Verdict AcceptDeliveryContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const auto [order, refusal] = find_order(view, stage.operation.order());
    if (refusal) {
        return refusal;
    }
    SANQUAN_TRY_PASS(require_buyer(order, stage.context));
    SANQUAN_TRY_PASS(require_order_status(order, wire::DELIVERED));
    if (stage.operation.received() != order.delivered()) {
        return refuse(Code::kDeliveryMismatch, {hex_fact("received", stage.operation.received())},
                      {hex_fact("received", order.delivered())});
    }
    return kPass;
}

Outcome AcceptDeliveryContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    auto order = find_order(overlay, stage.operation.order()).record;
    order.set_status(wire::DELIVERY_ACCEPTED);
    store(overlay, keys::order(order.id()), order);
    return {order.id(), {fact("status", "DELIVERY_ACCEPTED")}};
}

}  // namespace sanquan::contracts
