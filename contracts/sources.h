// What a derived asset rests on: its inputs, their inputs, and so on. Internal to the asset
// contracts.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "contracts/contract.h"
#include "ledger/base/limits.h"
#include "ledger/codec/state_asset.pb.h"

namespace sanquan::contracts {

using Inputs = google::protobuf::RepeatedPtrField<wire::AggregationInput>;

// BOUND: inputs that one question about a derived asset looks at.
inline constexpr std::size_t kSourcesMax = 64;

// BOUND: their grants and all that these rest on; a chain is as long as the depth of delegation, the
// owner's grant and a licence under it allow.
inline constexpr std::size_t kSourceGrantsMax = kSourcesMax * (limits::kDelegationDepthMax + 2);

// The inputs and everything that they were made from; nothing when they are more than kSourcesMax.
std::optional<std::vector<wire::AggregationInput>> sources_of(const ReadView& view,
                                                              const Inputs& inputs);

// Passes when there are at most kSourcesMax sources and every one's grant is live: kBadInputs,
// kParentGrantEnded.
Verdict sources_granted(const ReadView& view, const Context& context, const Inputs& inputs);

// As above, of what sources_of() found; and kBadInputs when these grants and all that they rest on
// are more than `grants_max`, beyond which none is read.
Verdict sources_granted(const ReadView& view, const Context& context,
                        const std::vector<wire::AggregationInput>& sources, std::size_t grants_max);

// The highest of the present levels of the inputs and everything that they were made from, which are
// at most kSourcesMax. A level that a source was raised to later counts, and one that a review gave a
// product between does not hide it: what is made anew is reviewed anew.
wire::Level highest_level(const ReadView& view, const Inputs& inputs);

}  // namespace sanquan::contracts
