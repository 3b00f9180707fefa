// Who holds which right on an asset at a moment, and why: the answer behind /v1/rights?asset=&at=.
//
// "At height h" is the state of height h with the time of its block; the caller chooses both. The
// records that prove an answer are asset/<code> and right/<asset>/<holder>: the absence of the
// latter proves that the holder was never granted anything on the asset.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/block_context.h"
#include "contracts/contract.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/state/read_view.h"

namespace sanquan::contracts {

// The context of a question: nobody asks it and nobody signed. `block` must outlive it.
Context question_context(const BlockContext& block);

struct HeldGrant {
    std::string id;
    wire::GrantRecord record;
    Code state = Code::kOk;             // kOk: in force; else why not (grant_live)
    std::vector<std::string> rests_on;  // parents up to the owner's grant
};

struct AssetRights {
    wire::AssetRecord asset;
    Code state = Code::kOk;         // kOk: its rights can be used; else why not (certified)
    std::vector<HeldGrant> grants;  // newest first
    std::optional<std::uint32_t> next_page;  // pass it on for older grants
};

// One page of the asset's grants, at most limits::kGrantsPerPage; nothing when there is no such
// asset or page.
std::optional<AssetRights> rights_on_asset(const ReadView& view, const BlockContext& block,
                                           std::string_view asset,
                                           std::optional<std::uint32_t> page = std::nullopt);

// What one organisation was granted on the asset, newest first; empty when nothing ever was.
std::vector<HeldGrant> grants_of_holder(const ReadView& view, const BlockContext& block,
                                        std::string_view asset, std::string_view holder);

// The state key whose presence or absence proves the answer of grants_of_holder.
Bytes holder_proof_key(std::string_view asset, std::string_view holder);

}  // namespace sanquan::contracts
