// ProcessAsset 处理加工: a chain of signed steps from the asset's content to its new content.
//
// Decryption, desensitising and annotation are done by accredited providers that sign and are no
// party to the asset; other steps by the sender itself or by a provider. New content is a material
// change: what was reviewed before is reviewed again.
#include "contracts/asset_life_cycle.h"
#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/stages.h"
#include "ledger/base/limits.h"

namespace sanquan::contracts {

namespace {

struct Accreditation {
    wire::ProviderKind kind = wire::PROVIDER_KIND_UNSPECIFIED;  // none exists for transformation
    bool required = false;                                      // even when the sender works itself
};

Accreditation accreditation_for(wire::ProcessingKind kind) {
    switch (kind) {
        case wire::STEP_DECRYPTION:
            return {wire::DECRYPTION, true};
        case wire::STEP_DESENSITISING:
            return {wire::DESENSITISING, true};
        case wire::STEP_ANNOTATION:
            return {wire::ANNOTATION, true};
        case wire::STEP_CLEANING:
            return {wire::CLEANING, false};
        case wire::STEP_LABELLING:
            return {wire::LABELLING, false};
        case wire::STEP_TRANSFORMATION:
        case wire::PROCESSING_KIND_UNSPECIFIED:
        case wire::ProcessingKind_INT_MIN_SENTINEL_DO_NOT_USE_:
        case wire::ProcessingKind_INT_MAX_SENTINEL_DO_NOT_USE_:
            break;
    }
    return {};
}

Verdict check_step_shape(const wire::ProcessingStep& step) {
    const auto missing = [](std::string_view field) {
        return refuse(Code::kBadStep, {fact("field", field)});
    };
    if (step.kind() < wire::STEP_DECRYPTION || step.kind() > wire::STEP_TRANSFORMATION) {
        return missing("kind");
    }
    if (step.tool().empty() || step.tool_version().empty()) {
        return missing("tool");
    }
    if (step.operator_().empty()) {
        return missing("operator");
    }
    if (step.input().size() != kDigestBytes || step.output().size() != kDigestBytes) {
        return missing("input, output");
    }
    SANQUAN_TRY_PASS(check_optional_name("tool", step.tool(), limits::kReferenceBytesMax));
    SANQUAN_TRY_PASS(
        check_optional_name("tool_version", step.tool_version(), limits::kReferenceBytesMax));
    return check_optional_name("standard", step.standard(), limits::kReferenceBytesMax);
}

Verdict check_operator(const wire::ProcessingStep& step, const wire::AssetRecord& asset,
                       const Context& context, const ReadView& view) {
    const Accreditation needed = accreditation_for(step.kind());
    const bool own_work = step.operator_() == context.sender;
    if (own_work && !needed.required) {
        return kPass;
    }
    SANQUAN_TRY_PASS(require_registered(view, step.operator_()));
    if (needed.kind != wire::PROVIDER_KIND_UNSPECIFIED &&
        !holds_role(view, context, step.operator_(), wire::SERVICE_PROVIDER,
                    keys::word(needed.kind))) {
        return refuse(Code::kProviderNotAccredited,
                      {fact("operator", step.operator_()),
                       fact("step", wire::ProcessingKind_Name(step.kind()))},
                      {fact("accreditation", keys::word(needed.kind))});
    }
    if (needed.required && (own_work || share_of(asset, step.operator_()) > 0)) {
        return refuse(Code::kProviderIsParty, {fact("operator", step.operator_())});
    }
    return require_signer(view, context, step.operator_());
}

Verdict check_chain(const wire::ProcessAsset& operation, const wire::AssetRecord& asset) {
    if (asset.content().empty()) {
        return refuse(Code::kContentMissing, {fact("asset", operation.asset())});
    }
    std::string_view content = asset.content();
    std::uint64_t number = 1;
    for (const wire::ProcessingStep& step : operation.steps()) {
        if (step.input() != content) {
            return refuse(Code::kStepChainBroken,
                          {fact("step", number), hex_fact("input", step.input())},
                          {hex_fact("input", content)});
        }
        content = step.output();
        ++number;
    }
    return kPass;
}

bool desensitises(const wire::ProcessAsset& operation) {
    for (const wire::ProcessingStep& step : operation.steps()) {
        if (step.kind() == wire::STEP_DESENSITISING) {
            return true;
        }
    }
    return false;
}

Verdict check_stage(const wire::ProcessAsset& operation, const wire::AssetRecord& asset) {
    if (asset.stage() != wire::PROCESSED) {
        SANQUAN_TRY_PASS(stage_follows(asset.stage(), wire::PROCESSED));
    }
    if (asset.source_class() == wire::PERSONAL_DATA && !asset.desensitised() &&
        !desensitises(operation)) {
        return refuse(Code::kDesensitisingMissing, {fact("asset", operation.asset())},
                      {fact("step", "STEP_DESENSITISING")});
    }
    return kPass;
}

}  // namespace

Verdict ProcessAssetContract::preflight(const Operation& operation, const Context& /*context*/) {
    if (operation.steps().empty() ||
        operation.steps_size() > static_cast<int>(limits::kProcessingStepsMax)) {
        return refuse(Code::kBadStep,
                      {fact("steps", static_cast<std::uint64_t>(operation.steps_size()))},
                      {fact("steps_at_most", std::uint64_t{limits::kProcessingStepsMax})});
    }
    for (const wire::ProcessingStep& step : operation.steps()) {
        SANQUAN_TRY_PASS(check_step_shape(step));
    }
    return kPass;
}

Verdict ProcessAssetContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const Operation& operation = stage.operation;
    const Context& context = stage.context;
    SANQUAN_TRY_PASS(certified(view, context, operation.asset()));
    SANQUAN_TRY_PASS(
        operation.grant().empty()
            ? holds_right(view, context, context.sender, operation.asset(), wire::PROCESS)
            : may_act_under(view, context, operation.grant(), context.sender, operation.asset(),
                            wire::PROCESS));
    const wire::AssetRecord asset = load_asset(view, operation.asset());
    SANQUAN_TRY_PASS(check_stage(operation, asset));
    SANQUAN_TRY_PASS(check_chain(operation, asset));
    for (const wire::ProcessingStep& step : operation.steps()) {
        SANQUAN_TRY_PASS(check_operator(step, asset, context, view));
    }
    return kPass;
}

Outcome ProcessAssetContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const Operation& operation = stage.operation;
    wire::AssetRecord asset = load_asset(overlay, operation.asset());
    asset.set_processings(asset.processings() + 1);
    asset.set_content(operation.steps(operation.steps_size() - 1).output());
    asset.set_stage(wire::PROCESSED);
    asset.set_status(wire::ASSET_CHANGED);
    asset.set_desensitised(asset.desensitised() || desensitises(operation));
    reopen_reviews(asset);
    store(overlay, keys::asset(operation.asset()), asset);

    wire::ProcessingRecord record;
    *record.mutable_steps() = operation.steps();
    record.set_grant(operation.grant());
    record.set_operator_(stage.context.sender);
    record.set_time_ms(stage.context.time.value);
    store(overlay, keys::processing(operation.asset(), asset.processings()), record);
    return {operation.asset(),
            {fact("stage", name_of(asset.stage())), hex_fact("content", asset.content())}};
}

}  // namespace sanquan::contracts
