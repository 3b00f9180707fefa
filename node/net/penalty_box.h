// How long a peer that broke the protocol must stay away: longer each time, up to a bound, and less again after good
// conduct.
//
// By key, so that a new connection clears nothing. Only keys that the ledger lists are remembered: others are made as
// fast as they are refused. Not thread-safe; owned by the network thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>

#include "ledger/crypto/tls_certificate.h"

namespace sanquan::node {

class PenaltyBox {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::seconds kFirst{1};
    static constexpr std::chrono::seconds kLast{64};
    // After this long without another one, the next penalty is the first again.
    static constexpr std::chrono::minutes kForgotten{10};

    // The key broke the protocol; several reports of one connection count once. How long it must stay away.
    Clock::duration punish(const SpkiHash& key, Clock::time_point now);
    // How long from now the key must stay away; zero: it may connect.
    [[nodiscard]] Clock::duration remaining(const SpkiHash& key, Clock::time_point now) const;

    void forget(const SpkiHash& key) { penalties_.erase(key); }

  private:
    struct Penalty {
        Clock::duration length{};
        Clock::time_point over;
    };
    std::map<SpkiHash, Penalty> penalties_;
};

}  // namespace sanquan::node
