// All pairs of an asset's grants, in the time that sorting them takes: which two overlap though one is exclusive and
// neither rests on the other. Internal to contracts/invariants.
//
// Grants of one right that share an action are walked by when they begin, beside those that still run. Pairs that rest
// on each other are few (the delegation depth bounds them), any other pair is a clash and ends the walk.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "contracts/grant_chain.h"

namespace sanquan::contracts {

struct GrantSpan {
    static constexpr std::uint32_t kNoParent = ~0U;

    EffectiveTerm term;
    std::uint32_t parent = kNoParent;  // index among the spans
    int right = 0;
    bool exclusive = false;
    std::vector<int> actions;
};

// The indexes of two that clash. Parents must stand among the spans and lead up to one without.
std::optional<std::pair<std::uint32_t, std::uint32_t>> find_clash(
    const std::vector<GrantSpan>& spans);

}  // namespace sanquan::contracts
