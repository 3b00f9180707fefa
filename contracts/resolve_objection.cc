// ResolveObjection 异议处理: upheld ends the registration; dismissed lets it go on once no other
// objection is open.
#include "contracts/asset_life_cycle.h"
#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/assets.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "ledger/model/asset_code.h"

namespace sanquan::contracts {

Verdict ResolveObjectionContract::preflight(const Operation& operation,
                                            const Context& /*context*/) {
    return check_reason(operation.reason());
}

Verdict ResolveObjectionContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const Operation& operation = stage.operation;
    const Context& context = stage.context;
    SANQUAN_TRY_PASS(require_asset(view, operation.asset()));
    if (!holds_role(view, context, context.sender, wire::INFORMATISATION_AUTHORITY)) {
        SANQUAN_TRY_PASS(
            authority_of_sector(view, context, context.sender, sector_of(operation.asset())));
    }
    const auto objection =
        load<wire::ObjectionRecord>(view, keys::objection(operation.asset(), operation.objector()));
    const bool open = objection && objection->state() == wire::OBJECTION_OPEN &&
                      load_asset(view, operation.asset()).status() == wire::ASSET_OBJECTED;
    if (!open) {
        return refuse(Code::kNoSuchObjection,
                      {fact("asset", operation.asset()), fact("objector", operation.objector())});
    }
    return operation.objector() == context.sender
               ? refuse(Code::kObjectorResolves, {fact("objector", operation.objector())})
               : kPass;
}

Outcome ResolveObjectionContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const Operation& operation = stage.operation;
    const Bytes key = keys::objection(operation.asset(), operation.objector());
    auto objection = load_existing<wire::ObjectionRecord>(overlay, key);
    objection.set_state(operation.upheld() ? wire::OBJECTION_UPHELD : wire::OBJECTION_DISMISSED);
    objection.set_resolved_by(stage.context.sender);
    objection.set_resolution(operation.reason());
    objection.set_resolved_ms(stage.context.time.value);
    store(overlay, key, objection);

    wire::AssetRecord asset = load_asset(overlay, operation.asset());
    asset.set_open_objections(asset.open_objections() - 1);
    if (operation.upheld()) {
        asset.set_status(is_certified(asset.status_before()) ? wire::ASSET_CANCELLED
                                                             : wire::ASSET_REFUSED);
        asset.clear_status_before();
    } else if (asset.open_objections() == 0) {
        asset.set_status(asset.status_before());
        asset.clear_status_before();
    }
    store(overlay, keys::asset(operation.asset()), asset);
    return {operation.asset(),
            {fact("status", name_of(asset.status())),
             fact("upheld", operation.upheld() ? "yes" : "no")}};
}

}  // namespace sanquan::contracts
