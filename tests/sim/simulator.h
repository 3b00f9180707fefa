// The seeded simulator: nodes, villains, one clock, one network, one random source. Same seed, same
// trace hash.
//
// A run has three parts: trouble (loss, delay, duplication, partitions, crashes at every kind of
// moment), calm (all is healed, everybody is up), and quiet (no work left: the network must fall
// silent between heartbeats).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <queue>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/checker.h"
#include "tests/sim/sim_node.h"
#include "tests/sim/world.h"

namespace sanquan::sim {

class Villain;

// SplitMix64: small, and the same everywhere.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next();
    std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }
    bool percent(std::uint64_t chance) { return below(100) < chance; }

  private:
    std::uint64_t state_;
};

struct SimOptions {
    std::uint64_t seed = 1;
    std::uint16_t nodes = 4;  // validators per epoch
    std::uint64_t trouble_ticks = 3'000;
    bool trace = false;  // print every event
    // No trouble but one crash: of the node that takes the `crash_step`-th durable step of the run
    // (a sync, the storing of a commit, the start of an epoch), just before or just after it.
    bool steady = false;
    std::uint64_t crash_step = 0;  // 0: none
    bool crash_after = false;
};

struct SimResult {
    std::vector<std::string> violations;
    std::uint64_t trace_hash = 0;
    std::uint64_t events = 0;
    std::uint64_t height = 0;
    std::uint64_t crashes = 0;
    std::uint64_t evidence = 0;
    std::uint64_t epochs = 0;
    std::uint64_t lost_logs = 0;
    std::uint64_t durable_steps = 0;
    std::string villain;
};

class Simulator : public Surroundings {
  public:
    explicit Simulator(const SimOptions& options);
    ~Simulator() override;
    SimResult run();

    // Surroundings
    void transmit(NodeId from, NodeId to, const NetMessage& message) override;
    void task_ready(NodeId node, Task task) override;
    void on_signed(NodeId node, const consensus::SignedVote& vote) override;
    void on_decided(NodeId node, const consensus::Vote& vote) override;
    void on_signed(NodeId node, const consensus::SignedProposal& proposal) override;
    void on_commit(NodeId node, const consensus::Commit& commit) override;
    void on_evidence(NodeId node, const consensus::Evidence& evidence) override;
    std::uint64_t random() override { return random_.next(); }
    const SimNode* peer(NodeId node) const override;

    // For villains.
    void deliver_later(NodeId from, NodeId to, const NetMessage& message);
    [[nodiscard]] Random& dice() { return random_; }
    [[nodiscard]] World& world() { return world_; }
    [[nodiscard]] Checker& checker() { return checker_; }

  private:
    struct Happening {
        std::uint64_t time = 0;
        std::uint64_t order = 0;
        enum class Kind : std::uint8_t { kTick, kDeliver, kTask, kRestart } kind = Kind::kTick;
        NodeId node = 0;
        NodeId from = 0;
        std::uint64_t life = 0;  // tasks and ticks of an earlier life are void
        std::shared_ptr<NetMessage> message;
        std::shared_ptr<Task> task;
        bool operator>(const Happening& other) const {
            return std::pair(time, order) > std::pair(other.time, other.order);
        }
    };
    void choose_setting();
    void schedule(Happening happening);
    void handle(const Happening& happening);
    void run_until(std::uint64_t time);
    void trouble();
    void perform(NodeId id, const Task& task);
    void crash(NodeId node, bool durable);
    void repartition();
    void hint_reach();
    void heal();
    void submit();
    void check_waiting(NodeId id);
    void check_progress();
    void check_quiet();
    void note(const std::string& what);
    [[nodiscard]] bool cut(NodeId from, NodeId to) const;
    [[nodiscard]] std::uint64_t agreed() const { return checker_.agreed_height(); }

    SimOptions options_;
    Random random_;
    World world_;
    Checker checker_;
    consensus::Timing timing_;
    std::vector<std::unique_ptr<SimNode>> nodes_;
    std::map<NodeId, std::unique_ptr<Villain>> villains_;
    std::map<NodeId, std::uint64_t> lives_;
    std::map<NodeId, std::uint64_t> ordered_until_;  // syncs and stores of a node finish in order
    std::set<NodeId> lost_log_;  // up again without their log; count as faulty for power cuts
    std::map<NodeId, Epoch> recovered_;  // in which epoch, durably
    std::set<std::pair<NodeId, NodeId>> cuts_;
    std::priority_queue<Happening, std::vector<Happening>, std::greater<>> queue_;
    std::uint64_t now_ = 0;  // in tenths of a tick
    std::uint64_t order_ = 0;
    std::uint64_t delay_max_ = 20;
    std::uint64_t task_max_ = 5;
    std::uint64_t loss_percent_ = 0;
    std::uint64_t duplicate_percent_ = 0;
    std::uint64_t crash_permille_ = 0;
    std::uint64_t amnesia_percent_ = 0;
    bool calm_ = false;
    std::uint32_t transactions_ = 0;
    std::uint64_t sent_ = 0;
    SimResult result_;
};

}  // namespace sanquan::sim
