// One simulated node around a real Replica: disk, execution, signing and catch-up, each as a task
// that can be delayed, reordered against the network, or lost in a crash.
//
// What a crash loses: everything in memory, and every record and block that no sync has reached.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "consensus/replica.h"
#include "tests/sim/world.h"

namespace sanquan::sim {

// What travels between nodes: a consensus message (a proposal brings its block along), or a request
// for a block.
struct NetMessage {
    std::optional<consensus::Message> message;
    std::optional<BlockDigest> block;  // the block itself
    std::optional<BlockDigest> block_request;
    auto operator<=>(const NetMessage&) const = default;
};

struct Task {
    enum class Kind : std::uint8_t {
        kSync,
        kCheck,
        kExecute,
        kBuild,
        kStore,
        kStartEpoch,
        kNonce,
        kCatchUp
    };
    Kind kind = Kind::kSync;
    BlockDigest digest;
    std::optional<consensus::Proposal> proposal;
    std::optional<consensus::BuildPayload> build;
    std::optional<consensus::Commit> commit;
};

// What the node needs from its surroundings; the simulator, the scenario runner and the explorer
// each have their own.
class Surroundings {
  public:
    virtual ~Surroundings() = default;
    virtual void transmit(NodeId from, NodeId to, const NetMessage& message) = 0;
    virtual void task_ready(NodeId node,
                            Task task) = 0;  // calls SimNode::perform later, syncs in order
    // Watching: every vote and proposal at the moment it is signed, every commit, every piece of
    // evidence.
    virtual void on_signed(NodeId /*node*/, const consensus::SignedVote& /*vote*/) {}
    // The moment of decision, before it is durable; repeated when a restart signs again.
    virtual void on_decided(NodeId /*node*/, const consensus::Vote& /*vote*/) {}
    virtual void on_signed(NodeId /*node*/, const consensus::SignedProposal& /*proposal*/) {}
    virtual void on_commit(NodeId /*node*/, const consensus::Commit& /*commit*/) {}
    virtual void on_evidence(NodeId /*node*/, const consensus::Evidence& /*evidence*/) {}
    virtual std::uint64_t random() = 0;
    // The chain of a node that is up, for catch-up; nullptr if it is down.
    virtual const class SimNode* peer(NodeId node) const = 0;
};

// A block on a node's durable chain, with the certificate if its commit ended there.
struct ChainEntry {
    BlockDigest digest;
    consensus::BlockFacts facts;
    std::optional<consensus::Certificate> finalization;
};

class SimNode {
  public:
    SimNode(NodeId id, World& world, const consensus::Timing& timing, Surroundings& surroundings);

    // Power on: restores the replica from what is durable.
    void start();
    // Power off; with `first_batch_durable` the oldest waiting sync had finished, but nothing of it had left.
    void crash(bool first_batch_durable);
    // While down: the vote log is erased, or an old backup of it (the first `records`) is put back. The directory is
    // marked until the replica's abstain record is durable; `marked = false` is the operator who hides it.
    void lose_log();
    // While down: a new disk; the log, the blocks and the chain are gone.
    void lose_disk();
    void restore_log(std::size_t records, bool marked = true);
    // Drops from the vote log whatever may go once the last block is durable (SPEC 8.6).
    void prune_log();

    [[nodiscard]] bool up() const { return replica_.has_value(); }
    void tick();
    void deliver(NodeId from, const NetMessage& message);
    void perform(const Task& task);
    // Transactions known here; `work` events follow by themselves.
    void add_transaction(std::uint32_t transaction);

    [[nodiscard]] NodeId id() const { return id_; }
    [[nodiscard]] const consensus::Replica& replica() const { return *replica_; }
    [[nodiscard]] const std::vector<ChainEntry>& chain() const { return chain_; }
    [[nodiscard]] const std::vector<Bytes>& log() const { return log_; }
    [[nodiscard]] bool has_block(const BlockDigest& digest) const {
        return blocks_.contains(digest);
    }
    [[nodiscard]] bool has_durable_block(const BlockDigest& digest) const {
        return durable_blocks_.contains(digest);
    }
    [[nodiscard]] bool executed(const BlockDigest& digest) const;
    [[nodiscard]] Epoch epoch() const { return epoch_; }
    [[nodiscard]] std::size_t unsynced() const { return pipeline_.size(); }
    // Blocks this node claims not to be able to execute (a scripted defect), and whether its
    // execution is paused.
    std::set<BlockDigest> cannot_execute;
    bool execution_paused = false;
    void resume_execution();
    // Scripted payload defects of this node as a leader.
    bool build_invalid = false;
    bool build_impossible = false;

    // A copied node belongs to other surroundings.
    void attach(Surroundings& surroundings) { surroundings_ = &surroundings; }
    // Feeds one event and runs its effects.
    void step(const consensus::Event& event);

  private:
    struct Batch {
        std::vector<consensus::Persist> persist;
        std::vector<consensus::Vote> votes;
        std::vector<consensus::Proposal> proposals;
        std::vector<consensus::SignReport> reports;
        std::vector<consensus::Send> sends;
    };
    void absorb(consensus::Effects effects);
    void make_durable(const Batch& batch);
    void release(const Batch& batch);
    void send(const consensus::Send& send);
    void transmit(NodeId to, const consensus::Message& message);
    void receive(NodeId from, const consensus::Message& message);
    void learn_block(const BlockDigest& digest);
    void check(const consensus::Proposal& proposal);
    void execute(const BlockDigest& digest);
    void build(const consensus::BuildPayload& build);
    void store(const consensus::Commit& commit);
    void start_epoch();
    void catch_up();
    void retry_waiting();
    void update_pending();
    [[nodiscard]] std::set<std::uint32_t> included_above(BlockDigest parent) const;

    NodeId id_;
    World* world_;
    consensus::Timing timing_;
    Surroundings* surroundings_;
    std::optional<consensus::Replica> replica_;

    // Durable.
    std::vector<Bytes> log_;
    bool log_marked_ = false;  // lost or restored: abstain at the next start
    std::set<BlockDigest> durable_blocks_;
    std::vector<ChainEntry> chain_;
    Epoch epoch_;
    std::uint64_t life_ = 0;  // starts so far; salts the blocks it builds

    // Lost in a crash.
    std::set<BlockDigest> blocks_;
    std::map<BlockDigest, bool> executed_;
    std::set<BlockDigest> waiting_execution_;
    std::vector<consensus::Proposal> waiting_check_;
    std::deque<Batch> pipeline_;
    std::set<std::uint32_t> transactions_;
    std::set<std::uint32_t> committed_transactions_;  // rebuilt from the chain
    bool pending_ = false;
    std::uint64_t built_ = 0;
};

}  // namespace sanquan::sim
