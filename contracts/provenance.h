// Where an asset comes from: its sources, the grants that allowed each step, and the steps
// themselves, as a bounded graph that a W3C PROV export can be written from (asset = Entity,
// derivation and processing = Activity, party = Agent).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/contract.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/state/read_view.h"

namespace sanquan::contracts {

struct ProvenanceSource {
    std::size_t node = 0;  // index in Provenance::nodes
    std::string grant;     // under which the data was taken
    wire::GrantRecord grant_record;
};

struct ProvenanceNode {
    std::string asset;
    wire::AssetRecord record;
    wire::DatasetRecord dataset;
    std::optional<wire::DerivationRecord> derivation;
    std::vector<wire::ProcessingRecord> processings;                        // in order
    std::vector<std::pair<std::string, wire::NotNeededRecord>> not_needed;  // stage, reason
    std::vector<ProvenanceSource> sources;
    bool sources_left_off = false;  // the graph's limit was reached here
};

struct Provenance {
    std::vector<ProvenanceNode> nodes;  // the asset asked for first; each asset once
};

constexpr std::size_t kProvenanceNodesMax = 256;
constexpr std::size_t kProcessingsShownMax = 64;  // the newest of each asset

// Breadth first from `asset`, at most kProvenanceNodesMax assets; nothing when there is no such
// asset.
std::optional<Provenance> provenance_of(const ReadView& view, std::string_view asset);

}  // namespace sanquan::contracts
