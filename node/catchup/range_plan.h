// The plan of catching up: which heights to ask whom for next, given what is here and who said what.
//
// Holds no cursor that could run ahead of what was asked: a gap is whatever is wanted and neither here nor asked for, so
// that a request which fails in any way leaves a gap that is asked for again. A peer is asked for what it says it has;
// one that does not deliver loses its word for that height, and is asked last if the word was its own. Pure; used by
// catch_up.h on the consensus strand.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "ledger/base/ids.h"
#include "node/net/peer_network.h"

namespace sanquan::node {

class RangePlan {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::uint32_t kRangeBlocks = 64;
    static constexpr std::size_t kRequestsMax = 3;
    static constexpr std::size_t kHeldMax = 4;
    static constexpr auto kAnswerLimit = std::chrono::seconds(3);

    struct Request {
        Height first;
        std::uint32_t count = 0;
        PeerNumber peer;
        SpkiHash key;
        Clock::time_point asked;
    };
    // Proven blocks that are here and not yet on the ledger, both ends included.
    struct Span {
        Height first;
        Height last;
    };

    // There may be more than peers said: whoever had nothing above `head` may be asked again. Faults stay.
    void begin(Height head);
    // What to ask now, of a connected peer; nothing when nobody has more, is free, or enough is on its way. `held` in
    // order of `first`.
    [[nodiscard]] std::optional<Request> next(Height head, const std::vector<Span>& held,
                                              const std::vector<PeerInfo>& peers) const;
    void asked(const Request& request) { requests_.push_back(request); }

    // Takes out the request that this answers.
    std::optional<Request> answered(PeerNumber from, Height first);
    // Takes out the requests that waited too long; each costs its peer a fault.
    void late(Clock::time_point now);
    // The answer's blocks hold; the peer says that `finalized` is its last height.
    void delivered(const Request& request, Height finalized);
    // It has no such blocks, or not what it sent.
    void not_delivered(const Request& request);
    // It broke a rule.
    void blame(const SpkiHash& key);

    [[nodiscard]] bool waiting() const { return !requests_.empty(); }
    [[nodiscard]] std::uint32_t faults(const SpkiHash& key) const;
    void drop_requests() { requests_.clear(); }

  private:
    [[nodiscard]] std::optional<Request> gap(Height head, const std::vector<Span>& held) const;
    [[nodiscard]] bool may_have(const SpkiHash& key, Height height) const;
    [[nodiscard]] bool is_known(Height height) const;

    std::vector<Request> requests_;
    std::map<SpkiHash, Height> claims_;         // the last height that each peer says it has
    std::map<SpkiHash, std::uint32_t> faults_;  // by key: a new connection clears nothing
};

}  // namespace sanquan::node
