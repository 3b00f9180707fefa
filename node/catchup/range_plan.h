// The plan of catching up: which heights to ask whom for next, given what is here and who said what.
//
// Holds no cursor that could run ahead of what was asked: a gap is whatever is wanted and neither here nor asked for, so
// that a request which fails in any way leaves a gap that is asked for again. A peer is asked for what it says it has;
// one that does not deliver, delivers late or less than it could, is asked last. Of a peer that was late less is asked,
// and what it still sends is used, so that a slow link gets on too. Pure; used by catch_up.h on the consensus strand.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
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
    // An answer ends with the block that reaches this, if it does not end before.
    static constexpr std::size_t kRangeBytes = 512U << 10U;
    static constexpr std::size_t kRequestsMax = 3;
    static constexpr std::size_t kHeldMax = 4;
    static constexpr auto kSlowAnswer = std::chrono::seconds(1);
    // After it somebody else is asked as well; the answer still counts while it is arriving.
    static constexpr auto kAnswerLimit = std::chrono::seconds(3);
    static constexpr auto kArrivalLimit = std::chrono::seconds(30);
    static constexpr std::size_t kArrivingBytes = 16U << 10U;  // in kAnswerLimit

    struct Request {
        Height first;
        std::uint32_t count = 0;
        PeerNumber peer;
        SpkiHash key;
        Clock::time_point asked;
        bool is_overdue = false;
        std::uint64_t received = 0;  // on the connection, when enough had arrived last
        Clock::time_point arrived;   // ... and when that was
    };
    // Proven blocks that are here and not yet on the ledger, both ends included.
    struct Span {
        Height first;
        Height last;
    };
    // What an answer held.
    struct Delivery {
        std::size_t blocks = 0;
        std::size_t bytes = 0;
        Height finalized;  // the peer says that it has all up to here
    };

    // There may be more than peers said: whoever had nothing above `head` may be asked again. Faults stay.
    void begin(Height head);
    // What to ask now, of a connected peer; nothing when nobody has more, is free, or enough is on its way. `held` in
    // order of `first`.
    [[nodiscard]] std::optional<Request> next(Height head, const std::vector<Span>& held,
                                              const std::vector<PeerInfo>& peers) const;
    void asked(const Request& request, Clock::time_point now);
    // Asks by `send` for whatever is to be asked now. A peer that cannot be sent to has had its turn and is left out for
    // this time, so that one whose connection is stuck holds up nobody else. False when there was such a peer.
    bool ask(Height head, const std::vector<Span>& held, std::vector<PeerInfo> peers,
             const std::function<bool(const Request&)>& send, Clock::time_point now);

    // Takes out the request that this answers.
    std::optional<Request> answered(PeerNumber from, Height first);
    // Requests that waited too long cost their peer a fault and hold nobody up; those of which nothing arrives are
    // taken out.
    void late(Clock::time_point now, const std::vector<PeerInfo>& peers);
    // The answer's blocks hold.
    void delivered(const Request& request, const Delivery& delivery, Clock::time_point now);
    // It has no such blocks, or not what it sent.
    void not_delivered(const Request& request);
    // It broke a rule.
    void blame(const SpkiHash& key);

    [[nodiscard]] bool waiting() const { return !requests_.empty(); }
    [[nodiscard]] std::uint32_t faults(const SpkiHash& key) const { return known(key).faults; }
    void drop_requests() { requests_.clear(); }

  private:
    struct Peer {
        std::optional<Height> claim;  // the last height that it says it has
        std::uint32_t faults = 0;
        std::uint32_t count = kRangeBlocks;  // to ask for at a time
        std::uint64_t turn = 0;              // when it was asked last
    };
    [[nodiscard]] std::optional<Request> gap(Height head, const std::vector<Span>& held) const;
    [[nodiscard]] Peer known(const SpkiHash& key) const;
    [[nodiscard]] bool is_known(Height height) const;
    [[nodiscard]] bool is_busy(const SpkiHash& key) const;
    [[nodiscard]] std::size_t on_time() const;
    Peer& peer(const SpkiHash& key);

    std::vector<Request> requests_;   // one for a peer
    std::map<SpkiHash, Peer> peers_;  // by key: a new connection clears nothing
    std::uint64_t turns_ = 0;
};

}  // namespace sanquan::node
