#include "tests/scenarios/stage.h"

#include <algorithm>

namespace sanquan::scenarios {

using namespace consensus;

Stage::Stage(const StageOptions& options)
    : world_(options.world), checker_(world_), timing_(options.timing) {
    for (NodeId id = 0; id < options.world.nodes; ++id) {
        nodes_.push_back(std::make_unique<sim::SimNode>(id, world_, timing_, *this));
    }
}

void Stage::make_villain(NodeId node) {
    villains_.insert(node);
    checker_.set_faulty(node);
}

void Stage::start_all() {
    for (const auto& node : nodes_) {
        if (!is_villain(node->id()) && !node->up()) {
            node->start();
            work();
        }
    }
}

void Stage::transmit(NodeId from, NodeId to, const NetMessage& message) {
    ++sent_;
    const Link link{from, to};
    if (message.message && std::holds_alternative<SignedViewReport>(*message.message)) {
        reports_.emplace_back(link, message);
    }
    if (!cut.contains(link) && to < nodes_.size()) {
        links_[link].push_back(message);
    }
}

void Stage::task_ready(NodeId node, Task task) { tasks_[node].push_back(std::move(task)); }

void Stage::on_decided(NodeId node, const Vote& vote) {
    checker_.on_decided(node, vote, nodes_[node]->replica().status().view,
                        nodes_[node]->executed(vote.digest));
}

void Stage::on_signed(NodeId node, const SignedVote& vote) {
    votes_.push_back(vote);
    checker_.on_vote(node, vote);
}

void Stage::on_signed(NodeId node, const SignedProposal& proposal) {
    proposals_.push_back(proposal);
    checker_.on_proposal(node, proposal);
}

void Stage::on_commit(NodeId node, const Commit& commit) { checker_.on_commit(node, commit); }

void Stage::on_evidence(NodeId node, const Evidence& evidence) {
    evidence_.emplace_back(node, evidence);
    checker_.on_evidence(node, evidence);
}

const sim::SimNode* Stage::peer(NodeId node) const {
    return node < nodes_.size() && nodes_[node]->up() ? nodes_[node].get() : nullptr;
}

void Stage::work() {
    if (working_) {
        return;
    }
    working_ = true;
    bool moved = true;
    while (moved) {
        moved = false;
        for (auto& [id, waiting] : tasks_) {
            for (std::size_t i = 0; i < waiting.size(); ++i) {
                if (held_tasks_.contains({id, waiting[i].kind})) {
                    continue;
                }
                const Task task = waiting[i];
                waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(i));
                nodes_[id]->perform(task);
                moved = true;
                break;
            }
        }
    }
    working_ = false;
}

void Stage::release_tasks(NodeId node) {
    std::erase_if(held_tasks_, [node](const auto& held_task) { return held_task.first == node; });
    work();
}

void Stage::tick(NodeId node) {
    if (nodes_[node]->up()) {
        nodes_[node]->tick();
        work();
    }
}

std::size_t Stage::deliver(const Link& link, std::size_t most) {
    std::size_t delivered = 0;
    auto& waiting = links_[link];
    while (!waiting.empty() && delivered < most) {
        const NetMessage message = waiting.front();
        waiting.pop_front();
        ++delivered;
        if (!is_villain(link.second)) {
            nodes_[link.second]->deliver(link.first, message);
            work();
        }
    }
    return delivered;
}

std::size_t Stage::deliver_all() {
    std::size_t delivered = 0;
    for (bool moved = true; moved;) {
        moved = false;
        std::vector<Link> ready;
        for (const auto& [link, waiting] : links_) {
            if (!waiting.empty() && !held.contains(link)) {
                ready.push_back(link);
            }
        }
        for (const Link& link : ready) {
            delivered += deliver(link, 1);
            moved = true;
        }
    }
    return delivered;
}

}  // namespace sanquan::scenarios
