// The stage of a scenario: real nodes, a network that moves only when told, and every signature on record.
//
// Local work (syncs, checks, execution, building) is done at once, unless it is held back for a node.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/checker.h"
#include "tests/sim/sim_node.h"
#include "tests/sim/world.h"

namespace sanquan::scenarios {

using sim::NetMessage;
using sim::NodeId;
using sim::Task;

struct StageOptions {
    sim::WorldOptions world;
    consensus::Timing timing;
};

class Stage : public sim::Surroundings {
  public:
    using Link = std::pair<NodeId, NodeId>;

    explicit Stage(const StageOptions& options);

    // Surroundings
    void transmit(NodeId from, NodeId to, const NetMessage& message) override;
    void task_ready(NodeId node, Task task) override;
    void on_decided(NodeId node, const consensus::Vote& vote) override;
    void on_signed(NodeId node, const consensus::SignedVote& vote) override;
    void on_signed(NodeId node, const consensus::SignedProposal& proposal) override;
    void on_commit(NodeId node, const consensus::Commit& commit) override;
    void on_evidence(NodeId node, const consensus::Evidence& evidence) override;
    std::uint64_t random() override { return ++randomness_; }
    const sim::SimNode* peer(NodeId node) const override;

    // A scripted node: it has no replica; the script speaks for it.
    void make_villain(NodeId node);
    [[nodiscard]] bool is_villain(NodeId node) const { return villains_.contains(node); }
    void start_all();

    void tick(NodeId node);
    // Hands over what waits on the links, new messages too, until nothing moves. Returns how many were handed over.
    std::size_t deliver_all();
    std::size_t deliver(const Link& link, std::size_t most);
    void drop(const Link& link) { links_[link].clear(); }
    void drop_all() { links_.clear(); }
    // `cut` loses messages at once; `held` keeps them waiting until they are delivered by name.
    std::set<Link> cut;
    std::set<Link> held;

    // Local work of these kinds waits at this node until released.
    void hold_tasks(NodeId node, Task::Kind kind) { held_tasks_.insert({node, kind}); }
    void release_tasks(NodeId node);
    // Forgets the node's waiting local work (it crashed).
    void clear_tasks(NodeId node) { tasks_[node].clear(); }
    // Does local work until none is left that may run.
    void work();

    [[nodiscard]] sim::World& world() { return world_; }
    [[nodiscard]] sim::Checker& checker() { return checker_; }
    [[nodiscard]] sim::SimNode& node(NodeId id) { return *nodes_.at(id); }
    [[nodiscard]] NodeId count() const { return static_cast<NodeId>(nodes_.size()); }
    [[nodiscard]] std::uint64_t sent() const { return sent_; }
    [[nodiscard]] const std::vector<consensus::SignedVote>& votes() const { return votes_; }
    [[nodiscard]] const std::vector<consensus::SignedProposal>& proposals() const {
        return proposals_;
    }
    [[nodiscard]] const std::vector<std::pair<NodeId, consensus::Evidence>>& evidence() const {
        return evidence_;
    }
    [[nodiscard]] const std::map<Link, std::deque<NetMessage>>& links() const { return links_; }
    [[nodiscard]] const std::vector<std::pair<Link, NetMessage>>& reports() const {
        return reports_;
    }
    void remember(const consensus::SignedVote& vote) { votes_.push_back(vote); }
    void remember(const consensus::SignedProposal& proposal) { proposals_.push_back(proposal); }

  private:
    sim::World world_;
    sim::Checker checker_;
    consensus::Timing timing_;
    std::vector<std::unique_ptr<sim::SimNode>> nodes_;
    std::set<NodeId> villains_;
    std::map<Link, std::deque<NetMessage>> links_;
    std::map<NodeId, std::deque<Task>> tasks_;
    std::set<std::pair<NodeId, Task::Kind>> held_tasks_;
    bool working_ = false;
    std::uint64_t sent_ = 0;
    std::uint64_t randomness_ = 0;
    std::vector<std::pair<Link, NetMessage>> reports_;
    std::vector<consensus::SignedVote> votes_;
    std::vector<consensus::SignedProposal> proposals_;
    std::vector<std::pair<NodeId, consensus::Evidence>> evidence_;
};

}  // namespace sanquan::scenarios
