// AppealObjection 申诉: brings the decision on an objection before another authority, once and
// within the appeal period; until that has decided, certificate and trade are blocked again.
#include "contracts/asset_life_cycle.h"
#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/assets.h"
#include "contracts/checks.h"
#include "contracts/explain.h"

namespace sanquan::contracts {

namespace {

// Whom the decision went against: the owners when it was upheld, else the objector.
Verdict may_appeal(const Context& context, const wire::AppealObjection& operation,
                   const wire::AssetRecord& asset, bool upheld) {
    const bool may =
        upheld ? share_of(asset, context.sender) > 0 : operation.objector() == context.sender;
    return may ? kPass
               : refuse(Code::kMayNotAppeal,
                        {fact("sender", context.sender), fact("upheld", upheld ? "yes" : "no")},
                        {upheld ? fact("sender", "an owner of the asset")
                                : fact("sender", operation.objector())});
}

}  // namespace

Verdict AppealObjectionContract::preflight(const Operation& operation, const Context& /*context*/) {
    SANQUAN_TRY_PASS(check_reason(operation.reason()));
    return check_digest("evidence", operation.evidence());
}

Verdict AppealObjectionContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const Operation& operation = stage.operation;
    const Context& context = stage.context;
    SANQUAN_TRY_PASS(require_asset(view, operation.asset()));
    const std::vector<Fact> facts = {fact("asset", operation.asset()),
                                     fact("objector", operation.objector())};
    const auto objection =
        load<wire::ObjectionRecord>(view, keys::objection(operation.asset(), operation.objector()));
    if (!objection) {
        return refuse(Code::kNoSuchObjection, facts);
    }
    if (objection->state() == wire::OBJECTION_OPEN) {
        return refuse(Code::kObjectionOpen, facts);
    }
    if (objection->has_appeal()) {
        return refuse(Code::kAppealRepeated, facts);
    }
    const wire::AssetRecord asset = load_asset(view, operation.asset());
    const bool upheld = objection->state() == wire::OBJECTION_UPHELD;
    SANQUAN_TRY_PASS(may_appeal(context, operation, asset, upheld));
    if (context.time.value >= objection->appeal_ends_ms()) {
        return refuse(Code::kAppealEnded, {fact("now", context.time)},
                      {fact("before", TimeMs{objection->appeal_ends_ms()})});
    }
    // A dismissed objection has no object any more once the registration has ended otherwise.
    return !upheld && has_ended(asset.status())
               ? refuse(Code::kAssetEnded, {fact("status", name_of(asset.status()))})
               : kPass;
}

Outcome AppealObjectionContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const Operation& operation = stage.operation;
    const Bytes key = keys::objection(operation.asset(), operation.objector());
    auto objection = load_existing<wire::ObjectionRecord>(overlay, key);
    wire::ObjectionAppeal& appeal = *objection.mutable_appeal();
    appeal.set_against(objection.state());
    appeal.set_appealed_by(stage.context.sender);
    appeal.set_reason(operation.reason());
    appeal.set_evidence(operation.evidence());
    appeal.set_time_ms(stage.context.time.value);
    objection.set_state(wire::OBJECTION_APPEALED);
    store(overlay, key, objection);

    wire::AssetRecord asset = load_asset(overlay, operation.asset());
    if (appeal.against() == wire::OBJECTION_UPHELD) {
        // Nothing but this decision has ended the asset, and it kept the status before.
        SANQUAN_ASSERT(has_ended(asset.status()) && asset.appeal_ends_ms() > 0);
        asset.set_status(wire::ASSET_OBJECTED);
        asset.clear_appeal_ends_ms();
    } else if (is_open_to_objection(asset.status())) {
        asset.set_status_before(asset.status());
        asset.set_status(wire::ASSET_OBJECTED);
    }  // else OBJECTED, or SUSPENDED: it resumes as OBJECTED
    asset.set_open_objections(asset.open_objections() + 1);
    store(overlay, keys::asset(operation.asset()), asset);
    return {operation.asset(),
            {fact("status", name_of(asset.status())),
             fact("open_objections", std::uint64_t{asset.open_objections()})}};
}

}  // namespace sanquan::contracts
