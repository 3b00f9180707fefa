// ChangeAssetStatus: suspend, resume, cancel, refuse; by the sector's or the informatisation
// authority, and cancellation also by all owners together.
#include "contracts/asset_life_cycle.h"
#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/assets.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "ledger/model/asset_code.h"

namespace sanquan::contracts {

namespace {

wire::AssetStatus target(wire::AssetStatusChange change, const wire::AssetRecord& asset) {
    switch (change) {
        case wire::SUSPEND:
            return wire::ASSET_SUSPENDED;
        case wire::RESUME:
            if (asset.status() != wire::ASSET_SUSPENDED) {
                return wire::ASSET_STATUS_UNSPECIFIED;
            }
            // An appeal that was made meanwhile goes on blocking.
            return asset.open_objections() > 0 ? wire::ASSET_OBJECTED : asset.status_before();
        case wire::CANCEL:
            return wire::ASSET_CANCELLED;
        case wire::REFUSE:
            return wire::ASSET_REFUSED;
        case wire::ASSET_STATUS_CHANGE_UNSPECIFIED:
        case wire::AssetStatusChange_INT_MIN_SENTINEL_DO_NOT_USE_:
        case wire::AssetStatusChange_INT_MAX_SENTINEL_DO_NOT_USE_:
            break;
    }
    return wire::ASSET_STATUS_UNSPECIFIED;
}

Verdict may_change(const Context& context, const ReadView& view, std::string_view code,
                   const wire::AssetRecord& asset, wire::AssetStatusChange change) {
    if (holds_role(view, context, context.sender, wire::INFORMATISATION_AUTHORITY)) {
        return kPass;
    }
    Verdict verdict = authority_of_sector(view, context, context.sender, sector_of(code));
    if (verdict && change == wire::CANCEL && share_of(asset, context.sender) > 0) {
        return require_owner_signatures(view, context, asset);
    }
    return verdict;
}

}  // namespace

Verdict ChangeAssetStatusContract::preflight(const Operation& operation,
                                             const Context& /*context*/) {
    if (operation.change() < wire::SUSPEND || operation.change() > wire::REFUSE) {
        return refuse(Code::kBadChoice, {fact("field", "change")});
    }
    return check_reason(operation.reason());
}

Verdict ChangeAssetStatusContract::check(const Preflighted<Operation>& stage,
                                         const ReadView& view) {
    const Operation& operation = stage.operation;
    SANQUAN_TRY_PASS(require_asset(view, operation.asset()));
    const wire::AssetRecord asset = load_asset(view, operation.asset());
    SANQUAN_TRY_PASS(may_change(stage.context, view, operation.asset(), asset, operation.change()));
    const wire::AssetStatus to = target(operation.change(), asset);
    // Objections are ended by resolving them.
    if (asset.status() == wire::ASSET_OBJECTED || !status_follows(asset.status(), to)) {
        return refuse(Code::kAssetStatus,
                      {fact("status", name_of(asset.status())),
                       fact("change", wire::AssetStatusChange_Name(operation.change()))});
    }
    return kPass;
}

Outcome ChangeAssetStatusContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const Operation& operation = stage.operation;
    wire::AssetRecord asset = load_asset(overlay, operation.asset());
    const wire::AssetStatus from = asset.status();
    asset.set_status(target(operation.change(), asset));
    if (operation.change() == wire::SUSPEND) {
        asset.set_status_before(from);
    } else if (asset.status() != wire::ASSET_OBJECTED) {
        asset.clear_status_before();
    }
    store(overlay, keys::asset(operation.asset()), asset);
    return {operation.asset(),
            {fact("status", name_of(asset.status())), fact("status_before", name_of(from))}};
}

}  // namespace sanquan::contracts
