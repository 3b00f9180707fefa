// ObjectToAsset 异议: blocks certificate and trade until an authority has resolved it.
//
// During the notice anybody on the ledger may object; afterwards an owner or an authority only, so
// that nobody can stop the trade of everything.
#include "contracts/asset_life_cycle.h"
#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/assets.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "ledger/base/limits.h"
#include "ledger/model/asset_code.h"

namespace sanquan::contracts {

namespace {

// BOUND: what an authority can be asked to resolve, not what is stored, since each objection has a
// record of its own. Owners and authorities are heard beyond it, so no crowd can shut them out.
constexpr std::uint32_t kStrangersMax = 64 * limits::kOpenObjectionsMax;

wire::AssetStatus standing(const wire::AssetRecord& asset) {
    return asset.status() == wire::ASSET_OBJECTED ? asset.status_before() : asset.status();
}

bool may_object_late(const ReadView& view, const Context& context, std::string_view code,
                     const wire::AssetRecord& asset) {
    const std::string& sender = context.sender;
    return share_of(asset, sender) > 0 ||
           holds_role(view, context, sender, wire::INFORMATISATION_AUTHORITY) ||
           holds_role(view, context, sender, wire::SECRECY_AUTHORITY) ||
           holds_role(view, context, sender, wire::CYBER_SECURITY_AUTHORITY) ||
           !authority_of_sector(view, context, sender, sector_of(code));
}

}  // namespace

Verdict ObjectToAssetContract::preflight(const Operation& operation, const Context& /*context*/) {
    SANQUAN_TRY_PASS(check_reason(operation.reason()));
    return check_digest("evidence", operation.evidence());
}

Verdict ObjectToAssetContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const std::string& code = stage.operation.asset();
    const Context& context = stage.context;
    SANQUAN_TRY_PASS(require_asset(view, code));
    const wire::AssetRecord asset = load_asset(view, code);
    if (asset.status() != wire::ASSET_OBJECTED && !is_open_to_objection(asset.status())) {
        return refuse(Code::kAssetStatus, {fact("status", name_of(asset.status()))});
    }
    const bool in_notice =
        standing(asset) == wire::ASSET_PUBLIC_NOTICE && context.time.value < asset.notice_ends_ms();
    if (!in_notice && !may_object_late(view, context, code, asset)) {
        return refuse(Code::kNoticeEnded, {fact("notice_ended", TimeMs{asset.notice_ends_ms()}),
                                           fact("now", context.time)});
    }
    if (exists(view, keys::objection(code, context.sender))) {
        return refuse(Code::kObjectionRepeated, {fact("objector", context.sender)});
    }
    if (asset.open_objections() >= kStrangersMax && !may_object_late(view, context, code, asset)) {
        return refuse(Code::kObjectionLimit,
                      {fact("open_objections", std::uint64_t{asset.open_objections()})});
    }
    return kPass;
}

Outcome ObjectToAssetContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const std::string& code = stage.operation.asset();
    wire::AssetRecord asset = load_asset(overlay, code);
    if (asset.status() != wire::ASSET_OBJECTED) {
        asset.set_status_before(asset.status());
        asset.set_status(wire::ASSET_OBJECTED);
    }
    asset.set_open_objections(asset.open_objections() + 1);
    store(overlay, keys::asset(code), asset);

    wire::ObjectionRecord objection;
    objection.set_state(wire::OBJECTION_OPEN);
    objection.set_reason(stage.operation.reason());
    objection.set_evidence(stage.operation.evidence());
    objection.set_time_ms(stage.context.time.value);
    store(overlay, keys::objection(code, stage.context.sender), objection);
    return {code,
            {fact("status", name_of(asset.status())),
             fact("open_objections", std::uint64_t{asset.open_objections()})}};
}

}  // namespace sanquan::contracts
