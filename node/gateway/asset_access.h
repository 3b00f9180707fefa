// Who may see an asset's records and trades in full (D9).
#pragma once

#include <optional>
#include <string>

#include "ledger/codec/state_asset.pb.h"
#include "node/gateway/viewer.h"

namespace sanquan::node {

// The record of an asset; kBadRequest (no such code), kNotFound.
Result<wire::AssetRecord> load_asset(const StateSnapshot& state, const std::string& code);

// Its owners, its responsible officer, its sector's authority, and those who see everything.
bool sees_asset(const StateSnapshot& state, const std::string& code, const wire::AssetRecord& asset,
                const std::optional<Viewer>& viewer);

// An open asset is everybody's to read; another one any registered organisation's.
bool may_list(const wire::AssetRecord& asset, const std::optional<Viewer>& viewer);

}  // namespace sanquan::node
