#include "tests/scenarios/script.h"

#include <cstdio>
#include <fstream>
#include <sstream>

namespace sanquan::scenarios {

using namespace consensus;

namespace {

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, separator);) {
        if (!part.empty()) {
            parts.push_back(part);
        }
    }
    return parts;
}

}  // namespace

NodeId Script::node_number(const std::string& text) {
    return static_cast<NodeId>(std::stoul(text));
}

std::string Script::Command::value(const std::string& key, const std::string& otherwise) const {
    const auto found = values.find(key);
    return found == values.end() ? otherwise : found->second;
}

std::uint64_t Script::Command::number(const std::string& key, std::uint64_t otherwise) const {
    const auto found = values.find(key);
    return found == values.end() ? otherwise : std::stoull(found->second);
}

Script::Command Script::parse(const std::string& line) {
    Command command;
    for (const std::string& word : split(line.substr(0, line.find('#')), ' ')) {
        const auto equals = word.find('=');
        if (command.verb.empty()) {
            command.verb = word;
        } else if (equals != std::string::npos && equals > 0 && word[equals - 1] != '>' &&
                   word[equals - 1] != '<' && equals + 1 < word.size()) {
            command.values[word.substr(0, equals)] = word.substr(equals + 1);
        } else {
            command.words.push_back(word);
        }
    }
    return command;
}

bool Script::fail(const std::string& why) {
    if (failure_.empty()) {
        failure_ = why;
    }
    return false;
}

std::vector<NodeId> Script::nodes_in(const std::string& list) const {
    std::vector<NodeId> nodes;
    if (list.empty() || list == "all") {
        for (NodeId id = 0; id < stage_->count(); ++id) {
            nodes.push_back(id);
        }
        return nodes;
    }
    for (const std::string& part : split(list, ',')) {
        nodes.push_back(node_number(part));
    }
    return nodes;
}

// "0->2", "0,1->3", "all->3", or "2" for every link to and from node 2.
std::set<Stage::Link> Script::links_in(const std::vector<std::string>& words) const {
    std::set<Stage::Link> links;
    for (const std::string& word : words) {
        const auto arrow = word.find("->");
        if (arrow == std::string::npos) {
            for (const NodeId node : nodes_in(word)) {
                for (const NodeId other : nodes_in("all")) {
                    links.insert({node, other});
                    links.insert({other, node});
                }
            }
            continue;
        }
        for (const NodeId from : nodes_in(word.substr(0, arrow))) {
            for (const NodeId to : nodes_in(word.substr(arrow + 2))) {
                links.insert({from, to});
            }
        }
    }
    return links;
}

BlockDigest Script::block_named(const std::string& name) {
    if (name == "genesis") {
        return stage_->world().genesis();
    }
    const auto found = names_.find(name);
    return found == names_.end() ? BlockDigest{} : found->second;
}

void Script::begin() {
    if (!stage_) {
        stage_ = std::make_unique<Stage>(options_);
    }
}

bool Script::run(const std::string& line) {
    const Command command = parse(line);
    if (command.verb.empty()) {
        return true;
    }
    if (!dispatch(command)) {
        return fail("failed");
    }
    if (stage_ && !stage_->checker().violations().empty()) {
        return fail("invariant: " + stage_->checker().violations().front());
    }
    return true;
}

bool Script::dispatch(const Command& command) {
    static const std::set<std::string> kSetup{"guards",  "nodes", "timing",
                                              "villain", "start", "no-progress"};
    static const std::set<std::string> kNetwork{"deliver", "drop", "cut",
                                                "hold",    "heal", "partition"};
    static const std::set<std::string> kMachine{"tick",
                                                "run",
                                                "work",
                                                "crash",
                                                "restart",
                                                "lose-log",
                                                "lose-disk",
                                                "unreachable",
                                                "restore-log",
                                                "prune-log",
                                                "pause-execution",
                                                "resume-execution",
                                                "cannot-execute",
                                                "hold-work",
                                                "release-work",
                                                "next-block",
                                                "name",
                                                "slow",
                                                "show"};
    static const std::set<std::string> kSpeak{"block",   "propose", "vote",  "certificate",
                                              "hint",    "fetch",   "query", "report",
                                              "forward", "replay",  "flood"};
    if (kSetup.contains(command.verb)) {
        return setup(command);
    }
    begin();
    if (kNetwork.contains(command.verb)) {
        return network(command);
    }
    if (kMachine.contains(command.verb)) {
        return machine(command);
    }
    if (kSpeak.contains(command.verb)) {
        return speak(command);
    }
    return command.verb == "expect" ? expect(command) : fail("unknown command");
}

bool Script::setup(const Command& command) {
    if (command.verb == "guards") {
        return true;
    }
    if (command.verb == "nodes") {
        options_.world.nodes = node_number(command.words.at(0));
        options_.world.validators =
            static_cast<std::uint16_t>(command.number("validators", options_.world.nodes));
        options_.world.epoch_blocks = command.number("epoch_blocks", 0);
        options_.timing = {10, 320, 5, 20, 1'000};
        return true;
    }
    if (command.verb == "timing") {
        auto& timing = options_.timing;
        timing.view_timeout =
            static_cast<std::uint32_t>(command.number("timeout", timing.view_timeout));
        timing.view_timeout_max =
            static_cast<std::uint32_t>(command.number("timeout_max", timing.view_timeout_max));
        timing.retransmit =
            static_cast<std::uint32_t>(command.number("retransmit", timing.retransmit));
        timing.retransmit_max =
            static_cast<std::uint32_t>(command.number("retransmit_max", timing.retransmit_max));
        timing.heartbeat =
            static_cast<std::uint32_t>(command.number("heartbeat", timing.heartbeat));
        return true;
    }
    if (command.verb == "no-progress") {
        no_progress_demanded_ = true;
        return true;
    }
    begin();
    if (command.verb == "villain") {
        stage_->make_villain(node_number(command.words.at(0)));
    } else {
        stage_->start_all();
    }
    return true;
}

bool Script::network(const Command& command) {
    Stage& stage = *stage_;
    if (command.verb == "heal") {
        stage.cut.clear();
        stage.held.clear();
        return true;
    }
    if (command.verb == "partition") {
        // "partition 0,1 2,3": nothing passes between the groups.
        stage.cut.clear();
        for (const std::string& one : command.words) {
            for (const std::string& other : command.words) {
                if (one != other) {
                    const auto links = links_in({one + "->" + other});
                    stage.cut.insert(links.begin(), links.end());
                }
            }
        }
        return true;
    }
    if (command.verb == "deliver" && (command.words.empty() || command.words[0] == "all")) {
        stage.deliver_all();
        return true;
    }
    for (const Stage::Link& link : links_in(command.words)) {
        if (command.verb == "deliver") {
            stage.deliver(link, command.number("most", 1'000));
        } else if (command.verb == "drop") {
            stage.drop(link);
        } else if (command.verb == "cut") {
            stage.cut.insert(link);
        } else {
            stage.held.insert(link);
        }
    }
    return true;
}

void Script::run_ticks(std::uint64_t ticks) {
    for (std::uint64_t i = 0; i < ticks && stage_->checker().violations().empty(); ++i) {
        stage_->deliver_all();
        for (NodeId id = 0; id < stage_->count(); ++id) {
            if (!stage_->is_villain(id)) {
                stage_->tick(id);
            }
        }
    }
    stage_->deliver_all();
}

bool Script::machine(const Command& command) {
    Stage& stage = *stage_;
    const auto first = [&command] {
        return command.words.empty() ? std::string("all") : command.words[0];
    };
    if (command.verb == "show") {
        for (const NodeId id : nodes_in(first())) {
            std::printf("node %u %s\n", id,
                        stage.node(id).up() ? stage.node(id).replica().describe().c_str() : "down");
        }
        return true;
    }
    if (command.verb == "run") {
        run_ticks(std::stoull(command.words.at(0)));
        return true;
    }
    if (command.verb == "slow") {
        // "slow 40 6": forty times, six ticks pass and then what waits on the links arrives, answers not.
        for (std::uint64_t round = 0; round < std::stoull(command.words.at(0)); ++round) {
            for (std::uint64_t i = 0; i < std::stoull(command.words.at(1)); ++i) {
                for (NodeId id = 0; id < stage.count(); ++id) {
                    stage.tick(id);
                }
            }
            const auto waiting = stage.links();
            for (const auto& [link, messages] : waiting) {
                stage.deliver(link, messages.size());
            }
        }
        return true;
    }
    if (command.verb == "tick") {
        const std::uint64_t ticks = std::stoull(command.words.at(0));
        for (const NodeId id : nodes_in(command.value("node"))) {
            for (std::uint64_t i = 0; i < ticks && !stage.is_villain(id); ++i) {
                stage.tick(id);
            }
        }
        return true;
    }
    if (command.verb == "work") {
        for (const NodeId id : nodes_in(first())) {
            stage.node(id).add_transaction(transactions_);
            stage.work();
        }
        ++transactions_;
        return true;
    }
    if (command.verb == "name") {
        // "name b1 view=1": the block that was proposed in that view (the first one signed).
        for (const SignedProposal& proposal : stage.proposals()) {
            if (proposal.proposal.view.value == command.number("view", 0) &&
                proposal.proposal.epoch.value == command.number("epoch", 0)) {
                names_[first()] = proposal.proposal.digest;
                return true;
            }
        }
        return fail("nothing was proposed there");
    }
    for (const NodeId id : nodes_in(first())) {
        sim::SimNode& node = stage.node(id);
        if (command.verb == "crash") {
            node.crash(command.value("sync") == "done");
            stage.clear_tasks(id);
        } else if (command.verb == "restart") {
            node.start();
        } else if (command.verb == "lose-log") {
            node.lose_log();
        } else if (command.verb == "lose-disk") {
            node.lose_disk();
        } else if (command.verb == "prune-log") {
            node.prune_log();
        } else if (command.verb == "unreachable") {
            const auto other = static_cast<NodeId>(command.number("node", 0));
            if (const auto index = stage.world().index_of(node.epoch(), other)) {
                node.step(ReachChanged{*index, false});
            }
        } else if (command.verb == "restore-log") {
            node.restore_log(command.number("records", 1), command.value("marked", "yes") == "yes");
        } else if (command.verb == "pause-execution") {
            node.execution_paused = true;
        } else if (command.verb == "resume-execution") {
            node.resume_execution();
        } else if (command.verb == "cannot-execute") {
            node.cannot_execute.insert(block_named(command.value("block")));
        } else if (command.verb == "next-block") {
            node.build_impossible = command.value("impossible") == "yes";
            node.build_invalid = command.value("invalid") == "yes";
        } else if (command.verb == "hold-work") {
            static const std::map<std::string, Task::Kind> kKinds{
                {"sync", Task::Kind::kSync},       {"check", Task::Kind::kCheck},
                {"execute", Task::Kind::kExecute}, {"build", Task::Kind::kBuild},
                {"store", Task::Kind::kStore},     {"epoch", Task::Kind::kStartEpoch},
                {"catch-up", Task::Kind::kCatchUp}};
            stage.hold_tasks(id, kKinds.at(command.value("kind")));
        } else {
            stage.release_tasks(id);
        }
        stage.work();
    }
    return true;
}

bool Script::finish() {
    begin();
    Stage& stage = *stage_;
    if (no_progress_demanded_) {
        return true;
    }
    stage.cut.clear();
    stage.held.clear();
    for (NodeId id = 0; id < stage.count(); ++id) {
        stage.release_tasks(id);
        if (!stage.is_villain(id)) {
            stage.node(id).build_impossible = false;
            stage.node(id).build_invalid = false;
            stage.node(id).resume_execution();
        }
    }
    stage.start_all();
    stage.work();
    const std::uint64_t goal = stage.checker().agreed_height() + 3;
    for (std::uint64_t round = 0; round < 400; ++round) {
        if (round % 10 == 0) {
            for (NodeId id = 0; id < stage.count(); ++id) {
                stage.node(id).add_transaction(transactions_);
            }
            ++transactions_;
            stage.work();
        }
        run_ticks(10);
        if (!stage.checker().violations().empty()) {
            return fail("invariant: " + stage.checker().violations().front());
        }
        bool reached = true;
        for (NodeId id = 0; id < stage.count(); ++id) {
            reached = reached && (stage.is_villain(id) ||
                                  stage.node(id).chain().back().facts.height.value >= goal);
        }
        if (reached) {
            return true;
        }
    }
    if (trace_) {
        for (NodeId id = 0; id < stage.count(); ++id) {
            if (stage.node(id).up()) {
                std::printf("--- node %u\n%s\n", id, stage.node(id).replica().describe().c_str());
            }
        }
    }
    return fail("liveness: after healing, no three more blocks within 4000 ticks");
}

ScriptResult run_script(const std::string& path, bool trace) {
    ScriptResult result;
    std::ifstream in(path);
    Script script(trace);
    std::size_t number = 0;
    if (!in) {
        result.failures.push_back(path + ": cannot be read");
    }
    for (std::string line; result.failures.empty() && std::getline(in, line);) {
        ++number;
        if (trace) {
            std::printf("> %s\n", line.c_str());
        }
        if (!script.run(line)) {
            result.failures.push_back(path + ":" + std::to_string(number) + ": " + line + ": " +
                                      script.failure());
        }
    }
    if (result.failures.empty() && !script.finish()) {
        result.failures.push_back(path + ": at the end: " + script.failure());
    }
    return result;
}

std::vector<std::string> guarded_rules(const std::string& path) {
    std::vector<std::string> rules;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("guards ")) {
            for (const std::string& word : split(line.substr(7), ' ')) {
                if (word[0] == '#') {
                    break;
                }
                rules.push_back(word);
            }
        }
    }
    return rules;
}

}  // namespace sanquan::scenarios
