#include "contracts/asset_records.h"

#include <algorithm>
#include <utility>

#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/sources.h"
#include "ledger/model/asset_code.h"

namespace sanquan::contracts {

namespace {

auto order_of(const wire::ReviewMark& mark) {
    return std::pair<int, std::string_view>(mark.kind(), mark.sector());
}

}  // namespace

Verdict require_asset(const ReadView& view, std::string_view code) {
    // The check character says which of two mistakes it is: a typing error, or an asset that is not
    // there.
    if (!parse_asset_code(code)) {
        return refuse(Code::kBadAssetCode, {fact("asset", code)});
    }
    return exists(view, keys::asset(code)) ? kPass
                                           : refuse(Code::kNoSuchAsset, {fact("asset", code)});
}

wire::AssetRecord load_asset(const ReadView& view, std::string_view code) {
    return load_existing<wire::AssetRecord>(view, keys::asset(code));
}

const wire::ReviewMark* find_review(const wire::AssetRecord& asset, wire::ReviewKind kind,
                                    std::string_view sector) {
    for (const wire::ReviewMark& mark : asset.reviews()) {
        if (mark.kind() == kind && mark.sector() == sector) {
            return &mark;
        }
    }
    return nullptr;
}

void set_review(wire::AssetRecord& asset, const wire::ReviewMark& mark) {
    auto& reviews = *asset.mutable_reviews();
    for (wire::ReviewMark& present : reviews) {
        if (order_of(present) == order_of(mark)) {
            present = mark;
            return;
        }
    }
    *reviews.Add() = mark;
    std::sort(reviews.begin(), reviews.end(),
              [](const auto& a, const auto& b) { return order_of(a) < order_of(b); });
}

void reopen_reviews(wire::AssetRecord& asset) {
    auto& reviews = *asset.mutable_reviews();
    reviews.erase(std::remove_if(reviews.begin(), reviews.end(),
                                 [](const wire::ReviewMark& mark) { return mark.passed(); }),
                  reviews.end());
}

Verdict require_owner_signatures(const ReadView& view, const Context& context,
                                 const wire::AssetRecord& asset) {
    for (const wire::OwnershipShare& owner : asset.owners()) {
        const std::string& id = owner.organisation();
        const auto record = find_organisation(view, id);
        if (!record || record->threshold() == 0) {
            return refuse(Code::kGrantorUnclaimed, {fact("owner", id)});
        }
        if (!context.signers.contains(id)) {
            return refuse(Code::kOwnerSignatureMissing, {fact("missing_signature_of", id)});
        }
        SANQUAN_TRY_PASS(require_signer(view, context, id));
    }
    return kPass;
}

wire::Level highest_input_level(const ReadView& view, std::string_view code) {
    const auto derivation = load<wire::DerivationRecord>(view, keys::derivation(code));
    return derivation ? highest_level(view, derivation->inputs()) : wire::GENERAL;
}

bool has_ended(wire::AssetStatus status) {
    return status == wire::ASSET_CANCELLED || status == wire::ASSET_REFUSED ||
           status == wire::ASSET_EXPIRED;
}

// The generated names live as long as the program.
std::string_view name_of(wire::AssetStatus status) {
    std::string_view name = wire::AssetStatus_Name(status);
    name.remove_prefix(std::min(name.size(), std::string_view("ASSET_").size()));
    return name;
}
std::string_view name_of(wire::Stage stage) { return wire::Stage_Name(stage); }
std::string_view name_of(wire::Level level) { return wire::Level_Name(level); }
std::string_view name_of(wire::Right right) { return wire::Right_Name(right); }
std::string_view name_of(wire::Action action) { return wire::Action_Name(action); }
std::string_view name_of(wire::ReviewKind kind) { return wire::ReviewKind_Name(kind); }

}  // namespace sanquan::contracts
