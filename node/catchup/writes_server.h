// Answers what a past block wrote: a node that diverged asks once, to name the first key that differs (D8).
//
// An answer costs the execution of a whole block: one at a time in the node, one a second for a peer, and the last one
// is remembered. What is asked too often gets no answer; other peers have it too. Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>

#include "node/net/peer_message.h"

namespace sanquan::node {

struct WritesServerParts {
    std::function<Result<WritesMessage>(Height)> execute;  // on a worker
    std::function<bool(std::function<void()>)> post;       // to the workers; false: no room
    std::function<void(PeerNumber, const SharedFrame&)> send;
};

class WritesServer {
  public:
    using Clock = std::chrono::steady_clock;

    explicit WritesServer(WritesServerParts parts) : parts_(std::move(parts)) {}

    // A pinned peer asks; the answer is sent, or nothing is.
    void ask(const PeerInfo& peer, Height height, Clock::time_point now);

  private:
    void answer(PeerNumber peer, Height height);

    const WritesServerParts parts_;
    std::mutex mutex_;  // guards what follows
    std::map<SpkiHash, Clock::time_point> asked_;
    bool is_busy_ = false;
    Height last_height_;
    SharedFrame last_answer_;
};

}  // namespace sanquan::node
