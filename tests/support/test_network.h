// A whole network in one process: real nodes over real TLS on loopback, real files in a directory of their own.
//
// Every wait has a deadline and a condition; nothing sleeps blindly.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "node/node.h"
#include "tests/support/sample_genesis.h"

namespace sanquan::testing {

using namespace std::chrono_literals;

// Polls `condition` until it holds; false after `deadline`.
bool wait_until(const std::function<bool()>& condition,
                std::chrono::milliseconds deadline = std::chrono::seconds(30));

// Removed with its contents at the end.
class TemporaryDirectory {
  public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

class TestNetwork {
  public:
    // The four validators of sample_genesis, and as its fifth node the audit node; not started.
    explicit TestNetwork(const std::function<void(wire::Genesis&)>& change = {});

    static constexpr std::size_t kValidators = 4;
    static constexpr std::size_t kAudit = 4;  // index of the audit node

    // The configuration of a node, to be changed before it starts.
    node::NodeConfig& config(std::size_t index) { return configs_[index]; }
    [[nodiscard]] const Genesis& genesis() const { return genesis_; }

    // Opens and starts; the error when it refuses.
    Status start(std::size_t index);
    // All four validators; must succeed.
    void start_validators();
    void stop(std::size_t index) { nodes_[index].reset(); }
    [[nodiscard]] bool is_running(std::size_t index) const { return nodes_[index] != nullptr; }
    node::Node& node(std::size_t index) { return *nodes_[index]; }
    [[nodiscard]] node::NodeStatus status(std::size_t index) {
        return nodes_[index]->service().status();
    }

    // A signed transaction of the bank that issues money, valid for five minutes from now.
    Bytes issue(const std::string& to, std::uint64_t amount, const std::string& reference);
    // Sends and waits for the outcome.
    Result<node::TransactionOutcome> submit(std::size_t index, const Bytes& transaction,
                                            node::WaitFor wait = node::WaitFor::kFinal,
                                            std::chrono::milliseconds timeout = 20s);
    // Whether all running nodes reach `height` and then agree on the state root at one height.
    bool all_agree(Height height, std::chrono::milliseconds deadline = 30s);

  private:
    void write_files();

    TemporaryDirectory directory_;
    Genesis genesis_;
    std::vector<node::NodeConfig> configs_;
    std::vector<std::unique_ptr<node::Node>> nodes_;
};

}  // namespace sanquan::testing
