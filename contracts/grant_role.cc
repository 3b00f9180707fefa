// GrantRole: by whoever the table in roles.cc names for the role; never to oneself.
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/roles.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {

Verdict GrantRole::preflight(const Operation& operation, const Context& /*context*/) {
    return check_shape(operation);
}

Verdict GrantRole::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    return check_grant(preflighted.operation, Authority::kSender, view, preflighted.context);
}

Outcome GrantRole::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    write_grant(operation, context.sender, context, overlay);
    return {operation.organisation(), {fact("role", keys::word(operation.role()))}};
}

}  // namespace sanquan::contracts
