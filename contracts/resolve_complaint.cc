// ResolveComplaint: the exchange, or in its absence the informatisation authority, decides for the buyer (refund) or for the seller (the delivery counts as accepted).
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/market.h"
#include "contracts/market_rules.h"
#include "contracts/records.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {

Verdict ResolveComplaintContract::preflight(const Operation& operation,
                                            const Context& /*context*/) {
    return check_reason(operation.reason());
}

Verdict ResolveComplaintContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const auto [order, refusal] = find_order(view, stage.operation.order());
    if (refusal) {
        return refusal;
    }
    SANQUAN_TRY_PASS(require_arbiter(view, stage.context, order));
    return require_order_status(order, wire::COMPLAINED);
}

Outcome ResolveComplaintContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    auto order = find_order(overlay, stage.operation.order()).record;
    if (stage.operation.refund()) {
        return refund(overlay, std::move(order), stage.context);
    }
    order.set_status(wire::DELIVERY_ACCEPTED);
    store(overlay, keys::order(order.id()), order);
    return {order.id(),
            {fact("status", "DELIVERY_ACCEPTED"), fact("reason", stage.operation.reason())}};
}

}  // namespace sanquan::contracts
