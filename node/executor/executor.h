// Executor: validates, builds, executes and commits blocks, ahead of finality, on its own strand.
//
// Holds the tree of executed blocks above the last finalized one (D8). Asked by the effects runner; answers come on the
// executor's strand. Readers take head(), from any thread. A failed write is reported once and nothing is committed
// afterwards: the node stops.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "consensus/effects.h"
#include "ledger/store/block_store.h"
#include "ledger/store/state_store.h"
#include "node/executor/block_rules.h"
#include "node/runtime/strand.h"

namespace sanquan::node {

using SharedBlock = std::shared_ptr<const Block>;

struct ExecutorParts {
    Chain chain;
    StateStore& state;
    BlockStore& blocks;
    TxPool& pool;
    WorkerPool& workers;
    contracts::SignatureCheck signature_check;
    BatchLimits batch;
    std::chrono::milliseconds drift;
    std::function<TimeMs()> wall_clock;
    std::uint16_t validators = 0;  // in the set of the present epoch
};

// Height 0: not a block of transactions, but the state that the genesis file says.
struct GenesisBlock {
    Bytes raw;           // the genesis file
    BlockHeader header;  // what stands for that of block 0
    StateWrites writes;
};

// Called on the executor's strand.
struct ExecutorEvents {
    std::function<void(const SharedExecution&)> on_final;  // durable; in height order
    std::function<void(const std::vector<std::pair<TransactionId, Error>>&)> on_evicted;
    std::function<void(const Error&, const ExecutedBlock&)>
        on_diverged;                               // the block with another result
    std::function<void(const Error&)> on_failure;  // the node must stop
};

class Executor {
  public:
    Executor(ExecutorParts parts, ExecutorEvents events);
    ~Executor();
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    // Brings block store and state to one height and makes the head. Before start(). kCorrupt, kStateMismatch, kIo.
    Status recover(const GenesisBlock& genesis);
    void start();
    void stop();

    // May `block` be voted for in its proposal's view? Waits for the parent's execution, without holding the block:
    // no answer when it is gone by then. `done(ok)`.
    void check(const consensus::Proposal& proposal, SharedBlock block,
               std::function<void(bool)> done);
    // Validates (unless check() did) and executes on the parent's state; waits for the parent.
    void execute(SharedBlock block, std::function<void(bool)> done);
    // A new block on `request.parent`, which is executed; nothing, at once, when the parent is not here (any more).
    void build(const consensus::BuildPayload& request, ReplicaIndex proposer,
               std::function<void(SharedBlock)> done);
    // Makes executed blocks durable in order; `certificate` is canonical wire::Certificate. Then `done(stored)`:
    // whether it stands in the block store with the last of them. It does not when catching up has stored that block
    // with a descendant's: then a restart will not find it, and nothing may be forgotten on its account (SPEC 8.6).
    void commit(std::vector<BlockDigest> blocks, Bytes certificate, std::function<void(bool)> done);
    // Catch-up: certified blocks in height order above the head, executed and committed; `done(status)`.
    void append_certified(std::vector<SharedBlock> blocks, Bytes certificate,
                          std::function<void(Status)> done);
    // The leader of a nullified view makes its next block half as large, and larger again on success.
    void on_view_failed();

    // The last finalized block; thread-safe.
    [[nodiscard]] SharedExecution head() const;
    // Whether a pooled transaction, or the seal of the last result, waits for a block that is not on its way yet (SPEC
    // 7.1). A block counts as on its way for a short while after it was executed; thread-safe.
    [[nodiscard]] bool work_pending() const;

    struct Counters {
        std::atomic<std::uint64_t> executed{0};
        std::atomic<std::uint64_t> transactions{0};
        std::atomic<std::uint64_t> operations{0};
        std::atomic<std::uint64_t> alarms{0};
        std::atomic<std::uint64_t> execute_us{0};
        std::atomic<std::uint64_t> check_us{0};
        std::atomic<std::uint64_t> commit_us{0};
    };
    [[nodiscard]] const Counters& counters() const { return counters_; }

  private:
    using Resume = std::function<void(const SharedExecution& parent)>;
    struct Waiting {
        Height height;
        Resume resume;  // called with nothing when the block can no longer become final
    };
    struct Checked {
        Height height;
        std::vector<SharedTransaction> transactions;
    };

    [[nodiscard]] SharedExecution find(const BlockDigest& digest) const;
    void with_parent(const BlockDigest& parent, Height height, Resume resume);
    Result<std::vector<SharedTransaction>> validate(const Block& block,
                                                    const ExecutedBlock& parent) const;
    bool check_now(const consensus::Proposal& proposal, const Block& block,
                   const ExecutedBlock& parent);
    Result<SharedExecution> run(const Block& block, std::vector<SharedTransaction> transactions,
                                const ExecutedBlock& parent);
    // Whether the block is executed now; kStateTooDeep is passed on, to try again later.
    Result<bool> execute_now(const Block& block, const ExecutedBlock& parent);
    void execute_on(const SharedBlock& block, const SharedExecution& parent,
                    std::function<void(bool)> done);
    SharedBlock build_on(const consensus::BuildPayload& request, ReplicaIndex proposer,
                         const ExecutedBlock& parent);
    std::vector<SharedTransaction> choose(const consensus::BuildPayload& request, TimeMs time,
                                          const ExecutedBlock& parent);
    // Why the finalized state refuses a pooled transaction. An unfinalized parent may be replaced by another one, so its
    // refusal only keeps a transaction out of one block: the client must not be told "refused" of what may become final.
    [[nodiscard]] std::optional<Error> lasting_refusal(const Transaction& transaction) const;
    [[nodiscard]] bool in_ancestors(const TransactionId& id, const ExecutedBlock& tip) const;

    Status commit_one(const SharedExecution& block, const Bytes& certificate);
    Status store_block(const ExecutedBlock& block, const Bytes& certificate);
    Status append_one(const SharedBlock& block, const Bytes& certificate);
    void set_head(const SharedExecution& block);
    void drop_conflicting();
    void fail_for_good(const Error& error);
    Status recover_genesis(const GenesisBlock& genesis);
    Status recover_genesis_state(const GenesisBlock& genesis);
    Status recover_heights(const GenesisBlock& genesis);
    Result<SharedExecution> load_stored(Height height, const GenesisBlock& genesis);
    Result<SharedExecution> stored_without_state(Height height, const GenesisBlock& genesis);

    ExecutorParts parts_;
    ExecutorEvents events_;
    Strand strand_{"executor"};
    bool failed_ = false;
    std::map<BlockDigest, SharedExecution> tree_;  // the head and what stands above it
    std::map<BlockDigest, Checked> checked_;
    std::map<BlockDigest, Height> impossible_;             // cannot be executed here
    std::map<BlockDigest, std::vector<Waiting>> waiting_;  // by parent
    std::vector<std::function<void()>> too_deep_;          // to be tried again above a new head
    std::size_t batch_divisor_ = 1;
    TimeMs pool_expired_at_;
    Counters counters_;

    struct OnItsWay {
        BlockDigest digest;
        Height height;
        std::size_t transactions = 0;
        Strand::Clock::time_point executed;
    };
    mutable std::mutex head_mutex_;  // guards what follows
    SharedExecution head_;
    std::vector<OnItsWay> on_their_way_;  // executed above the head
};

}  // namespace sanquan::node
