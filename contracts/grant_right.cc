// GrantRight 授权: an owner, or a delegate under its own grant, gives operation-management or usage
// with a scope.
#include "contracts/asset_records.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/grants.h"
#include "contracts/rights.h"

namespace sanquan::contracts {

Verdict GrantRightContract::preflight(const Operation& operation, const Context& context) {
    return preflight_grant(operation, context);
}

Verdict GrantRightContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    return check_grant({stage.operation, stage.context.sender}, stage.context, view);
}

Outcome GrantRightContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const Operation& terms = stage.operation;
    std::string id = write_grant({terms, stage.context.sender}, stage.context, overlay);
    return {std::move(id),
            {fact("asset", terms.asset()), fact("holder", terms.holder()),
             fact("right", name_of(terms.right())), fact("until", TimeMs{terms.valid_until_ms()})}};
}

}  // namespace sanquan::contracts
