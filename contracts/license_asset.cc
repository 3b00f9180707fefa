// LicenseAsset 授权许可: the second stage, on the evidence of a live operation right from every
// owner.
#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/explain.h"
#include "contracts/grant_chain.h"
#include "contracts/stages.h"

namespace sanquan::contracts {

namespace {

// Owners of an asset in an open sector need no grant: they license it to themselves, all of them
// signing.
Verdict owners_operate(const wire::LicenseAsset& operation, const Context& context,
                       const ReadView& view) {
    SANQUAN_TRY_PASS(holds_right(view, context, context.sender, operation.asset(), wire::PROCESS));
    const wire::AssetRecord asset = load_asset(view, operation.asset());
    if (share_of(asset, context.sender) == 0) {
        return refuse(Code::kLicenceMissing, {fact("sender", context.sender)},
                      {fact("grant", "a live operation-management grant held by the sender")});
    }
    return require_owner_signatures(view, context, asset);
}

}  // namespace

Verdict LicenseAssetContract::preflight(const Operation& /*operation*/,
                                        const Context& /*context*/) {
    return kPass;
}

Verdict LicenseAssetContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const Operation& operation = stage.operation;
    SANQUAN_TRY_PASS(certified(view, stage.context, operation.asset()));
    if (operation.grant().empty()) {
        SANQUAN_TRY_PASS(owners_operate(operation, stage.context, view));
    } else {
        SANQUAN_TRY_PASS(require_grant(view, operation.grant()));
        const auto grant = load_existing<wire::GrantRecord>(view, keys::grant(operation.grant()));
        if (grant.right() != wire::OPERATION_MANAGEMENT) {
            return refuse(Code::kLicenceMissing, {fact("right", name_of(grant.right()))},
                          {fact("right", name_of(wire::OPERATION_MANAGEMENT))});
        }
        const auto action = static_cast<wire::Action>(grant.actions(0));
        SANQUAN_TRY_PASS(may_act_under(view, stage.context, operation.grant(), stage.context.sender,
                                       operation.asset(), action));
    }
    return stage_follows(load_asset(view, operation.asset()).stage(), wire::LICENSED);
}

Outcome LicenseAssetContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    advance_stage(overlay, stage.operation.asset(), wire::LICENSED);
    return {stage.operation.asset(), {fact("stage", name_of(wire::LICENSED))}};
}

}  // namespace sanquan::contracts
