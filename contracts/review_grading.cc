// ReviewGrading 分级审定 (GB/T 43697-2024): an authority sets the level; raising it reopens the
// other reviews.
#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/assets.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "ledger/model/asset_code.h"

namespace sanquan::contracts {

namespace {

bool is_security_authority(const ReadView& view, const Context& context) {
    return holds_role(view, context, context.sender, wire::SECRECY_AUTHORITY) ||
           holds_role(view, context, context.sender, wire::CYBER_SECURITY_AUTHORITY);
}

}  // namespace

Verdict ReviewGradingContract::preflight(const Operation& operation, const Context& /*context*/) {
    if (operation.level() < wire::GENERAL || operation.level() > wire::CORE) {
        return refuse(Code::kBadChoice, {fact("field", "level")});
    }
    if (!operation.reason().empty()) {
        SANQUAN_TRY_PASS(check_reason(operation.reason()));
    }
    return check_digest("evidence", operation.evidence());
}

Verdict ReviewGradingContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const Operation& operation = stage.operation;
    const Context& context = stage.context;
    SANQUAN_TRY_PASS(require_asset(view, operation.asset()));
    const bool security = is_security_authority(view, context);
    if (!security &&
        authority_of_sector(view, context, context.sender, sector_of(operation.asset()))) {
        return refuse(Code::kNotGradingAuthority, {fact("sender", context.sender),
                                                   fact("sector", sector_of(operation.asset()))});
    }
    const wire::AssetRecord asset = load_asset(view, operation.asset());
    if (has_ended(asset.status())) {
        return refuse(Code::kAssetEnded, {fact("status", name_of(asset.status()))});
    }
    if (operation.level() < asset.level()) {
        SANQUAN_TRY_PASS(check_reason(operation.reason()));
    }
    const wire::Level inputs = highest_input_level(view, operation.asset());
    // Only those who answer for secrecy and security may sign that a derived asset harms less than
    // its inputs.
    if (operation.level() < inputs && !(security && !operation.reason().empty())) {
        return refuse(
            Code::kLevelBelowInputs,
            {fact("level", name_of(operation.level())), fact("highest_input", name_of(inputs))},
            {fact("signed_by", "secrecy or cyber-security authority, with a reason")});
    }
    return kPass;
}

Outcome ReviewGradingContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const Operation& operation = stage.operation;
    wire::AssetRecord asset = load_asset(overlay, operation.asset());
    const wire::Level before = asset.level();
    if (operation.level() > before) {
        reopen_reviews(asset);
    }
    asset.set_level(operation.level());
    asset.set_level_reviewed(true);
    store(overlay, keys::asset(operation.asset()), asset);
    return {operation.asset(),
            {fact("level", name_of(asset.level())), fact("level_before", name_of(before))}};
}

}  // namespace sanquan::contracts
