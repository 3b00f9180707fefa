// bench_consensus: the replicas alone, one thread, messages delivered at once, no disk, no execution.
//
// The ceiling is what the signatures of one block cost the same core: of a view's messages each
// validator checks one proposal, and a quorum of notarize and of finalize votes.
#include <CLI/CLI.hpp>
#include <ctime>
#include <deque>

#include "ledger/base/assert.h"
#include "ledger/crypto/random.h"
#include "ledger/crypto/signature.h"
#include "ledger/crypto/signing_key.h"
#include "tests/bench/bench_report.h"
#include "tests/sim/sim_node.h"
#include "tests/sim/world.h"

namespace sanquan::bench {
namespace {

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// First in, first out, without delay.
class Wire final : public sim::Surroundings {
  public:
    explicit Wire(std::uint16_t nodes) : world_({nodes, nodes, 0}) {
        for (sim::NodeId id = 0; id < nodes; ++id) {
            nodes_.push_back(
                std::make_unique<sim::SimNode>(id, world_, consensus::Timing{}, *this));
        }
        for (const auto& node : nodes_) {
            node->start();
        }
    }

    void transmit(sim::NodeId from, sim::NodeId to, const sim::NetMessage& message) override {
        queue_.push_back([this, from, to, message] {
            ++events_;
            nodes_[to]->deliver(from, message);
        });
    }
    void task_ready(sim::NodeId node, sim::Task task) override {
        queue_.push_back([this, node, task = std::move(task)] {
            ++events_;
            nodes_[node]->perform(task);
        });
    }
    std::uint64_t random() override { return ++random_; }
    [[nodiscard]] const sim::SimNode* peer(sim::NodeId node) const override {
        return nodes_[node].get();
    }

    // Blocks that all nodes have stored after `transactions`, each sent when the last is final.
    std::size_t run(std::uint32_t transactions) {
        for (std::uint32_t i = 0; i < transactions; ++i) {
            for (const auto& node : nodes_) {
                node->add_transaction(i);
            }
            while (!queue_.empty()) {
                const auto next = std::move(queue_.front());
                queue_.pop_front();
                next();
            }
        }
        return nodes_.front()->chain().size();
    }

    [[nodiscard]] std::uint64_t events() const { return events_; }

  private:
    sim::World world_;
    std::vector<std::unique_ptr<sim::SimNode>> nodes_;
    std::deque<std::function<void()>> queue_;
    std::uint64_t random_ = 0;
    std::uint64_t events_ = 0;
};

double checks_per_second() {
    const auto key = SigningKey::generate(KeyAlgorithm::kEd25519);
    const Bytes message = random_bytes(150);
    const Bytes signature = key.sign(message);
    const double start = cpu_seconds();
    constexpr int kRounds = 5'000;
    for (int i = 0; i < kRounds; ++i) {
        SANQUAN_ASSERT(verify(key.public_key(), message, signature).has_value());
    }
    return kRounds / (cpu_seconds() - start);
}

void measure(std::uint16_t nodes, std::uint32_t transactions, bool json) {
    const double quorum = nodes - (nodes - 1) / 3;
    const double ceiling = checks_per_second() / (nodes * (1 + 2 * quorum));
    Wire wire(nodes);
    const double start = cpu_seconds();
    const std::size_t blocks = wire.run(transactions);
    const double seconds = cpu_seconds() - start;
    const std::string suffix = ", n = " + std::to_string(nodes);
    print_figure({"blocks, replicas alone" + suffix, static_cast<double>(blocks) / seconds, "/s",
                  ceiling, "their signature checks on one core"},
                 json);
    print_figure({"events, replicas alone" + suffix, static_cast<double>(wire.events()) / seconds,
                  "/s", 0, ""},
                 json);
}

}  // namespace
}  // namespace sanquan::bench

int main(int argc, char** argv) {
    bool json = false;
    std::uint32_t transactions = 500;
    CLI::App app{"Measures the consensus replicas alone."};
    app.add_flag("--json", json, "one JSON object per line");
    app.add_option("--transactions", transactions, "sent one after the other");
    CLI11_PARSE(app, argc, argv);
    for (const std::uint16_t nodes : {std::uint16_t{4}, std::uint16_t{7}}) {
        sanquan::bench::measure(nodes, transactions, json);
    }
    return 0;
}
