// Complain 投诉: the buyer disputes a delivery before the acceptance deadline; the escrow stays until it is resolved.
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/market.h"
#include "contracts/market_rules.h"
#include "contracts/records.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {

Verdict ComplainContract::preflight(const Operation& operation, const Context& /*context*/) {
    SANQUAN_TRY_PASS(check_reason(operation.reason()));
    return check_digest("evidence", operation.evidence());
}

Verdict ComplainContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const auto [order, refusal] = find_order(view, stage.operation.order());
    if (refusal) {
        return refusal;
    }
    SANQUAN_TRY_PASS(require_buyer(order, stage.context));
    SANQUAN_TRY_PASS(require_order_status(order, wire::DELIVERED));
    return require_before("acceptance_deadline", TimeMs{order.acceptance_deadline_ms()},
                          stage.context.time);
}

Outcome ComplainContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    auto order = find_order(overlay, stage.operation.order()).record;
    order.set_status(wire::COMPLAINED);
    order.set_complaint(stage.operation.evidence());
    store(overlay, keys::order(order.id()), order);
    return {order.id(), {fact("status", "COMPLAINED"), fact("reason", stage.operation.reason())}};
}

}  // namespace sanquan::contracts
