// Registering an asset: the checks and writes that RegisterAsset and AggregateAssets share.
#pragma once

#include <string>

#include "contracts/contract.h"
#include "ledger/codec/state_asset.pb.h"

namespace sanquan::contracts {

// Shape alone: catalogue record complete and within its limits, owners sorted with 10,000 basis
// points, classification.
Verdict preflight_registration(const wire::RegisterAsset& operation);

// Sector, region of the sender, owners and officer registered, dataset not registered before, a
// serial left. kSectorUnknown, kRegionMismatch, kPartyUnknown, kDuplicateDataset, kSerialExhausted.
Verdict check_registration(const wire::RegisterAsset& operation, const Context& context,
                           const ReadView& view);

// Every owner named has signed: kOwnerSignatureMissing and the codes of require_signer.
Verdict owners_agree(const wire::RegisterAsset& operation, const Context& context,
                     const ReadView& view);

struct Registered {
    std::string code;
    wire::AssetRecord asset;  // written already; a caller that changes it stores it again
};

// Gives the next code and starts the public notice.
Registered write_registration(const wire::RegisterAsset& operation, const Context& context,
                              Overlay& overlay);

}  // namespace sanquan::contracts
