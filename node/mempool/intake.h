// The way of a transaction into the pool: decode, replay, admission; then, for a client's, on to all validators.
//
// Runs on the worker pool against the last finalized state; business rules are not asked. Each peer has a share of the
// queue for what it gossips, and loses its connection when it passes on what no honest node admits. What a client gave
// us is gossiped again while it waits: frames get lost, and nodes come late. Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "ledger/store/block_store.h"
#include "node/executor/executed_block.h"
#include "node/mempool/tx_pool.h"
#include "node/net/peer_network.h"
#include "node/runtime/inbox.h"
#include "node/verifier/verifier.h"
#include "node/verifier/worker_pool.h"

namespace sanquan::node {

struct IntakeParts {
    Chain chain;
    TxPool& pool;
    BlockStore& blocks;
    WorkerPool& workers;
    Verifier& verifier;
    std::function<SharedExecution()> head;
    std::function<TimeMs()> wall_clock;
    std::function<void(const SharedTransaction&)> on_admitted;  // any thread
    std::function<void(std::vector<Bytes>)> gossip;             // to all validators
    std::function<void()> gossip_soon;                          // have gossip_due() called
    std::function<void(const PeerInfo&)> cut;                   // it broke the protocol
    InboxLimits share;                                          // of one peer's gossip
    std::chrono::milliseconds again_after;                      // when gossip is repeated first
};

// What became of a submitted transaction.
struct IntakeAnswer {
    TransactionId id;
    bool was_known = false;  // in the pool or on the ledger already
};

class Intake {
  public:
    using Clock = std::chrono::steady_clock;
    // Of one key, before its connection is cut.
    static constexpr int kBadTransactionsMax = 3;

    explicit Intake(IntakeParts parts) : parts_(std::move(parts)), shares_(parts_.share) {}

    // From a client. `done` on a worker thread: the admission refusal, or the id; kPoolFull at once when the workers
    // are behind. `before_pool` runs when the id is known and before the transaction can become final, so that a
    // waiter is in place.
    void submit(Bytes raw, std::function<void(const TransactionId&)> before_pool,
                std::function<void(Result<IntakeAnswer>)> done);
    // From a peer's gossip: refusals are silent, the sender has told its client.
    void receive(const PeerInfo& peer, std::vector<Bytes> transactions);
    // Gossips what was held back, and again what clients gave us and still waits; when it wants to be called again at
    // the latest.
    Clock::time_point gossip_due(Clock::time_point now);

    // Why the transaction may not stand in a block now, if so.
    Status check(const Transaction& transaction) const;

  private:
    struct Conduct {
        int bad = 0;
        PeerNumber cut;  // the last connection that was
    };
    struct Sent {
        TransactionId id;
        std::chrono::milliseconds interval;
    };
    // Gossips a client's transaction: at once, or with those that come within kGossipPause of the last frame.
    void gossip_first(const SharedTransaction& transaction);
    std::vector<Bytes> take_fresh(Clock::time_point now);
    std::vector<Bytes> take_waiting(Clock::time_point now);
    // When gossip_due() has something to do. Under the mutex.
    [[nodiscard]] Clock::time_point next_gossip(Clock::time_point now) const;
    Result<IntakeAnswer> admit(const SharedTransaction& transaction, bool from_client,
                               const std::function<void(const TransactionId&)>& before_pool);
    void receive_some(const PeerInfo& peer, std::vector<Bytes> transactions);
    void receive_one(const PeerInfo& peer, ByteView raw);
    void note_bad(const PeerInfo& peer, const Error& error);

    IntakeParts parts_;
    Inboxes shares_;
    std::mutex mutex_;                            // guards what follows
    std::map<SpkiHash, Conduct> conduct_;         // of pinned peers
    std::multimap<Clock::time_point, Sent> own_;  // clients', by when they are gossiped again
    std::vector<Bytes> fresh_;                    // clients', not gossiped yet
    std::size_t fresh_bytes_ = 0;
    Clock::time_point gossiped_at_;  // the last frame of fresh ones
};

}  // namespace sanquan::node
