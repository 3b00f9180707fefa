// CertifyAsset 确权: after the notice, without open objections, the sector's authority issues the
// certificate.
#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/assets.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/rules.h"
#include "ledger/model/asset_code.h"

namespace sanquan::contracts {

namespace {

constexpr std::string_view kCertificatePrefix = "C-";

}  // namespace

Verdict CertifyAssetContract::preflight(const Operation& /*operation*/,
                                        const Context& /*context*/) {
    return kPass;
}

Verdict CertifyAssetContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const std::string& code = stage.operation.asset();
    SANQUAN_TRY_PASS(require_asset(view, code));
    SANQUAN_TRY_PASS(
        authority_of_sector(view, stage.context, stage.context.sender, sector_of(code)));
    const wire::AssetRecord asset = load_asset(view, code);
    if (asset.open_objections() > 0 && asset.status() == wire::ASSET_OBJECTED) {
        return refuse(Code::kObjectionOpen,
                      {fact("open_objections", std::uint64_t{asset.open_objections()})});
    }
    if (asset.status() != wire::ASSET_PUBLIC_NOTICE) {
        return refuse(Code::kAssetStatus, {fact("status", name_of(asset.status()))},
                      {fact("status", name_of(wire::ASSET_PUBLIC_NOTICE))});
    }
    if (stage.context.time.value < asset.notice_ends_ms()) {
        return refuse(Code::kNoticeOpen, {fact("now", stage.context.time)},
                      {fact("not_before", TimeMs{asset.notice_ends_ms()})});
    }
    return require_not_frozen(view, stage.context, keys::asset(code));
}

Outcome CertifyAssetContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const std::string& code = stage.operation.asset();
    const auto term = parameter(overlay, stage.context, Parameter::kCertificateTermMs);
    wire::AssetRecord asset = load_asset(overlay, code);
    asset.set_status(wire::ASSET_CERTIFIED);
    // A code is certified once and never reused, so its own characters make a unique number.
    asset.set_certificate(std::string(kCertificatePrefix) + code);
    asset.set_certificate_until_ms(stage.context.time.value + term);
    store(overlay, keys::asset(code), asset);
    const bool demo = stage.context.chain.profile == ChainProfile::kDemo;
    return {code,
            {fact("certificate", asset.certificate()),
             fact("valid_until", TimeMs{asset.certificate_until_ms()}),
             fact("profile", demo ? "demo" : "production")}};
}

}  // namespace sanquan::contracts
