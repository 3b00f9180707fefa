// What nodes say of themselves, for tables and waiting loops.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

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
};

// GET /v1/status of each node, at the same time.
std::vector<NodeState> ask_nodes(const std::vector<client::NodeAddress>& nodes,
                                 std::chrono::milliseconds timeout);

}  // namespace sanquan::cli
