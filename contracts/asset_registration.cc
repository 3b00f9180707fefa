#include "contracts/asset_registration.h"

#include "contracts/asset_records.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/periods.h"
#include "contracts/rules.h"
#include "ledger/base/amount.h"
#include "ledger/base/limits.h"
#include "ledger/crypto/digest.h"
#include "ledger/model/asset_code.h"

namespace sanquan::contracts {

namespace {

constexpr int kKeywordsMax = 64;

Verdict require_field(std::string_view field, std::string_view value) {
    return value.empty() ? refuse(Code::kBadDataset, {fact("missing", field)}) : kPass;
}

Verdict check_dataset(const wire::Dataset& dataset) {
    SANQUAN_TRY_PASS(require_field("catalogue", dataset.catalogue()));
    SANQUAN_TRY_PASS(require_field("identifier", dataset.identifier()));
    SANQUAN_TRY_PASS(require_field("publisher", dataset.publisher()));
    SANQUAN_TRY_PASS(require_field("title", dataset.title().zh() + dataset.title().en()));
    struct Bounded {
        std::string_view field;
        const std::string& value;
        std::size_t bytes_max;
    };
    const Bounded texts[] = {
        {"catalogue", dataset.catalogue(), limits::kReferenceBytesMax},
        {"identifier", dataset.identifier(), limits::kNameBytesMax},
        {"title.zh", dataset.title().zh(), limits::kNameBytesMax},
        {"title.en", dataset.title().en(), limits::kNameBytesMax},
        {"publisher", dataset.publisher(), limits::kNameBytesMax},
        {"media_type", dataset.media_type(), limits::kReferenceBytesMax},
        {"accrual_periodicity", dataset.accrual_periodicity(), limits::kReferenceBytesMax},
        {"spatial", dataset.spatial(), limits::kNameBytesMax},
        {"temporal", dataset.temporal(), limits::kNameBytesMax},
        {"license", dataset.license(), limits::kNameBytesMax},
        {"landing_page", dataset.landing_page(), 2 * limits::kNameBytesMax},
        {"issued", dataset.issued(), limits::kIdentifierBytesMax},
        {"modified", dataset.modified(), limits::kIdentifierBytesMax},
    };
    for (const Bounded& text : texts) {
        SANQUAN_TRY_PASS(check_optional_name(text.field, text.value, text.bytes_max));
    }
    if (dataset.keywords_size() > kKeywordsMax) {
        return refuse(Code::kTooLong, {fact("field", "keywords")},
                      {fact("at_most", std::uint64_t{kKeywordsMax})});
    }
    for (const std::string& keyword : dataset.keywords()) {
        SANQUAN_TRY_PASS(check_optional_name("keywords", keyword, limits::kReferenceBytesMax));
    }
    return dataset.description().empty() ? kPass
                                         : check_digest("description", dataset.description());
}

Verdict check_owners(const wire::RegisterAsset& operation) {
    if (operation.owners().empty() ||
        operation.owners_size() > static_cast<int>(limits::kOwnersMax)) {
        return refuse(Code::kBadOwners,
                      {fact("owners", static_cast<std::uint64_t>(operation.owners_size()))});
    }
    std::uint64_t sum = 0;
    std::string_view previous;
    for (const wire::OwnershipShare& owner : operation.owners()) {
        if (owner.organisation() <= previous) {
            return refuse(Code::kBadOwners, {fact("owner", owner.organisation())});
        }
        previous = owner.organisation();
        if (owner.basis_points() == 0) {
            return refuse(Code::kBadShares, {fact("owner", owner.organisation()),
                                             fact("basis_points", std::uint64_t{0})});
        }
        sum += owner.basis_points();
    }
    return sum == kBasisPointsWhole ? kPass
                                    : refuse(Code::kBadShares, {fact("sum", sum)},
                                             {fact("sum", std::uint64_t{kBasisPointsWhole})});
}

Verdict check_classification(const wire::RegisterAsset& operation) {
    const auto missing = [](std::string_view field) {
        return refuse(Code::kClassificationMissing, {fact("missing", field)});
    };
    if (operation.level() < wire::GENERAL || operation.level() > wire::CORE) {
        return missing("level");
    }
    if (operation.source_class() < wire::PUBLIC_DATA ||
        operation.source_class() > wire::PERSONAL_DATA) {
        return missing("source_class");
    }
    if (operation.dataset().access() < wire::PUBLIC ||
        operation.dataset().access() > wire::NON_PUBLIC) {
        return missing("dataset.access");
    }
    return operation.dataset().media_type().empty() ? missing("dataset.media_type") : kPass;
}

Bytes dataset_key(const wire::Dataset& dataset, const Context& context) {
    // Neither part holds a control character (check_dataset), so the separator keeps them apart.
    const Bytes body = dataset.catalogue() + '\n' + dataset.identifier();
    const Digest digest = domain_digest(context.chain.hash, "dataset-id", context.chain.id, body);
    return keys::dataset_id(digest.hex());
}

// A registration that was refused or cancelled does not keep the dataset from its owner, unless an
// appeal may still bring it back.
Verdict check_free(const wire::Dataset& dataset, const std::string& code, const Context& context,
                   const ReadView& view) {
    const wire::AssetRecord asset = load_asset(view, code);
    const std::vector<Fact> facts = {fact("identifier", dataset.identifier()), fact("asset", code)};
    if (!has_ended(asset.status())) {
        return refuse(Code::kDuplicateDataset, facts);
    }
    return context.time.value < asset.appeal_ends_ms()
               ? refuse(Code::kDuplicateDataset, facts,
                        {fact("not_before", TimeMs{asset.appeal_ends_ms()})})
               : kPass;
}

std::uint64_t last_serial(const wire::RegisterAsset& operation, const ReadView& view) {
    const auto record = load<wire::AssetSerialRecord>(
        view, keys::asset_serial(operation.region(), operation.sector()));
    return record ? record->last() : 0;
}

wire::AssetRecord make_record(const wire::RegisterAsset& operation, TimeMs notice_ends) {
    wire::AssetRecord asset;
    asset.set_status(wire::ASSET_PUBLIC_NOTICE);
    asset.set_stage(wire::REGISTERED);
    asset.set_level(operation.level());
    asset.set_source_class(operation.source_class());
    asset.set_access(operation.dataset().access());
    *asset.mutable_owners() = operation.owners();
    asset.set_content(operation.content());
    asset.set_responsible_officer(operation.responsible_officer());
    asset.set_notice_ends_ms(notice_ends.value);
    return asset;
}

}  // namespace

Verdict preflight_registration(const wire::RegisterAsset& operation) {
    SANQUAN_TRY_PASS(check_dataset(operation.dataset()));
    SANQUAN_TRY_PASS(check_owners(operation));
    SANQUAN_TRY_PASS(check_classification(operation));
    return operation.content().empty() ? kPass : check_digest("content", operation.content());
}

Verdict check_registration(const wire::RegisterAsset& operation, const Context& context,
                           const ReadView& view) {
    SANQUAN_TRY_PASS(require_sector(view, operation.sector()));
    if (!is_sector_shape(operation.sector())) {  // such a sector can give no asset code
        return refuse(Code::kSectorUnknown, {fact("sector", operation.sector())},
                      {fact("sector", "a capital letter and two digits")});
    }
    const auto sender = find_organisation(view, context.sender);
    SANQUAN_ASSERT(sender.has_value());  // the registry has asked
    if (operation.region() != sender->region() || !is_region_shape(operation.region())) {
        return refuse(Code::kRegionMismatch, {fact("region", operation.region())},
                      {fact("region", sender->region())});
    }
    for (const wire::OwnershipShare& owner : operation.owners()) {
        SANQUAN_TRY_PASS(require_registered(view, owner.organisation()));
    }
    if (!operation.responsible_officer().empty()) {
        SANQUAN_TRY_PASS(require_registered(view, operation.responsible_officer()));
    }
    const auto present =
        load<wire::DatasetIdRecord>(view, dataset_key(operation.dataset(), context));
    if (present) {
        SANQUAN_TRY_PASS(check_free(operation.dataset(), present->asset(), context, view));
    }
    if (last_serial(operation, view) >= kAssetSerialMax) {
        return refuse(Code::kSerialExhausted,
                      {fact("region", operation.region()), fact("sector", operation.sector())});
    }
    return kPass;
}

Verdict owners_agree(const wire::RegisterAsset& operation, const Context& context,
                     const ReadView& view) {
    for (const wire::OwnershipShare& owner : operation.owners()) {
        if (!context.signers.contains(owner.organisation())) {
            return refuse(Code::kOwnerSignatureMissing,
                          {fact("missing_signature_of", owner.organisation())});
        }
        SANQUAN_TRY_PASS(require_signer(view, context, owner.organisation()));
    }
    return kPass;
}

Registered write_registration(const wire::RegisterAsset& operation, const Context& context,
                              Overlay& overlay) {
    const std::uint64_t serial = last_serial(operation, overlay) + 1;
    wire::AssetSerialRecord counter;
    counter.set_last(serial);
    store(overlay, keys::asset_serial(operation.region(), operation.sector()), counter);

    const TimeMs notice_ends =
        add_periods(context.chain.profile, context.time,
                    parameter(overlay, context, Parameter::kAssetNoticePeriods));
    Registered registered{format({operation.region(), operation.sector(), serial}),
                          make_record(operation, notice_ends)};
    store(overlay, keys::asset(registered.code), registered.asset);

    wire::DatasetRecord dataset;
    *dataset.mutable_dataset() = operation.dataset();
    dataset.set_registered_by(context.sender);
    dataset.set_registered_ms(context.time.value);
    store(overlay, keys::dataset(registered.code), dataset);

    wire::DatasetIdRecord id;
    id.set_asset(registered.code);
    store(overlay, dataset_key(operation.dataset(), context), id);
    return registered;
}

}  // namespace sanquan::contracts
