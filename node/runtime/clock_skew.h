// How far the leaders' clocks are from this node's: a metric, and an alarm long before a proposal is refused.
//
// Only what comes straight from its leader counts, so that a positive figure is skew and a negative one skew and delay.
// Single-threaded; owned by the effects runner.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "ledger/base/ids.h"

namespace sanquan::node {

class ClockSkew {
  public:
    // `drift`: how far ahead of this node's clock a proposal's time may be.
    explicit ClockSkew(std::chrono::milliseconds drift) : drift_(drift) {}

    // A proposal of `leader` with time `proposed` came at `now`. True when it lies further ahead than half of what is
    // allowed: one of the two clocks is wrong. Of a clock that is behind, its own node finds that all others are ahead.
    bool note(const std::string& leader, TimeMs proposed, TimeMs now) {
        const auto ahead = static_cast<std::int64_t>(proposed.value - now.value);
        ahead_ms_[leader] = ahead;  // BOUND: validators' names
        return ahead > drift_.count() / 2;
    }

    // Milliseconds ahead of this node's clock, of each leader's last proposal.
    [[nodiscard]] const std::map<std::string, std::int64_t>& ahead_ms() const { return ahead_ms_; }

  private:
    const std::chrono::milliseconds drift_;
    std::map<std::string, std::int64_t> ahead_ms_;
};

}  // namespace sanquan::node
