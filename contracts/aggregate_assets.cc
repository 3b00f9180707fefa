// AggregateAssets 整合汇集: a new asset out of licensed inputs; what it may be used for lies within
// each input's licence.
//
// The output starts its own notice at stage AGGREGATED, graded at least as high as its inputs and
// without any review, so that the secrecy review is made anew (row 29) and trade waits for the
// review of every foreign sector (row 63).
#include <algorithm>
#include <set>

#include "contracts/asset_records.h"
#include "contracts/asset_registration.h"
#include "contracts/asset_rules.h"
#include "contracts/explain.h"
#include "contracts/odrl.h"
#include "contracts/sources.h"
#include "contracts/stages.h"
#include "ledger/base/limits.h"
#include "ledger/model/asset_code.h"

namespace sanquan::contracts {

namespace {

Verdict check_inputs_shape(const wire::AggregateAssets& operation) {
    const int count = operation.inputs_size();
    if (count < 2 || count > static_cast<int>(limits::kAggregationInputsMax)) {
        return refuse(Code::kBadInputs, {fact("inputs", static_cast<std::uint64_t>(count))});
    }
    std::string_view previous;
    for (const wire::AggregationInput& input : operation.inputs()) {
        if (input.asset() <= previous) {
            return refuse(Code::kBadInputs, {fact("input", input.asset())});
        }
        previous = input.asset();
    }
    return kPass;
}

Verdict check_classes(const wire::RegisterAsset& output, const wire::AggregationInput& input,
                      const wire::AssetRecord& asset) {
    if (output.level() < asset.level()) {
        return refuse(Code::kLevelBelowInputs,
                      {fact("level", name_of(output.level())), fact("input", input.asset())},
                      {fact("level_at_least", name_of(asset.level()))});
    }
    const bool personal = asset.source_class() == wire::PERSONAL_DATA && !asset.desensitised();
    if (personal && output.source_class() != wire::PERSONAL_DATA) {
        return refuse(Code::kSourceClassLost, {fact("input", input.asset())},
                      {fact("source_class", "PERSONAL_DATA")});
    }
    return kPass;
}

Verdict check_licence(const wire::AggregateAssets& operation, const wire::AggregationInput& input,
                      const ReadView& view) {
    const auto grant = load_existing<wire::GrantRecord>(view, keys::grant(input.grant()));
    if (within(operation.constraints(), grant.constraints()) == Truth::kTrue) {
        return kPass;
    }
    std::vector<Fact> needed;
    for (const wire::Constraint& constraint : grant.constraints()) {
        needed.push_back(fact("within", to_text(constraint)));
    }
    return refuse(Code::kOutputLicenceWidened,
                  {fact("input", input.asset()), fact("grant", input.grant())}, std::move(needed));
}

Verdict check_input(const wire::AggregateAssets& operation, const wire::AggregationInput& input,
                    const Context& context, const ReadView& view) {
    SANQUAN_TRY_PASS(certified(view, context, input.asset()));
    const wire::AssetRecord asset = load_asset(view, input.asset());
    if (asset.stage() < wire::LICENSED) {
        return refuse(Code::kSourceNotLicensed,
                      {fact("input", input.asset()), fact("stage", name_of(asset.stage()))},
                      {fact("stage_at_least", name_of(wire::LICENSED))});
    }
    SANQUAN_TRY_PASS(may_act_under(view, context, input.grant(), context.sender, input.asset(),
                                   wire::AGGREGATE));
    SANQUAN_TRY_PASS(check_classes(operation.output(), input, asset));
    return check_licence(operation, input, view);
}

// As high as the sources of every depth: an input may stand below its own since they were raised.
Verdict check_level(const wire::AggregateAssets& operation, const ReadView& view) {
    const wire::Level highest = highest_level(view, operation.inputs());
    if (operation.output().level() >= highest) {
        return kPass;
    }
    return refuse(Code::kLevelBelowInputs, {fact("level", name_of(operation.output().level()))},
                  {fact("level_at_least", name_of(highest))});
}

std::set<std::string> foreign_sectors(const wire::AggregateAssets& operation,
                                      const ReadView& view) {
    const auto sources = sources_of(view, operation.inputs());
    SANQUAN_ASSERT(sources.has_value());  // check() has asked
    std::set<std::string> sectors;
    for (const wire::AggregationInput& source : *sources) {
        sectors.emplace(sector_of(source.asset()));
    }
    sectors.erase(operation.output().sector());
    return sectors;
}

// "Output belongs to the declared lead sector": one of those that gave data.
Verdict check_lead_sector(const wire::AggregateAssets& operation) {
    const bool lead =
        std::any_of(operation.inputs().begin(), operation.inputs().end(),
                    [&](const wire::AggregationInput& input) {
                        return sector_of(input.asset()) == operation.output().sector();
                    });
    return lead ? kPass
                : refuse(Code::kLeadSectorMismatch, {fact("sector", operation.output().sector())});
}

}  // namespace

Verdict AggregateAssetsContract::preflight(const Operation& operation, const Context& /*context*/) {
    SANQUAN_TRY_PASS(preflight_registration(operation.output()));
    if (operation.output().content().empty()) {
        return refuse(Code::kContentMissing, {fact("field", "output.content")});
    }
    SANQUAN_TRY_PASS(check_inputs_shape(operation));
    SANQUAN_TRY_PASS(check_lead_sector(operation));
    return check_constraints(operation.constraints());
}

Verdict AggregateAssetsContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    for (const wire::AggregationInput& input : stage.operation.inputs()) {
        SANQUAN_TRY_PASS(check_input(stage.operation, input, stage.context, view));
    }
    SANQUAN_TRY_PASS(sources_granted(view, stage.context, stage.operation.inputs()));
    SANQUAN_TRY_PASS(check_level(stage.operation, view));
    SANQUAN_TRY_PASS(check_registration(stage.operation.output(), stage.context, view));
    return owners_agree(stage.operation.output(), stage.context, view);
}

Outcome AggregateAssetsContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const Operation& operation = stage.operation;
    Registered output = write_registration(operation.output(), stage.context, overlay);
    output.asset.set_stage(wire::AGGREGATED);
    output.asset.set_derived(true);
    store(overlay, keys::asset(output.code), output.asset);

    wire::DerivationRecord derivation;
    *derivation.mutable_inputs() = operation.inputs();
    *derivation.mutable_constraints() = operation.constraints();
    derivation.set_operator_(stage.context.sender);
    derivation.set_time_ms(stage.context.time.value);
    for (const std::string& sector : foreign_sectors(operation, overlay)) {
        derivation.add_foreign_sectors(sector);
    }
    store(overlay, keys::derivation(output.code), derivation);
    return {output.code,
            {fact("stage", name_of(output.asset.stage())),
             fact("inputs", static_cast<std::uint64_t>(operation.inputs_size())),
             fact("notice_ends", TimeMs{output.asset.notice_ends_ms()})}};
}

}  // namespace sanquan::contracts
