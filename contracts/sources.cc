#include "contracts/sources.h"

#include <algorithm>
#include <set>

#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/explain.h"
#include "contracts/grant_chain.h"

namespace sanquan::contracts {

std::optional<std::vector<wire::AggregationInput>> sources_of(const ReadView& view,
                                                              const Inputs& inputs) {
    std::vector<wire::AggregationInput> sources(inputs.begin(), inputs.end());
    std::set<std::string> visited;  // two paths may lead to one source
    for (std::size_t next = 0; next < sources.size(); ++next) {
        if (sources.size() > kSourcesMax) {
            return std::nullopt;
        }
        const std::string asset = sources[next].asset();
        if (!visited.insert(asset).second) {
            continue;
        }
        if (const auto derivation = load<wire::DerivationRecord>(view, keys::derivation(asset))) {
            sources.insert(sources.end(), derivation->inputs().begin(), derivation->inputs().end());
        }
    }
    return sources;
}

Verdict sources_granted(const ReadView& view, const Context& context, const Inputs& inputs) {
    const auto sources = sources_of(view, inputs);
    if (!sources) {
        return refuse(Code::kBadInputs, {}, {fact("sources_at_most", std::uint64_t{kSourcesMax})});
    }
    return sources_granted(view, context, *sources, kSourceGrantsMax);
}

Verdict sources_granted(const ReadView& view, const Context& context,
                        const std::vector<wire::AggregationInput>& sources,
                        std::size_t grants_max) {
    std::size_t grants = 0;
    for (const wire::AggregationInput& source : sources) {
        const auto chain = grant_chain(view, source.grant());
        grants += chain.size();
        if (grants > grants_max) {
            return refuse(Code::kBadInputs, {fact("sources", sources.size())},
                          {fact("grants_of_sources_at_most", grants_max)});
        }
        Verdict dead = chain_in_force(view, context, chain);
        if (!dead) {
            dead = certified(view, context, source.asset());
        }
        if (dead) {
            return refuse(Code::kParentGrantEnded,
                          {fact("input", source.asset()), fact("grant", source.grant()),
                           fact("because", text(dead->code))});
        }
    }
    return kPass;
}

wire::Level highest_level(const ReadView& view, const Inputs& inputs) {
    const auto sources = sources_of(view, inputs);
    SANQUAN_ASSERT(sources.has_value());  // the derivation was refused otherwise
    wire::Level highest = wire::GENERAL;
    for (const wire::AggregationInput& source : *sources) {
        highest = std::max(highest, load_asset(view, source.asset()).level());
    }
    return highest;
}

}  // namespace sanquan::contracts
