#include "contracts/asset_rules.h"

#include <algorithm>
#include <array>

#include "contracts/asset_records.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/odrl_constraint.h"
#include "contracts/rules.h"
#include "contracts/sources.h"
#include "ledger/base/amount.h"
#include "ledger/model/asset_code.h"

namespace sanquan::contracts {

namespace {

// Purposes that touch people closely enough to need an ethics review (row 65); each covers what
// lies below it.
constexpr std::array<std::string_view, 5> kEthicsPurposes = {
    "behaviour-prediction", "biometric-identification", "credit-scoring",
    "genetic-research",     "minors-profiling",
};

bool needs_ethics(std::string_view purpose) {
    return std::any_of(kEthicsPurposes.begin(), kEthicsPurposes.end(), [&](auto listed) {
        const auto relation = odrl::relate(odrl::Operand::kPurpose, purpose, listed);
        return relation == odrl::Relation::kSame || relation == odrl::Relation::kInside;
    });
}

Verdict not_certified(std::string_view code, const wire::AssetRecord& asset) {
    return refuse(
        Code::kAssetNotCertified, {fact("asset", code), fact("status", name_of(asset.status()))},
        {fact("status", "CERTIFIED"), fact("certifiable_after", TimeMs{asset.notice_ends_ms()})});
}

Verdict certified_record(const ReadView& view, const Context& context, std::string_view code,
                         const wire::AssetRecord& asset) {
    const std::vector<Fact> facts = {fact("asset", code), fact("status", name_of(asset.status()))};
    if (asset.status() == wire::ASSET_SUSPENDED) {
        return refuse(Code::kAssetSuspended, facts);
    }
    if (asset.status() == wire::ASSET_OBJECTED) {
        return refuse(Code::kAssetObjected, facts);
    }
    if (asset.status() == wire::ASSET_EXPIRED) {
        return refuse(Code::kAssetCertificateExpired, facts);
    }
    if (has_ended(asset.status())) {
        return refuse(Code::kAssetEnded, facts);
    }
    if (!is_certified(asset.status())) {
        return not_certified(code, asset);
    }
    if (context.time.value >= asset.certificate_until_ms()) {
        return refuse(Code::kAssetCertificateExpired,
                      {fact("asset", code), fact("now", context.time)},
                      {fact("before", TimeMs{asset.certificate_until_ms()})});
    }
    return require_not_frozen(view, context, keys::asset(code));
}

// A negative review of any kind blocks, whether or not the kind is asked for.
Verdict no_negative_review(std::string_view code, const wire::AssetRecord& asset) {
    for (const wire::ReviewMark& mark : asset.reviews()) {
        if (!mark.passed()) {
            return refuse(Code::kReviewNegative,
                          {fact("asset", code), fact("review", name_of(mark.kind()))});
        }
    }
    return kPass;
}

Verdict review_in_force(const Context& context, std::string_view code,
                        const wire::AssetRecord& asset, wire::ReviewKind kind,
                        std::string_view sector = {}) {
    std::vector<Fact> facts = {fact("asset", code), fact("review", name_of(kind))};
    if (!sector.empty()) {
        facts.push_back(fact("sector", sector));
    }
    const wire::ReviewMark* mark = find_review(asset, kind, sector);
    if (mark == nullptr) {
        return refuse(Code::kReviewMissing, std::move(facts));
    }
    if (context.time.value >= mark->valid_until_ms()) {
        facts.push_back(fact("ended", TimeMs{mark->valid_until_ms()}));
        facts.push_back(fact("now", context.time));
        return refuse(Code::kReviewExpired, std::move(facts));
    }
    return kPass;
}

Verdict reviews_in_force(const ReadView& view, const Context& context, std::string_view code,
                         const wire::AssetRecord& asset, const std::vector<std::string>& purposes) {
    SANQUAN_TRY_PASS(review_in_force(context, code, asset, wire::SECRECY));
    const auto from_level = parameter(view, context, Parameter::kSecurityReviewLevel);
    if (static_cast<std::uint64_t>(asset.level()) >= from_level) {
        SANQUAN_TRY_PASS(review_in_force(context, code, asset, wire::SECURITY_REVIEW));
    }
    if (std::any_of(purposes.begin(), purposes.end(), needs_ethics)) {
        SANQUAN_TRY_PASS(review_in_force(context, code, asset, wire::ETHICS));
    }
    return kPass;
}

// A derived asset rests on every source, however far back: each grant live and none at core level,
// each foreign sector's review in force.
Verdict sources_live(const ReadView& view, const Context& context, std::string_view code,
                     const wire::AssetRecord& asset, std::size_t source_grants_max) {
    if (!asset.derived()) {
        return kPass;
    }
    const auto derivation = load_existing<wire::DerivationRecord>(view, keys::derivation(code));
    for (const std::string& sector : derivation.foreign_sectors()) {
        SANQUAN_TRY_PASS(review_in_force(context, code, asset, wire::SECTOR_REVIEW, sector));
    }
    const auto sources = sources_of(view, derivation.inputs());
    SANQUAN_ASSERT(sources.has_value());  // the derivation was refused otherwise
    SANQUAN_TRY_PASS(sources_granted(view, context, *sources, source_grants_max));
    for (const wire::AggregationInput& source : *sources) {
        const wire::Level level = load_asset(view, source.asset()).level();
        if (level >= wire::CORE) {
            return refuse(
                Code::kLevelCore,
                {fact("asset", code), fact("input", source.asset()), fact("level", name_of(level))},
                {fact("level_at_most", name_of(wire::IMPORTANT))});
        }
    }
    return kPass;
}

}  // namespace

std::uint32_t share_of(const wire::AssetRecord& asset, std::string_view organisation) {
    for (const wire::OwnershipShare& owner : asset.owners()) {
        if (owner.organisation() == organisation) {
            return owner.basis_points();
        }
    }
    return 0;
}

Verdict certified(const ReadView& view, const Context& context, std::string_view code) {
    const auto asset = load<wire::AssetRecord>(view, keys::asset(code));
    return asset ? certified_record(view, context, code, *asset) : require_asset(view, code);
}

Verdict ownership_tradable(const ReadView& view, const Context& context, std::string_view code) {
    SANQUAN_TRY_PASS(require_asset(view, code));
    return ownership_tradable(view, context, code, load_asset(view, code), kSourceGrantsMax);
}

Verdict ownership_tradable(const ReadView& view, const Context& context, std::string_view code,
                           const wire::AssetRecord& asset, std::size_t source_grants_max) {
    SANQUAN_TRY_PASS(certified_record(view, context, code, asset));
    if (asset.level() >= wire::CORE) {
        return refuse(Code::kLevelCore,
                      {fact("asset", code), fact("level", name_of(asset.level()))},
                      {fact("level_at_most", name_of(wire::IMPORTANT))});
    }
    if (!asset.level_reviewed()) {
        return refuse(
            Code::kLevelNotReviewed, {fact("asset", code), fact("level", name_of(asset.level()))},
            {fact("level_reviewed_by", "the sector, secrecy or cyber-security authority")});
    }
    SANQUAN_TRY_PASS(no_negative_review(code, asset));
    return sources_live(view, context, code, asset, source_grants_max);
}

Verdict tradable(const ReadView& view, const Context& context, std::string_view code,
                 const std::vector<std::string>& purposes) {
    SANQUAN_TRY_PASS(require_asset(view, code));
    const wire::AssetRecord asset = load_asset(view, code);
    SANQUAN_TRY_PASS(ownership_tradable(view, context, code, asset, kSourceGrantsMax));
    if (asset.responsible_officer().empty()) {
        return refuse(Code::kNoResponsibleOfficer, {fact("asset", code)});
    }
    if (asset.stage() < wire::PROCESSED) {
        return refuse(Code::kStageOrder,
                      {fact("asset", code), fact("stage", name_of(asset.stage()))},
                      {fact("stage_at_least", name_of(wire::PROCESSED))});
    }
    if (asset.source_class() == wire::PERSONAL_DATA && !asset.desensitised()) {
        return refuse(Code::kDesensitisingMissing, {fact("asset", code)});
    }
    return reviews_in_force(view, context, code, asset, purposes);
}

Verdict authority_of_sector(const ReadView& view, const Context& context,
                            std::string_view organisation, std::string_view sector) {
    if (holds_role(view, context, organisation, wire::SECTOR_AUTHORITY, sector)) {
        return kPass;
    }
    const auto record = load<wire::SectorRecord>(view, keys::sector(sector));
    const std::string lead = record ? record->lead() : std::string();
    return refuse(Code::kNotAssetAuthority,
                  {fact("organisation", organisation), fact("sector", sector)},
                  {fact("sector_authority", lead.empty() ? "none yet" : lead)});
}

void advance_stage(Overlay& overlay, std::string_view code, wire::Stage stage) {
    wire::AssetRecord asset = load_asset(overlay, code);
    SANQUAN_ASSERT(asset.stage() == stage || static_cast<int>(asset.stage()) + 1 == stage);
    if (asset.stage() != stage) {
        asset.set_stage(stage);
        store(overlay, keys::asset(code), asset);
    }
}

void transfer_ownership(Overlay& overlay, std::string_view code, const std::string& seller,
                        const std::string& buyer) {
    wire::AssetRecord asset = load_asset(overlay, code);
    const std::uint32_t moved = share_of(asset, seller);
    SANQUAN_ASSERT(moved > 0 && is_certified(asset.status()));
    auto& owners = *asset.mutable_owners();
    owners.erase(std::remove_if(owners.begin(), owners.end(),
                                [&](const auto& owner) { return owner.organisation() == seller; }),
                 owners.end());
    const auto present = std::find_if(owners.begin(), owners.end(), [&](const auto& owner) {
        return owner.organisation() == buyer;
    });
    if (present != owners.end()) {
        present->set_basis_points(present->basis_points() + moved);
    } else {
        wire::OwnershipShare& added = *owners.Add();
        added.set_organisation(buyer);
        added.set_basis_points(moved);
    }
    std::sort(owners.begin(), owners.end(),
              [](const auto& a, const auto& b) { return a.organisation() < b.organisation(); });
    asset.set_status(wire::ASSET_TRANSFERRED);
    store(overlay, keys::asset(code), asset);
}

}  // namespace sanquan::contracts
