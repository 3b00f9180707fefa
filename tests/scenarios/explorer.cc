// sanquan_explore: walks through the states of three honest replicas and one villain over two views, in every order of
// deliveries, timeouts, one crash, and everything the villain could say, until its budget of states is used up.
//
// Bounded, not complete: states are visited depth first in an order drawn from the seed, and never twice. With --without
// RULE the same walk must find a violation, which is how the test knows that it would.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "consensus/rules.h"
#include "tests/sim/checker.h"
#include "tests/sim/sim_node.h"
#include "tests/sim/world.h"

namespace {

using namespace sanquan;
using namespace sanquan::consensus;
using sim::NetMessage;
using sim::NodeId;
using sim::SimNode;
using sim::Task;

constexpr std::uint64_t kViews = 2;
constexpr std::uint32_t kTimeoutTicks = 4;

struct Said {
    NodeId from = 0;
    std::uint32_t to = 0;  // one bit per node
    NetMessage message;
};

// One state: replicas, what was said, who heard it.
struct State : sim::Surroundings {
    State(sim::World& shared, NodeId villain_id)
        : world(&shared), villain(villain_id), checker(shared) {
        Timing timing{kTimeoutTicks, kTimeoutTicks, 1'000, 1'000, 100'000};
        for (NodeId id = 0; id < 4; ++id) {
            nodes.emplace_back(id, shared, timing, *this);
        }
        checker.set_faulty(villain);
    }
    State(const State& other) = default;

    void transmit(NodeId from, NodeId to, const NetMessage& message) override {
        for (Said& said : pool) {
            if (said.from == from && said.message == message) {
                said.to |= 1U << to;
                return;
            }
        }
        pool.push_back({from, 1U << to, message});
        villain_reacts(message);
    }
    void task_ready(NodeId node, Task task) override { tasks.emplace_back(node, std::move(task)); }
    void on_decided(NodeId node, const Vote& vote) override {
        const SimNode& voter = nodes[node];
        checker.on_decided(node, vote, voter.replica().status().view, voter.executed(vote.digest));
    }
    void on_signed(NodeId node, const SignedVote& vote) override { checker.on_vote(node, vote); }
    void on_signed(NodeId node, const SignedProposal& proposal) override {
        checker.on_proposal(node, proposal);
    }
    void on_commit(NodeId node, const Commit& commit) override { checker.on_commit(node, commit); }
    void on_evidence(NodeId node, const Evidence& evidence) override {
        checker.on_evidence(node, evidence);
    }
    std::uint64_t random() override { return 1; }
    const SimNode* peer(NodeId /*node*/) const override { return nullptr; }

    // After a copy, the nodes belong to this state.
    void adopt() {
        for (SimNode& node : nodes) {
            node.attach(*this);
        }
    }
    void work() {
        while (!tasks.empty()) {
            const auto [node, task] = tasks.front();
            tasks.erase(tasks.begin());
            if (task.kind != Task::Kind::kCatchUp) {
                nodes[node].perform(task);
            }
        }
    }
    void begin() {
        for (SimNode& node : nodes) {
            if (node.id() != villain) {
                node.start();
                work();
            }
        }
        for (SimNode& node : nodes) {
            node.add_transaction(1);
            work();
        }
        for (std::uint64_t view = 1; view <= kViews; ++view) {
            villain_votes({Epoch{0}, View{view}, VoteKind::kNullify, {}});
        }
        villain_leads(View{1}, world->genesis(), View{0}, Height{1}, 1);
        villain_leads(View{1}, world->genesis(), View{0}, Height{1}, 2);
        villain_leads(View{2}, world->genesis(), View{0}, Height{1}, 3);
        nodes[villain == 0 ? 1 : 0].execution_paused = true;
    }
    void villain_votes(const Vote& vote) {
        const SignedVote signed_vote{vote, ReplicaIndex{villain}, sim::World::sign(villain, vote)};
        if (votes_said.insert(vote).second) {
            pool.push_back({villain, 0xFU & ~(1U << villain), {signed_vote, {}, {}}});
            checker.on_villain_vote(signed_vote);
        }
    }
    void villain_leads(View view, const BlockDigest& parent, View parent_view, Height height,
                       std::uint64_t salt) {
        if (view.value % 4 != villain) {
            return;
        }
        const auto& block = world->create({Epoch{0}, view, height, parent, false}, {}, salt);
        const Proposal proposal{Epoch{0}, view,        block.digest,         height,
                                parent,   parent_view, ReplicaIndex{villain}};
        const SignedProposal said{proposal, sim::World::sign(villain, proposal)};
        pool.push_back({villain, 0xFU & ~(1U << villain), {said, block.digest, {}}});
        villain_votes({Epoch{0}, view, VoteKind::kNotarize, block.digest});
        villain_votes({Epoch{0}, view, VoteKind::kFinalize, block.digest});
        if (view.value == 1) {
            villain_leads(View{2}, block.digest, view, height.next(), salt + 10);
        }
    }
    // The villain supports every block it hears of, and builds on it when its turn comes.
    void villain_reacts(const NetMessage& message) {
        const auto* proposal =
            message.message ? std::get_if<SignedProposal>(&*message.message) : nullptr;
        if (proposal != nullptr && proposal->proposal.view.value <= kViews) {
            const Proposal seen = proposal->proposal;
            villain_votes({seen.epoch, seen.view, VoteKind::kNotarize, seen.digest});
            villain_votes({seen.epoch, seen.view, VoteKind::kFinalize, seen.digest});
            if (seen.view.value == 1) {
                villain_leads(View{2}, seen.digest, seen.view, seen.height.next(), 20);
            }
        }
    }

    // Actions: 0..999 deliver said[i] to node (action / 1000); above, machine actions.
    struct Action {
        enum class Kind : std::uint8_t {
            kDeliver,
            kTimeout,
            kCrash,
            kResume
        } kind = Kind::kDeliver;
        NodeId node = 0;
        std::size_t said = 0;
    };
    std::vector<Action> actions() const {
        std::vector<Action> all;
        for (NodeId id = 0; id < 4; ++id) {
            if (id == villain || nodes[id].replica().status().view.value > kViews) {
                continue;
            }
            for (std::size_t i = 0; i < pool.size(); ++i) {
                if ((pool[i].to & (1U << id)) != 0 && !heard.contains({id, i})) {
                    all.push_back({Action::Kind::kDeliver, id, i});
                }
            }
            if (!timed_out.contains({id, nodes[id].replica().status().view.value})) {
                all.push_back({Action::Kind::kTimeout, id, 0});
            }
            if (crashes == 0) {
                all.push_back({Action::Kind::kCrash, id, 0});
            }
            if (nodes[id].execution_paused) {
                all.push_back({Action::Kind::kResume, id, 0});
            }
        }
        return all;
    }
    void act(const Action& action) {
        SimNode& node = nodes[action.node];
        switch (action.kind) {
            case Action::Kind::kDeliver: {
                heard.insert({action.node, action.said});
                const NetMessage message = pool[action.said].message;
                node.deliver(pool[action.said].from, message);
                break;
            }
            case Action::Kind::kTimeout:
                timed_out.insert({action.node, node.replica().status().view.value});
                for (std::uint32_t i = 0; i < kTimeoutTicks; ++i) {
                    node.tick();
                    work();
                }
                break;
            case Action::Kind::kCrash:
                ++crashes;
                node.crash(true);
                node.start();
                // Memory is gone: everything may be heard again.
                std::erase_if(heard,
                              [&action](const auto& pair) { return pair.first == action.node; });
                break;
            case Action::Kind::kResume:
                node.resume_execution();
                break;
        }
        work();
    }
    std::uint64_t fingerprint() const {
        std::string text;
        for (const SimNode& node : nodes) {
            if (node.id() != villain) {
                text += node.replica().describe() + (node.execution_paused ? "paused" : "") + '\n';
            }
        }
        text += std::to_string(crashes);
        for (const auto& [node, said] : heard) {
            text += ' ' + std::to_string(node * 1'000 + said);
        }
        std::uint64_t value = 0;
        const BlockDigest digest = sim::digest_of(text);
        std::memcpy(&value, digest.octets.data(), sizeof value);
        return value;
    }

    sim::World* world;
    NodeId villain;
    sim::Checker checker;
    std::vector<SimNode> nodes;
    std::vector<Said> pool;
    std::vector<std::pair<NodeId, Task>> tasks;
    std::set<std::pair<NodeId, std::size_t>> heard;
    std::set<std::pair<NodeId, std::uint64_t>> timed_out;
    std::set<Vote> votes_said;
    std::uint32_t crashes = 0;
};

struct Walk {
    std::uint64_t budget = 20'000;
    std::uint64_t seed = 1;
    std::uint64_t states = 0;
    std::unordered_set<std::uint64_t> seen;
    std::string violation;

    std::uint64_t next() {
        seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
        return seed >> 33U;
    }

    // Depth first from `root`, in random order; half of the budget goes to fresh walks from the root.
    void explore(const State& root) {
        while (states < budget && violation.empty()) {
            State state = root;
            state.adopt();
            for (std::uint64_t depth = 0; depth < 120 && states < budget; ++depth) {
                auto actions = state.actions();
                if (actions.empty()) {
                    break;
                }
                // A few tries for a successor that was not seen yet; else the walk goes on anyway.
                State::Action chosen = actions[next() % actions.size()];
                state.act(chosen);
                ++states;
                if (!state.checker.violations().empty()) {
                    violation = state.checker.violations().front();
                    return;
                }
                if (!seen.insert(state.fingerprint()).second && next() % 4 == 0) {
                    break;
                }
            }
        }
    }
};

const std::map<std::string, Rule>& rules() {
    static const std::map<std::string, Rule> kRules{{"1.2", Rule::kOneProposalPerView},
                                                    {"2.1", Rule::kOneNotarizePerView},
                                                    {"2.3", Rule::kParentNotarized},
                                                    {"2.4", Rule::kNullificationsBetween},
                                                    {"4.1", Rule::kNoFinalizeAfterNullify},
                                                    {"4.2", Rule::kFinalizeExecutedOnly},
                                                    {"8.1", Rule::kPersistVotes}};
    return kRules;
}

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t budget = 20'000, seed = 1;
    bool expect_violation = false;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string flag = argv[i];
        if (flag == "--states") {
            budget = std::strtoull(argv[i + 1], nullptr, 10);
        } else if (flag == "--seed") {
            seed = std::strtoull(argv[i + 1], nullptr, 10);
        } else if (flag == "--without" && rules().contains(argv[i + 1])) {
            set_enforced(rules().at(argv[i + 1]), false);
            expect_violation = true;
        } else {
            std::fprintf(stderr,
                         "usage: sanquan_explore [--states N] [--seed N] [--without "
                         "1.2|2.1|2.3|2.4|4.1|4.2|8.1]\n");
            return 2;
        }
    }
    const auto start = std::chrono::steady_clock::now();
    std::uint64_t states = 0, distinct = 0;
    std::string violation;
    for (NodeId villain = 1; villain <= 3 && violation.empty(); ++villain) {
        sim::World world({4, 4, 0});
        State root(world, villain);
        root.begin();
        Walk walk;
        walk.budget = budget;
        walk.seed = seed * 4 + villain;
        walk.explore(root);
        states += walk.states;
        distinct += walk.seen.size();
        violation = walk.violation;
    }
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::printf("%llu steps, %llu distinct states, %.1f s%s%s\n",
                static_cast<unsigned long long>(states), static_cast<unsigned long long>(distinct),
                seconds, violation.empty() ? "" : ": ", violation.c_str());
    return violation.empty() != expect_violation ? 0 : 1;
}
