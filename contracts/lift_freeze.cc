// LiftFreeze: by the authority that set it; before ratification also by any member of the leading
// group.
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/freeze.h"
#include "contracts/records.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {

Verdict LiftFreeze::preflight(const Operation& operation, const Context& /*context*/) {
    return check_reason(operation.reason());
}

Verdict LiftFreeze::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    const auto freeze = active_freeze(view, context, operation.subject());
    if (!freeze) {
        return refuse(Code::kNotFrozen, {fact("subject", operation.subject())});
    }
    const bool may_lift =
        freeze->by() == context.sender ||
        (!freeze->ratified() && holds_role(view, context, context.sender, wire::LEADING_GROUP));
    if (!may_lift) {
        return refuse(Code::kFreezeNotByYou, {fact("sender", context.sender)},
                      {fact("by", freeze->by())});
    }
    return kPass;
}

Outcome LiftFreeze::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    // The record stays: a lifted freeze counts when its authority freezes the subject again.
    const Bytes key = keys::freeze(operation.subject());
    auto freeze = load_existing<wire::FreezeRecord>(overlay, key);
    freeze.set_expires_ms(context.time.value);
    store(overlay, key, freeze);
    return {operation.subject(), {}};
}

}  // namespace sanquan::contracts
