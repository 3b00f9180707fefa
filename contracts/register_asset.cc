// RegisterAsset 登记: gives the asset its code and starts the public notice.
#include "contracts/asset_records.h"
#include "contracts/asset_registration.h"
#include "contracts/asset_rules.h"
#include "contracts/assets.h"
#include "contracts/checks.h"
#include "contracts/explain.h"

namespace sanquan::contracts {

namespace {

bool is_owner(const wire::RegisterAsset& operation, const std::string& organisation) {
    for (const wire::OwnershipShare& owner : operation.owners()) {
        if (owner.organisation() == organisation) {
            return true;
        }
    }
    return false;
}

Verdict may_register(const wire::RegisterAsset& operation, const Context& context,
                     const ReadView& view) {
    if (is_owner(operation, context.sender)) {
        return owners_agree(operation, context, view);
    }
    if (holds_role(view, context, context.sender, wire::INFORMATISATION_AUTHORITY) ||
        !authority_of_sector(view, context, context.sender, operation.sector())) {
        return kPass;
    }
    const std::vector<Fact> facts = {fact("sender", context.sender),
                                     fact("sector", operation.sector())};
    if (!holds_role(view, context, context.sender, wire::EXCHANGE)) {
        return refuse(Code::kMayNotRegister, facts);
    }
    for (const wire::OwnershipShare& owner : operation.owners()) {
        if (!holds_role(view, context, owner.organisation(), wire::EXCHANGE_MEMBER)) {
            return refuse(Code::kMayNotRegister,
                          {fact("sender", context.sender), fact("owner", owner.organisation())},
                          {fact("role_of_owner", "exchange-member")});
        }
    }
    return kPass;
}

}  // namespace

Verdict RegisterAssetContract::preflight(const Operation& operation, const Context& /*context*/) {
    return preflight_registration(operation);
}

Verdict RegisterAssetContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    SANQUAN_TRY_PASS(check_registration(stage.operation, stage.context, view));
    return may_register(stage.operation, stage.context, view);
}

Outcome RegisterAssetContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const Registered registered = write_registration(stage.operation, stage.context, overlay);
    return {registered.code,
            {fact("status", name_of(registered.asset.status())),
             fact("notice_ends", TimeMs{registered.asset.notice_ends_ms()})}};
}

}  // namespace sanquan::contracts
