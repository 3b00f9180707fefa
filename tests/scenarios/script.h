// A scenario script: one command per line, invariants checked after each, progress proved at the end.
//
// The commands are listed in README.md beside the scripts.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/scenarios/stage.h"

namespace sanquan::scenarios {

struct ScriptResult {
    std::vector<std::string> failures;  // "file:line: command: what went wrong"
    std::vector<std::string> rules;     // rules that this scenario guards, by SPEC number
};

// Which rules a script says it guards ("guards 2.1"); reads no further.
std::vector<std::string> guarded_rules(const std::string& path);

ScriptResult run_script(const std::string& path, bool trace);

class Script {
  public:
    explicit Script(bool trace) : trace_(trace) {}
    // Runs one line; false when it or an invariant failed.
    bool run(const std::string& line);
    // Heals everything and demands progress.
    bool finish();
    [[nodiscard]] const std::string& failure() const { return failure_; }

  private:
    struct Command {
        std::string verb;
        std::vector<std::string> words;
        std::map<std::string, std::string> values;
        [[nodiscard]] std::string value(const std::string& key,
                                        const std::string& otherwise = "") const;
        [[nodiscard]] std::uint64_t number(const std::string& key, std::uint64_t otherwise) const;
    };
    static Command parse(const std::string& line);
    static NodeId node_number(const std::string& text);
    bool dispatch(const Command& command);
    bool setup(const Command& command);
    bool network(const Command& command);
    bool machine(const Command& command);
    bool speak(const Command& command);
    bool expect(const Command& command);
    bool expect_votes(const Command& command, NodeId node);
    bool expect_status(const Command& command, const std::string& what, NodeId node);

    void begin();
    void run_ticks(std::uint64_t ticks);
    bool fail(const std::string& why);
    bool propose(const Command& command, NodeId speaker);
    bool vote(const Command& command, NodeId speaker);
    bool certificate(const Command& command, NodeId speaker);
    bool report(const Command& command, NodeId speaker);
    void say(NodeId from, const Command& command, const NetMessage& message);
    [[nodiscard]] std::vector<NodeId> nodes_in(const std::string& list) const;
    [[nodiscard]] BlockDigest block_named(const std::string& name);
    [[nodiscard]] std::set<Stage::Link> links_in(const std::vector<std::string>& words) const;

    bool trace_;
    StageOptions options_;
    std::unique_ptr<Stage> stage_;
    std::map<std::string, BlockDigest> names_;
    std::uint32_t transactions_ = 0;
    std::string failure_;
    bool no_progress_demanded_ = false;
};

}  // namespace sanquan::scenarios
