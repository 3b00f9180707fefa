// Starts and stops node processes of a network folder: pid files, logs, waiting with a deadline.
//
// A pid file counts only while the process with that number runs with this folder's configuration,
// so that a reused number is never signalled.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client/lib/profile.h"
#include "ledger/base/result.h"

namespace sanquan::cli {

namespace fs = std::filesystem;

// Names of the nodes that have a node.toml below DIR/nodes, in order.
std::vector<std::string> nodes_of(const fs::path& directory);

// Runs `sanquan-node init` for every node of the folder: makes data directory and vote log, once.
// kIo with its output.
Status initialise_nodes(const fs::path& directory);

// The process id of the node, while it runs.
std::optional<int> running_pid(const fs::path& directory, const std::string& name);

// Starts the node in a session of its own, with node.log as its output; nothing when it runs
// already. kIo.
Status start_node(const fs::path& directory, const std::string& name);

// Waits until every started node answers; kTimeout, or kIo with the end of the log of one that has
// ended.
Status wait_until_all_answer(const fs::path& directory, const client::Profile& profile,
                             const std::vector<std::string>& only, std::chrono::seconds deadline,
                             const std::function<void(std::size_t, std::size_t)>& on_progress);

// Sends SIGTERM and waits; the number of nodes that ended. kTimeout names those that did not.
Result<std::size_t> stop_nodes(const fs::path& directory, const std::vector<std::string>& names,
                               std::chrono::seconds deadline);

}  // namespace sanquan::cli
