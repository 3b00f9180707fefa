#include "contracts/provenance.h"

#include <algorithm>
#include <map>

#include "contracts/asset_records.h"

namespace sanquan::contracts {

namespace {

ProvenanceNode describe(const ReadView& view, const std::string& asset) {
    ProvenanceNode node;
    node.asset = asset;
    node.record = load_asset(view, asset);
    node.dataset = load_existing<wire::DatasetRecord>(view, keys::dataset(asset));
    node.derivation = load<wire::DerivationRecord>(view, keys::derivation(asset));
    const std::uint32_t last = node.record.processings();
    const std::uint32_t shown = std::min(last, static_cast<std::uint32_t>(kProcessingsShownMax));
    for (std::uint32_t number = last - shown + 1; number <= last; ++number) {
        node.processings.push_back(
            load_existing<wire::ProcessingRecord>(view, keys::processing(asset, number)));
    }
    for (const wire::Stage stage : {wire::AGGREGATED, wire::PROCESSED}) {
        if (auto reason =
                load<wire::NotNeededRecord>(view, keys::not_needed(asset, name_of(stage)))) {
            node.not_needed.emplace_back(name_of(stage), std::move(*reason));
        }
    }
    return node;
}

}  // namespace

std::optional<Provenance> provenance_of(const ReadView& view, std::string_view asset) {
    if (require_asset(view, asset)) {
        return std::nullopt;
    }
    Provenance graph;
    std::map<std::string, std::size_t> index;  // two paths may lead to one source
    graph.nodes.push_back(describe(view, std::string(asset)));
    index.emplace(asset, 0);
    for (std::size_t next = 0; next < graph.nodes.size(); ++next) {
        const auto derivation = graph.nodes[next].derivation.value_or(wire::DerivationRecord());
        for (const wire::AggregationInput& input : derivation.inputs()) {
            const bool known = index.contains(input.asset());
            if (!known && graph.nodes.size() >= kProvenanceNodesMax) {
                graph.nodes[next].sources_left_off = true;
                continue;
            }
            if (!known) {
                index.emplace(input.asset(), graph.nodes.size());
                graph.nodes.push_back(describe(view, input.asset()));
            }
            graph.nodes[next].sources.push_back(
                {index.at(input.asset()), input.grant(),
                 load_existing<wire::GrantRecord>(view, keys::grant(input.grant()))});
        }
    }
    return graph;
}

}  // namespace sanquan::contracts
