// RevokeRole: by whoever may grant the role.
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/roles.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {

Verdict RevokeRole::preflight(const Operation& operation, const Context& /*context*/) {
    return check_shape(operation);
}

Verdict RevokeRole::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    return check_revocation(preflighted.operation, Authority::kSender, view, preflighted.context);
}

Outcome RevokeRole::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& operation = checked.operation;
    write_revocation(operation, overlay);
    return {operation.organisation(), {fact("role", keys::word(operation.role()))}};
}

}  // namespace sanquan::contracts
