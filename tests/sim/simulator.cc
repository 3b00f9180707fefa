#include "tests/sim/simulator.h"

#include <algorithm>
#include <cstdio>

#include "tests/sim/villains.h"

namespace sanquan::sim {

using namespace consensus;

namespace {

constexpr std::uint64_t kUnitsPerTick = 10;
constexpr std::uint64_t kCalmTicksMax = 20'000;
constexpr std::uint64_t kCalmBlocks = 6;

std::string brief(const NetMessage& net) {
    if (net.block_request) {
        return "block? " + net.block_request->short_hex();
    }
    if (!net.message) {
        return "block " + net.block->short_hex();
    }
    return std::visit(
        [](const auto& value) -> std::string {
            using T = std::decay_t<decltype(value)>;
            const auto vote_text = [](const Vote& vote) {
                return std::string(to_string(vote.kind)) + " e" + std::to_string(vote.epoch.value) +
                       " v" + std::to_string(vote.view.value) + ' ' + vote.digest.short_hex();
            };
            if constexpr (std::is_same_v<T, SignedVote>) {
                return vote_text(value.vote) + " by " + std::to_string(value.signer.value);
            } else if constexpr (std::is_same_v<T, Certificate>) {
                return "certificate " + vote_text(value.subject);
            } else if constexpr (std::is_same_v<T, SignedProposal>) {
                return "proposal v" + std::to_string(value.proposal.view.value) + ' ' +
                       value.proposal.digest.short_hex() + " on v" +
                       std::to_string(value.proposal.parent_view.value);
            } else if constexpr (std::is_same_v<T, FetchCertificates>) {
                return "certificates? " + std::to_string(value.first.value) + ".." +
                       std::to_string(value.last.value);
            } else if constexpr (std::is_same_v<T, FetchProposal>) {
                return "proposal? " + std::to_string(value.view.value);
            } else if constexpr (std::is_same_v<T, StatusHint>) {
                return "hint e" + std::to_string(value.epoch.value) + " v" +
                       std::to_string(value.view.value) + " f" +
                       std::to_string(value.finalized.value);
            } else if constexpr (std::is_same_v<T, ViewQuery>) {
                return "view? e" + std::to_string(value.epoch.value);
            } else {
                return "report v" + std::to_string(value.report.view.value);
            }
        },
        *net.message);
}

WorldOptions world_options(const SimOptions& options) {
    // Epochs and rotation follow from the seed, so that one number replays everything.
    Random random(options.seed ^ 0xE90C4ULL);
    WorldOptions world;
    world.validators = options.nodes;
    world.nodes = options.nodes;
    if (random.percent(50)) {
        world.epoch_blocks = 4 + random.below(12);
        if (random.percent(60)) {
            world.nodes = static_cast<std::uint16_t>(options.nodes + 1);
        }
    }
    return world;
}

Timing sim_timing() {
    Timing timing;
    timing.view_timeout = 20;
    timing.view_timeout_max = 640;
    timing.retransmit = 10;
    timing.retransmit_max = 40;
    timing.heartbeat = 200;
    return timing;
}

}  // namespace

std::uint64_t Random::next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t value = state_;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31U);
}

Simulator::Simulator(const SimOptions& options)
    : options_(options),
      random_(options.seed),
      world_(world_options(options)),
      checker_(world_),
      timing_(sim_timing()) {
    for (NodeId id = 0; id < world_.options().nodes; ++id) {
        nodes_.push_back(std::make_unique<SimNode>(id, world_, timing_, *this));
    }
    choose_setting();
}

Simulator::~Simulator() = default;

void Simulator::choose_setting() {
    if (options_.steady) {
        result_.villain = "none";
        return;
    }
    const std::uint64_t f = (options_.nodes - 1U) / 3U;
    const std::uint64_t villains = random_.percent(70) ? 1 + random_.below(f) : 0;
    result_.villain = villains == 0 ? "none" : "";
    for (std::uint64_t i = 0; i < villains; ++i) {
        const auto id = static_cast<NodeId>(random_.below(world_.options().nodes));
        if (villains_.contains(id)) {
            continue;
        }
        villains_.emplace(id, make_villain(*this, id, *nodes_[id], random_.below(kVillainKinds)));
        checker_.set_faulty(id);
        result_.villain += (i > 0 ? "+" : "") + villains_[id]->name();
    }
    crash_permille_ = random_.below(4) * 3;
    // A node that lost its log is unavailable until a quorum of others answered: it uses up one
    // fault.
    amnesia_percent_ = villains_.size() < f && random_.percent(60) ? 30 : 0;
}

void Simulator::note(const std::string& what) {
    for (const char c : what) {
        result_.trace_hash =
            (result_.trace_hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    }
    result_.trace_hash ^= now_ * 0x9E3779B97F4A7C15ULL;
    if (options_.trace) {
        std::printf("%8.1f %s\n", static_cast<double>(now_) / 10.0, what.c_str());
    }
}

void Simulator::schedule(Happening happening) {
    happening.order = ++order_;
    queue_.push(std::move(happening));
}

bool Simulator::cut(NodeId from, NodeId to) const { return cuts_.contains({from, to}); }

void Simulator::transmit(NodeId from, NodeId to, const NetMessage& message) {
    if (const auto villain = villains_.find(from); villain != villains_.end()) {
        villain->second->outgoing(to, message);
        return;
    }
    deliver_later(from, to, message);
}

void Simulator::deliver_later(NodeId from, NodeId to, const NetMessage& message) {
    if (to >= nodes_.size() || to == from) {
        return;
    }
    ++sent_;
    const std::uint64_t copies = 1 + (random_.percent(duplicate_percent_) ? 1U : 0U);
    for (std::uint64_t copy = 0; copy < copies; ++copy) {
        if (cut(from, to) || random_.percent(loss_percent_)) {
            continue;
        }
        Happening happening;
        happening.kind = Happening::Kind::kDeliver;
        happening.time = now_ + 1 + random_.below(delay_max_);
        happening.node = to;
        happening.from = from;
        happening.message = std::make_shared<NetMessage>(message);
        schedule(std::move(happening));
    }
}

void Simulator::task_ready(NodeId node, Task task) {
    Happening happening;
    happening.kind = Happening::Kind::kTask;
    happening.time = now_ + 1 + random_.below(task_max_);
    if (task.kind == Task::Kind::kSync || task.kind == Task::Kind::kStore ||
        task.kind == Task::Kind::kStartEpoch) {
        // Syncs finish in order, and so do commits.
        happening.time = std::max(happening.time, ordered_until_[node]);
        ordered_until_[node] = happening.time;
    }
    happening.node = node;
    happening.life = lives_[node];
    happening.task = std::make_shared<Task>(std::move(task));
    schedule(std::move(happening));
}

void Simulator::on_signed(NodeId node, const SignedVote& vote) { checker_.on_vote(node, vote); }

void Simulator::on_decided(NodeId node, const Vote& vote) {
    const SimNode& voter = *nodes_[node];
    checker_.on_decided(node, vote, voter.replica().status().view, voter.executed(vote.digest));
}

void Simulator::on_signed(NodeId node, const SignedProposal& proposal) {
    checker_.on_proposal(node, proposal);
}

void Simulator::on_commit(NodeId node, const Commit& commit) {
    note("node " + std::to_string(node) + " commits height " +
         std::to_string(commit.blocks.back().facts.height.value));
    checker_.on_commit(node, commit);
}

void Simulator::on_evidence(NodeId node, const Evidence& evidence) {
    if (const auto* pair = std::get_if<std::pair<Certificate, Certificate>>(&evidence.proof)) {
        note("node " + std::to_string(node) + " holds " + brief({pair->first, {}, {}}) + " and " +
             brief({pair->second, {}, {}}));
    }
    checker_.on_evidence(node, evidence);
}

const SimNode* Simulator::peer(NodeId node) const {
    return node < nodes_.size() && nodes_[node]->up() ? nodes_[node].get() : nullptr;
}

void Simulator::handle(const Happening& happening) {
    const NodeId id = happening.node;
    SimNode& node = *nodes_[id];
    ++result_.events;
    switch (happening.kind) {
        case Happening::Kind::kTick: {
            Happening next = happening;
            next.time = now_ + kUnitsPerTick;
            schedule(std::move(next));
            if (node.up()) {
                node.tick();
                check_waiting(id);
            }
            if (const auto villain = villains_.find(id); villain != villains_.end()) {
                villain->second->tick();
            }
            break;
        }
        case Happening::Kind::kDeliver:
            note(std::to_string(happening.from) + "->" + std::to_string(id) + ' ' +
                 brief(*happening.message));
            if (const auto villain = villains_.find(id); villain != villains_.end()) {
                villain->second->incoming(happening.from, *happening.message);
            }
            node.deliver(happening.from, *happening.message);
            break;
        case Happening::Kind::kTask:
            if (happening.life == lives_[id]) {
                perform(id, *happening.task);
            }
            break;
        case Happening::Kind::kRestart:
            if (!node.up() && happening.life == lives_[id]) {
                // Over epochs a node abstains twice (SPEC 9.7); one such node is all that n = 4 can
                // spare.
                const bool spare = lost_log_.empty() &&
                                   (world_.options().epoch_blocks == 0 || result_.lost_logs == 0);
                const bool lost =
                    !calm_ && spare && checker_.honest(id) && random_.percent(amnesia_percent_);
                if (lost) {
                    lost_log_.insert(id);
                    recovered_.erase(id);
                    ++result_.lost_logs;
                    const std::uint64_t how = random_.below(3);
                    if (how == 0) {
                        node.lose_log();
                    } else if (how == 1) {
                        node.lose_disk();
                    } else {
                        node.restore_log(random_.below(node.log().size() + 1));
                    }
                }
                note("restart " + std::to_string(id) + (lost ? " without its log" : ""));
                node.start();
                for (std::uint32_t i = 0; i < transactions_; ++i) {
                    node.add_transaction(i);
                }
            }
            break;
    }
    if (lost_log_.contains(id) && node.up() && !node.replica().status().abstaining &&
        node.unsynced() == 0) {
        // With the way to its threshold on disk, this node counts among the honest again.
        lost_log_.erase(id);
        recovered_[id] = node.epoch();
    }
}

// A replica waits only after its log was lost; once recovered, it waits again in a later epoch at
// most (SPEC 9.7, 9.8).
void Simulator::check_waiting(NodeId id) {
    if (!checker_.honest(id) || lost_log_.contains(id) ||
        !nodes_[id]->replica().status().abstaining) {
        return;
    }
    const auto recovered = recovered_.find(id);
    if (recovered == recovered_.end() || recovered->second == nodes_[id]->epoch()) {
        checker_.violation("recovery: node " + std::to_string(id) +
                           " abstains though its log was not lost");
    }
}

void Simulator::perform(NodeId id, const Task& task) {
    const bool durable_step = task.kind == Task::Kind::kSync || task.kind == Task::Kind::kStore ||
                              task.kind == Task::Kind::kStartEpoch;
    if (!durable_step || calm_) {
        nodes_[id]->perform(task);
        return;
    }
    ++result_.durable_steps;
    // Crashes fall on durable steps far more often than chance would have it.
    const bool here = options_.steady ? result_.durable_steps == options_.crash_step
                                      : random_.below(1000) < crash_permille_;
    if (!here) {
        nodes_[id]->perform(task);
        return;
    }
    const bool after = options_.steady ? options_.crash_after : random_.percent(50);
    if (after && task.kind != Task::Kind::kSync) {
        nodes_[id]->perform(task);
    }
    crash(id, after && task.kind == Task::Kind::kSync);
}

// `durable`: the sync that waits first was done, but nothing that waits for it has left.
void Simulator::crash(NodeId node, bool durable) {
    if (!nodes_[node]->up()) {
        return;
    }
    note("crash " + std::to_string(node) + (durable ? " after" : " before") + " a sync");
    nodes_[node]->crash(durable);
    ++lives_[node];
    ++result_.crashes;
    Happening restart;
    restart.kind = Happening::Kind::kRestart;
    restart.time = now_ + kUnitsPerTick * (1 + random_.below(200));
    restart.node = node;
    restart.life = lives_[node];
    schedule(std::move(restart));
}

void Simulator::run_until(std::uint64_t time) {
    while (!queue_.empty() && queue_.top().time <= time && checker_.violations().empty()) {
        const Happening happening = queue_.top();
        queue_.pop();
        now_ = happening.time;
        handle(happening);
    }
    now_ = time;
}

void Simulator::submit() {
    const std::uint32_t transaction = transactions_++;
    for (const auto& node : nodes_) {
        node->add_transaction(transaction);
    }
}

void Simulator::repartition() {
    cuts_.clear();
    const std::uint64_t shape = random_.below(4);
    const auto count = static_cast<NodeId>(nodes_.size());
    std::vector<std::uint64_t> side;
    for (NodeId i = 0; i < count; ++i) {
        side.push_back(random_.below(2));
    }
    for (NodeId from = 0; from < count; ++from) {
        for (NodeId to = 0; to < count; ++to) {
            const bool across = side[from] != side[to];
            if ((shape == 1 && across) || (shape == 2 && across && side[from] == 0) ||
                (shape == 3 && random_.percent(25))) {
                cuts_.insert({from, to});
            }
        }
    }
    constexpr std::uint64_t kDelays[] = {5, 20, 100, 400};
    constexpr std::uint64_t kLosses[] = {0, 0, 5, 20, 40};
    constexpr std::uint64_t kTasks[] = {1, 5, 50};
    delay_max_ = kDelays[random_.below(4)];
    loss_percent_ = kLosses[random_.below(5)];
    duplicate_percent_ = random_.below(3) * 10;
    task_max_ = kTasks[random_.below(3)];
    note("network: delay " + std::to_string(delay_max_) + " loss " + std::to_string(loss_percent_) +
         " cuts " + std::to_string(cuts_.size()));
}

// Tells a node whether it has a connection to another, be it true or not (SPEC 6.3).
void Simulator::hint_reach() {
    SimNode& node = *nodes_[random_.below(nodes_.size())];
    const ReplicaIndex other{static_cast<std::uint16_t>(random_.below(options_.nodes))};
    node.step(ReachChanged{other, random_.percent(50)});
}

void Simulator::trouble() {
    const std::uint64_t end = now_ + options_.trouble_ticks * kUnitsPerTick;
    while (now_ < end && checker_.violations().empty()) {
        run_until(now_ + (20 + random_.below(150)) * kUnitsPerTick);
        if (random_.percent(60)) {
            submit();
        }
        if (!options_.steady && random_.percent(40)) {
            repartition();
        }
        if (!options_.steady && random_.percent(30)) {
            hint_reach();
        }
        if (random_.percent(crash_permille_ * 2)) {
            crash(static_cast<NodeId>(random_.below(nodes_.size())), random_.percent(50));
        }
        if (random_.percent(crash_permille_ / 3)) {
            note("power cut");
            for (NodeId id = 0; id < nodes_.size(); ++id) {
                crash(id, random_.percent(50));
            }
        }
    }
}

void Simulator::heal() {
    calm_ = true;
    cuts_.clear();
    delay_max_ = 20;
    loss_percent_ = 0;
    duplicate_percent_ = 0;
    task_max_ = 5;
    crash_permille_ = 0;
    note("heal");
    run_until(now_ + 250 * kUnitsPerTick);
}

void Simulator::check_progress() {
    const std::uint64_t start = agreed();
    std::uint64_t slowest = 0;
    for (std::uint64_t ticks = 0; ticks < kCalmTicksMax && checker_.violations().empty();
         ticks += 20) {
        if (ticks % 60 == 0) {
            submit();
        }
        run_until(now_ + 20 * kUnitsPerTick);
        slowest = ~0ULL;
        for (NodeId id = 0; id < nodes_.size(); ++id) {
            if (checker_.honest(id)) {
                slowest = std::min(slowest, nodes_[id]->chain().back().facts.height.value);
            }
        }
        if (slowest >= start + kCalmBlocks) {
            return;
        }
    }
    if (checker_.violations().empty()) {
        checker_.violation(
            "liveness: all is healed, yet the slowest honest node stands at height " +
            std::to_string(slowest) + ", " + std::to_string(start) + " before the calm");
        for (const auto& node : nodes_) {
            if (options_.trace) {
                std::printf("--- node %u %s\n%s\n", node->id(),
                            checker_.honest(node->id()) ? "" : "villain",
                            node->up() ? node->replica().describe().c_str() : "down");
            }
        }
    }
}

void Simulator::check_quiet() {
    if (!villains_.empty() || !checker_.violations().empty()) {
        return;
    }
    run_until(now_ + 1'000 * kUnitsPerTick);
    const std::uint64_t before = sent_;
    const std::uint64_t height = agreed();
    run_until(now_ + 1'000 * kUnitsPerTick);
    // Five heartbeats, each one block: proposal, opening, three rounds of votes. Twice that is
    // quiet enough.
    const std::uint64_t n = world_.options().nodes;
    const std::uint64_t allowed = 6 * n * n * 10;
    if (sent_ - before > allowed) {
        checker_.violation("quiet: an idle network sent " + std::to_string(sent_ - before) +
                           " messages in 1000 ticks");
    }
    if (agreed() < height + 3 && checker_.violations().empty()) {
        checker_.violation("liveness: no heartbeat");
    }
}

SimResult Simulator::run() {
    for (const auto& node : nodes_) {
        node->start();
        Happening tick;
        tick.time = random_.below(kUnitsPerTick);
        tick.node = node->id();
        schedule(std::move(tick));
    }
    trouble();
    heal();
    check_progress();
    if (!options_.steady) {
        check_quiet();
    }
    result_.violations = checker_.violations();
    result_.height = agreed();
    result_.evidence = checker_.evidence_seen();
    for (const auto& node : nodes_) {
        result_.epochs = std::max(result_.epochs, node->epoch().value);
    }
    return result_;
}

}  // namespace sanquan::sim
