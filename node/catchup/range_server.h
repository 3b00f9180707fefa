// Answers other nodes' questions for finalized blocks, from the block store, within bounds.
//
// Runs on the worker pool; thread-safe. Every key has a token bucket, which a new connection does not fill; followers
// that the ledger does not list, whose keys cost nothing, share another one, so that a crowd of them slows nobody else.
#pragma once

#include <chrono>
#include <map>
#include <mutex>

#include "ledger/store/block_store.h"
#include "node/net/peer_message.h"

namespace sanquan::node {

class RangeServer {
  public:
    RangeServer(const Chain& chain, const BlockStore& blocks) : chain_(chain), blocks_(blocks) {}

    // Blocks from `request.first` on that fit a frame, with a finalization of the last one; no blocks when there are
    // none or when the store fails.
    [[nodiscard]] RangeMessage answer(const FetchRangeMessage& request) const;
    // The block, or empty bytes.
    [[nodiscard]] BlockMessage answer(const FetchBlockMessage& request) const;

    using Clock = std::chrono::steady_clock;
    // Whether this peer may ask now.
    bool take_token(const PeerInfo& peer, Clock::time_point now = Clock::now());

  private:
    struct Bucket {
        double tokens = 0;
        Clock::time_point filled;
    };
    // The headers from `last` (exclusive) to the block that `certificate` finalizes.
    [[nodiscard]] Result<std::vector<Bytes>> headers_to(
        Height last, const consensus::Certificate& certificate) const;

    const Chain chain_;
    const BlockStore& blocks_;
    std::mutex mutex_;
    std::map<SpkiHash, Bucket> buckets_;
    Bucket followers_;
};

}  // namespace sanquan::node
