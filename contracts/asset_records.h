// Small questions about one asset record and the parts of it that contracts change. Internal to the
// asset contracts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "contracts/contract.h"
#include "contracts/records.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {

// kNoSuchAsset.
Verdict require_asset(const ReadView& view, std::string_view code);

// The asset that an earlier question has found.
wire::AssetRecord load_asset(const ReadView& view, std::string_view code);

// The latest review of a kind (and, for SECTOR_REVIEW, of a sector), or nullptr.
const wire::ReviewMark* find_review(const wire::AssetRecord& asset, wire::ReviewKind kind,
                                    std::string_view sector = {});

// Replaces the mark of the same kind and sector, keeping the order.
void set_review(wire::AssetRecord& asset, const wire::ReviewMark& mark);

// A material change makes what was reviewed another thing: every positive mark goes, negative ones
// stay.
void reopen_reviews(wire::AssetRecord& asset);

// Passes when each owner signed the transaction; kGrantorUnclaimed names an owner that cannot,
// kOwnerSignatureMissing one that has not.
Verdict require_owner_signatures(const ReadView& view, const Context& context,
                                 const wire::AssetRecord& asset);

// The highest level among the present levels of everything that the asset was made from.
wire::Level highest_input_level(const ReadView& view, std::string_view code);

// True for the statuses of an asset whose registration is over for good.
bool has_ended(wire::AssetStatus status);

// "PUBLIC_NOTICE" for ASSET_PUBLIC_NOTICE; likewise the names of stages, levels, rights and
// actions.
std::string_view name_of(wire::AssetStatus status);
std::string_view name_of(wire::Stage stage);
std::string_view name_of(wire::Level level);
std::string_view name_of(wire::Right right);
std::string_view name_of(wire::Action action);
std::string_view name_of(wire::ReviewKind kind);

}  // namespace sanquan::contracts
