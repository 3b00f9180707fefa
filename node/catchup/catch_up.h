// Catching up: ranges of finalized blocks from any peer, proven by certificates, executed in order (D3, D8).
//
// Trusts nobody: every range must end in a finalization certificate of its epoch's validators and link back to this
// node's head by digests. Asks several peers at once for consecutive ranges; a peer that stays silent or sends what does
// not hold is asked last. Used on the consensus strand only.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "consensus/certificate.h"
#include "node/catchup/range_plan.h"
#include "node/executor/executor.h"
#include "node/net/peer_message.h"
#include "node/verifier/verifier.h"

namespace sanquan::node {

struct CatchUpParts {
    Chain chain;
    Verifier& verifier;
    Executor& executor;
    PeerNetwork& network;
    std::function<void(std::function<void()>)> post;  // back to the consensus strand
    // The last block that was appended, with the certificate that finalizes it.
    std::function<void(const consensus::Certificate&, const BlockHeader&)> on_caught_up;
};

class CatchUp {
  public:
    using Clock = RangePlan::Clock;

    explicit CatchUp(CatchUpParts parts) : parts_(std::move(parts)) {}

    // A peer connected or spoke of blocks that are not here: ask whether there is more.
    void begin();
    void on_range(PeerNumber from, RangeMessage range);
    // Repeats what stayed unanswered; called on ticks. The next moment at which it wants to be called.
    Clock::time_point on_tick(Clock::time_point now);

    [[nodiscard]] bool active() const { return active_; }
    [[nodiscard]] std::uint64_t blocks() const { return blocks_appended_; }

  private:
    struct Range {
        std::vector<SharedBlock> blocks;
        consensus::Certificate certificate;
        BlockHeader last;  // that the certificate finalizes
    };

    void ask_more();
    // What is proven and not on the ledger yet.
    [[nodiscard]] std::vector<RangePlan::Span> held() const;
    Result<Range> check(const RangeMessage& range) const;
    void append_next();
    void on_appended(const Range& range, const Status& status);

    CatchUpParts parts_;
    RangePlan plan_;
    bool active_ = false;  // wants ticks
    bool again_ = false;   // begin() was called too soon after the last time
    Clock::time_point begun_;
    std::map<Height, Range> ready_;
    std::optional<RangePlan::Span> appending_;
    std::uint64_t blocks_appended_ = 0;
};

}  // namespace sanquan::node
