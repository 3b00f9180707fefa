// What nodes say of themselves, for tables and waiting loops.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "client/cli/command.h"
#include "client/lib/http_client.h"

namespace sanquan::cli {

struct NodeState {
    client::NodeAddress address;
    bool answered = false;
    std::string failure;  // when it did not answer
    std::string role;
    std::string build;
    std::uint64_t height = 0;
    std::uint64_t view = 0;
    std::uint64_t time_ms = 0;
    std::string state_root;
    std::uint64_t peers = 0;
    std::uint64_t pool = 0;
    bool diverged = false;
    std::string divergence;
    std::string abstaining;  // why it may not vote for now; empty when it may
};

// GET /v1/status of each node, at the same time.
std::vector<NodeState> ask_nodes(const std::vector<client::NodeAddress>& nodes,
                                 std::chrono::milliseconds timeout);

// "down", "diverged", "abstaining" or `well`, in its colour.
std::string state_word(const Context& context, const NodeState& state, const char* well);

// A line for each node that diverged or abstains: which and why.
std::string reasons(const Context& context, const std::vector<NodeState>& states);

}  // namespace sanquan::cli
