// RecordReview 审查: secrecy, security, ethics, and the review by a foreign sector whose data went
// into the asset.
#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/assets.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/rules.h"
#include "ledger/model/asset_code.h"

namespace sanquan::contracts {

namespace {

bool is_reviewer(const wire::RecordReview& operation, const Context& context,
                 const ReadView& view) {
    const auto holds = [&](wire::Role role) {
        return holds_role(view, context, context.sender, role);
    };
    switch (operation.kind()) {
        case wire::SECRECY:
            return holds(wire::SECRECY_AUTHORITY);
        case wire::SECURITY_REVIEW:
            return holds(wire::CYBER_SECURITY_AUTHORITY);
        case wire::ETHICS:
            return holds(wire::INFORMATISATION_AUTHORITY) ||
                   !authority_of_sector(view, context, context.sender,
                                        sector_of(operation.asset()));
        case wire::SECTOR_REVIEW:
            return !authority_of_sector(view, context, context.sender, operation.sector());
        case wire::REVIEW_KIND_UNSPECIFIED:
        case wire::ReviewKind_INT_MIN_SENTINEL_DO_NOT_USE_:
        case wire::ReviewKind_INT_MAX_SENTINEL_DO_NOT_USE_:
            break;
    }
    return false;
}

bool is_source_sector(const wire::RecordReview& operation, const ReadView& view) {
    const auto derivation = load<wire::DerivationRecord>(view, keys::derivation(operation.asset()));
    if (!derivation) {
        return false;
    }
    for (const std::string& sector : derivation->foreign_sectors()) {
        if (sector == operation.sector()) {
            return true;
        }
    }
    return false;
}

Verdict check_term(const wire::RecordReview& operation, const Context& context,
                   const ReadView& view) {
    const auto longest = parameter(view, context, Parameter::kReviewTermMsMax);
    const std::uint64_t now = context.time.value;
    if (!operation.passed() ||
        (operation.valid_until_ms() > now && operation.valid_until_ms() - now <= longest)) {
        return kPass;
    }
    return refuse(
        Code::kReviewTermInvalid,
        {fact("valid_until", TimeMs{operation.valid_until_ms()}), fact("now", context.time)},
        {parameter_fact(view, context, Parameter::kReviewTermMsMax)});
}

}  // namespace

Verdict RecordReviewContract::preflight(const Operation& operation, const Context& /*context*/) {
    if (operation.kind() < wire::SECRECY || operation.kind() > wire::SECTOR_REVIEW) {
        return refuse(Code::kBadChoice, {fact("field", "kind")});
    }
    if ((operation.kind() == wire::SECTOR_REVIEW) == operation.sector().empty()) {
        return refuse(Code::kBadChoice, {fact("field", "sector")},
                      {fact("sector", "named in a SECTOR_REVIEW and in no other")});
    }
    if (!operation.passed() || !operation.reason().empty()) {
        SANQUAN_TRY_PASS(check_reason(operation.reason()));
    }
    return check_digest("evidence", operation.evidence());
}

Verdict RecordReviewContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const Operation& operation = stage.operation;
    SANQUAN_TRY_PASS(require_asset(view, operation.asset()));
    if (!is_reviewer(operation, stage.context, view)) {
        return refuse(Code::kNotReviewAuthority, {fact("sender", stage.context.sender),
                                                  fact("review", name_of(operation.kind()))});
    }
    if (operation.kind() == wire::SECTOR_REVIEW && !is_source_sector(operation, view)) {
        return refuse(Code::kNoSuchSource,
                      {fact("asset", operation.asset()), fact("sector", operation.sector())});
    }
    const wire::AssetRecord asset = load_asset(view, operation.asset());
    if (has_ended(asset.status())) {
        return refuse(Code::kAssetEnded, {fact("status", name_of(asset.status()))});
    }
    return check_term(operation, stage.context, view);
}

Outcome RecordReviewContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const Operation& operation = stage.operation;
    wire::ReviewMark mark;
    mark.set_kind(operation.kind());
    mark.set_passed(operation.passed());
    mark.set_valid_until_ms(operation.passed() ? operation.valid_until_ms() : 0);
    mark.set_sector(operation.sector());
    wire::AssetRecord asset = load_asset(overlay, operation.asset());
    set_review(asset, mark);
    store(overlay, keys::asset(operation.asset()), asset);

    wire::ReviewRecord review;
    review.set_passed(operation.passed());
    review.set_evidence(operation.evidence());
    review.set_valid_until_ms(mark.valid_until_ms());
    review.set_reason(operation.reason());
    review.set_reviewer(stage.context.sender);
    review.set_time_ms(stage.context.time.value);
    store(overlay, keys::review(operation.asset(), name_of(operation.kind()), operation.sector()),
          review);
    return {operation.asset(),
            {fact("review", name_of(operation.kind())),
             fact("passed", operation.passed() ? "yes" : "no")}};
}

}  // namespace sanquan::contracts
