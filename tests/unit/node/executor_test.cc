// Goal: what the executor says of a commit is what a restart will find, and it does not start on stores that do not
// belong together. Method: blocks are built on the sample genesis, with the stores in memory.
#include "node/executor/executor.h"

#include <future>

#include "consensus/leader_schedule.h"
#include "contracts/genesis_state.h"
#include "ledger/store/memory_kv_store.h"
#include "tests/support/catch.h"
#include "tests/support/sample_genesis.h"
#include "tests/support/virtual_disk.h"

namespace sanquan::node {
namespace {

constexpr auto kPatience = std::chrono::seconds(20);

struct Bench {
    Genesis genesis = testing::decoded_sample();
    tests::VirtualDisk disk;
    std::unique_ptr<StateStore> state;
    std::unique_ptr<BlockStore> blocks;
    TxPool pool{TxPoolLimits{}};
    WorkerPool workers{
        1, {WorkLimits{8, 1U << 20U}, WorkLimits{8, 1U << 20U}, WorkLimits{8, 1U << 20U}}};
    std::unique_ptr<Executor> executor;

    Bench() {
        StateOptions options;
        options.hash = genesis.chain.hash;
        options.tombstones = std::make_shared<MemoryKvStore>();
        state = *StateStore::open(disk, "/state", options);
        lose_blocks();
    }
    ~Bench() { stop(); }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    void stop() {
        if (executor != nullptr) {
            executor->stop();
        }
    }
    void lose_blocks() {
        stop();
        blocks = *BlockStore::open(std::make_unique<MemoryKvStore>(), genesis.chain.hash);
        executor = std::make_unique<Executor>(
            ExecutorParts{genesis.chain, *state, *blocks, pool, workers,
                          [](const PublicKey&, ByteView, ByteView) { return true; }, BatchLimits{},
                          std::chrono::seconds(1), [] { return TimeMs{2'000'000'000'000}; }, 4},
            ExecutorEvents{[](const SharedExecution&) {},
                           [](const std::vector<std::pair<TransactionId, Error>>&) {},
                           [](const Error&, const ExecutedBlock&) {}, [](const Error&) {}});
    }
    Status recover() {
        GenesisBlock block{genesis.bytes, genesis_header(genesis), {}};
        SANQUAN_TRY_ASSIGN(block.writes, contracts::genesis_state(genesis));
        return executor->recover(block);
    }
    SharedBlock build(std::uint64_t height, const BlockDigest& parent) {
        auto built = std::make_shared<std::promise<SharedBlock>>();
        executor->build({Epoch{}, View{height}, Height{height}, parent, View{height - 1}, false},
                        consensus::leader_of(Epoch{}, View{height}, 4),
                        [built](SharedBlock block) { built->set_value(block); });
        auto future = built->get_future();
        REQUIRE(future.wait_for(kPatience) == std::future_status::ready);
        const SharedBlock block = future.get();
        REQUIRE(block != nullptr);
        return block;
    }
    bool commit(const std::vector<BlockDigest>& digests, const Bytes& certificate) {
        auto done = std::make_shared<std::promise<bool>>();
        executor->commit(digests, certificate, [done](bool stored) { done->set_value(stored); });
        auto future = done->get_future();
        REQUIRE(future.wait_for(kPatience) == std::future_status::ready);
        return future.get();
    }
    Status append(const SharedBlock& block, const Bytes& certificate) {
        auto done = std::make_shared<std::promise<Status>>();
        executor->append_certified({block}, certificate,
                                   [done](Status status) { done->set_value(std::move(status)); });
        auto future = done->get_future();
        REQUIRE(future.wait_for(kPatience) == std::future_status::ready);
        return future.get();
    }
};

// SPEC 8.6 lets records go that lie at or below a *durable* finalization.
TEST_CASE("a commit tells whether its certificate is the stored one", "[node][executor]") {
    Bench bench;
    REQUIRE(bench.recover());
    bench.executor->start();
    const SharedBlock one = bench.build(1, genesis_block_digest(bench.genesis.chain));
    const SharedBlock two = bench.build(2, one->digest);
    const SharedBlock three = bench.build(3, two->digest);
    CHECK(bench.commit({one->digest}, "final 1"));
    CHECK(bench.commit({one->digest}, "final 1"));
    // Catching up stores block 2 with the certificate of a descendant before the replica commits it.
    REQUIRE(bench.append(two, "final 3"));
    CHECK_FALSE(bench.commit({two->digest}, "final 2"));
    CHECK(*bench.blocks->certificate(Height{2}) == "final 3");
    CHECK(bench.commit({two->digest, three->digest}, "final 3"));
}

TEST_CASE("a block on a parent that is not here is not waited for", "[node][executor]") {
    Bench bench;
    REQUIRE(bench.recover());
    bench.executor->start();
    BlockDigest unknown;
    unknown.octets[0] = 1;
    auto built = std::make_shared<std::promise<SharedBlock>>();
    bench.executor->build({Epoch{}, View{2}, Height{2}, unknown, View{1}, false},
                          consensus::leader_of(Epoch{}, View{2}, 4),
                          [built](SharedBlock block) { built->set_value(std::move(block)); });
    auto future = built->get_future();
    REQUIRE(future.wait_for(kPatience) == std::future_status::ready);
    CHECK(future.get() == nullptr);
    // Nothing is left behind that a later head would call.
    const SharedBlock one = bench.build(1, genesis_block_digest(bench.genesis.chain));
    CHECK(bench.commit({one->digest}, "final 1"));
}

TEST_CASE("a state that is ahead of lost blocks is not paired with genesis", "[node][executor]") {
    Bench bench;
    REQUIRE(bench.recover());
    // The first start may have ended between its two writes.
    bench.lose_blocks();
    REQUIRE(bench.recover());
    bench.executor->start();
    const SharedBlock one = bench.build(1, genesis_block_digest(bench.genesis.chain));
    REQUIRE(bench.commit({one->digest}, "final 1"));
    bench.lose_blocks();
    const Status status = bench.recover();
    REQUIRE_FALSE(status.has_value());
    CHECK(status.error().code == Code::kCorrupt);
    CHECK_FALSE(bench.blocks->height().has_value());
}

}  // namespace
}  // namespace sanquan::node
