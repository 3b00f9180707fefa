// DeclareStageNotNeeded: whoever may do the stage signs the reason why it is left out.
#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/stages.h"

namespace sanquan::contracts {

Verdict DeclareStageNotNeededContract::preflight(const Operation& operation,
                                                 const Context& /*context*/) {
    if (operation.stage() != wire::AGGREGATED && operation.stage() != wire::PROCESSED) {
        return refuse(Code::kStageNotDeclarable,
                      {fact("stage", static_cast<std::uint64_t>(operation.stage()))});
    }
    return check_reason(operation.reason());
}

Verdict DeclareStageNotNeededContract::check(const Preflighted<Operation>& stage,
                                             const ReadView& view) {
    const Operation& operation = stage.operation;
    SANQUAN_TRY_PASS(certified(view, stage.context, operation.asset()));
    const wire::Action action =
        operation.stage() == wire::AGGREGATED ? wire::AGGREGATE : wire::PROCESS;
    SANQUAN_TRY_PASS(
        holds_right(view, stage.context, stage.context.sender, operation.asset(), action));
    const wire::AssetRecord asset = load_asset(view, operation.asset());
    if (operation.stage() == wire::PROCESSED && asset.source_class() == wire::PERSONAL_DATA) {
        return refuse(Code::kStageNotDeclarable, {fact("stage", name_of(operation.stage())),
                                                  fact("source_class", "PERSONAL_DATA")});
    }
    return stage_follows(asset.stage(), operation.stage());
}

Outcome DeclareStageNotNeededContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const Operation& operation = stage.operation;
    wire::NotNeededRecord record;
    record.set_reason(operation.reason());
    record.set_declared_by(stage.context.sender);
    record.set_time_ms(stage.context.time.value);
    store(overlay, keys::not_needed(operation.asset(), name_of(operation.stage())), record);
    advance_stage(overlay, operation.asset(), operation.stage());
    return {operation.asset(), {fact("stage", name_of(operation.stage()))}};
}

}  // namespace sanquan::contracts
