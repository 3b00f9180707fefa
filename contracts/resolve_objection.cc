// ResolveObjection 异议处理: upheld ends the registration; dismissed lets it go on once no other
// objection is open. The first decision can be appealed; the decision on an appeal is final.
#include "contracts/asset_life_cycle.h"
#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/assets.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/periods.h"
#include "contracts/rules.h"
#include "ledger/model/asset_code.h"

namespace sanquan::contracts {

namespace {

bool is_appealed(const std::optional<wire::ObjectionRecord>& objection) {
    return objection && objection->state() == wire::OBJECTION_APPEALED;
}

Verdict first_authority(const ReadView& view, const Context& context, std::string_view code) {
    return holds_role(view, context, context.sender, wire::INFORMATISATION_AUTHORITY)
               ? kPass
               : authority_of_sector(view, context, context.sender, sector_of(code));
}

// Nobody decides twice or in a case of its own: who appealed is the objector or, since nothing is
// sold under objection, still an owner.
Verdict appeal_authority(const ReadView& view, const Context& context,
                         const wire::AssetRecord& asset, const wire::ObjectionRecord& objection) {
    const std::string& sender = context.sender;
    const char* because = nullptr;
    if (!holds_role(view, context, sender, wire::INFORMATISATION_AUTHORITY) &&
        !holds_role(view, context, sender, wire::LEADING_GROUP)) {
        because = "role";
    } else if (sender == objection.resolved_by()) {
        because = "took the first decision";
    } else if (share_of(asset, sender) > 0) {
        because = "owner";
    }
    return because == nullptr ? kPass
                              : refuse(Code::kNotAppealAuthority,
                                       {fact("sender", sender), fact("because", because)},
                                       {fact("role", "informatisation-authority, leading-group"),
                                        fact("not", objection.resolved_by())});
}

// Ends the registration, or lets it go on. Its state is kept while an appeal can bring it back.
void decide(wire::AssetRecord& asset, bool upheld, TimeMs appeal_ends) {
    asset.set_open_objections(asset.open_objections() - 1);
    if (upheld) {
        asset.set_status(is_certified(asset.status_before()) ? wire::ASSET_CANCELLED
                                                             : wire::ASSET_REFUSED);
        asset.set_appeal_ends_ms(appeal_ends.value);
        if (appeal_ends.value == 0) {
            asset.clear_status_before();
        }
    } else if (asset.open_objections() == 0 && asset.status() == wire::ASSET_OBJECTED) {
        asset.set_status(asset.status_before());
        asset.clear_status_before();
    }
}

}  // namespace

Verdict ResolveObjectionContract::preflight(const Operation& operation,
                                            const Context& /*context*/) {
    return check_reason(operation.reason());
}

Verdict ResolveObjectionContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const Operation& operation = stage.operation;
    const Context& context = stage.context;
    SANQUAN_TRY_PASS(require_asset(view, operation.asset()));
    const wire::AssetRecord asset = load_asset(view, operation.asset());
    const auto objection =
        load<wire::ObjectionRecord>(view, keys::objection(operation.asset(), operation.objector()));
    const bool appealed = is_appealed(objection);
    if (!appealed) {
        SANQUAN_TRY_PASS(first_authority(view, context, operation.asset()));
    }
    // A suspension must not keep an appeal from being decided.
    const bool open =
        objection && (appealed || objection->state() == wire::OBJECTION_OPEN) &&
        (asset.status() == wire::ASSET_OBJECTED || asset.status() == wire::ASSET_SUSPENDED);
    if (!open) {
        return refuse(Code::kNoSuchObjection,
                      {fact("asset", operation.asset()), fact("objector", operation.objector())});
    }
    if (operation.objector() == context.sender) {
        return refuse(Code::kObjectorResolves, {fact("objector", operation.objector())});
    }
    return appealed ? appeal_authority(view, context, asset, *objection) : kPass;
}

Outcome ResolveObjectionContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const Operation& operation = stage.operation;
    const Context& context = stage.context;
    const Bytes key = keys::objection(operation.asset(), operation.objector());
    auto objection = load_existing<wire::ObjectionRecord>(overlay, key);
    TimeMs appeal_ends{0};
    if (objection.has_appeal()) {
        wire::ObjectionAppeal& appeal = *objection.mutable_appeal();
        appeal.set_resolved_by(context.sender);
        appeal.set_resolution(operation.reason());
        appeal.set_resolved_ms(context.time.value);
    } else {
        appeal_ends = add_periods(context.chain.profile, context.time,
                                  parameter(overlay, context, Parameter::kAssetAppealPeriods));
        objection.set_resolved_by(context.sender);
        objection.set_resolution(operation.reason());
        objection.set_resolved_ms(context.time.value);
        objection.set_appeal_ends_ms(appeal_ends.value);
    }
    objection.set_state(operation.upheld() ? wire::OBJECTION_UPHELD : wire::OBJECTION_DISMISSED);
    store(overlay, key, objection);

    wire::AssetRecord asset = load_asset(overlay, operation.asset());
    decide(asset, operation.upheld(), appeal_ends);
    store(overlay, keys::asset(operation.asset()), asset);
    Outcome outcome{operation.asset(),
                    {fact("status", name_of(asset.status())),
                     fact("upheld", operation.upheld() ? "yes" : "no")}};
    outcome.facts.push_back(objection.has_appeal() ? fact("final", "yes")
                                                   : fact("appeal_before", appeal_ends));
    return outcome;
}

}  // namespace sanquan::contracts
