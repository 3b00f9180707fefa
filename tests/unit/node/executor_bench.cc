#include "tests/unit/node/executor_bench.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>

#include "consensus/leader_schedule.h"
#include "contracts/genesis_state.h"
#include "node/log.h"
#include "node/net/peer_message.h"
#include "tests/unit/contracts/signed_transaction.h"

namespace sanquan::testing {
namespace {

constexpr std::uint16_t kValidators = 4;
constexpr std::size_t kVerdicts = 1'000;
constexpr auto kDeadline = std::chrono::seconds(20);
constexpr node::WorkLimits kQueue{100, 10U << 20U};

// Calls `ask` with something to call back, and waits for what it is called with.
template <typename Answer, typename Ask>
Answer answer_to(const Ask& ask) {
    auto promise = std::make_shared<std::promise<Answer>>();
    auto future = promise->get_future();
    ask([promise](Answer answer) { promise->set_value(std::move(answer)); });
    SANQUAN_ASSERT(future.wait_for(kDeadline) == std::future_status::ready);
    return future.get();
}

}  // namespace

ExecutorBench::ExecutorBench(Genesis of, bool keep_history)
    : genesis(std::move(of)),
      now{genesis.message.time_ms() + 1'000},
      workers(1, {kQueue, kQueue, kQueue}),
      verifier(genesis.chain, kVerdicts) {
    open(keep_history);
    first = issue_money();
    final_block = finalize(first, View{1});
    second = issue_money();
    SANQUAN_ASSERT(submit(second).has_value());
    tip = build(final_block->digest, Height{2}, View{2});
    SANQUAN_ASSERT(execute(tip));
    now.value += 1'000;
}

void ExecutorBench::open(bool keep_history) {
    StateOptions options;
    options.hash = genesis.chain.hash;
    options.keep_history = keep_history;
    options.tombstones = std::make_shared<MemoryKvStore>();
    state = std::move(StateStore::open(disk, "/state", options).value());
    blocks =
        std::move(BlockStore::open(std::make_unique<MemoryKvStore>(), genesis.chain.hash).value());
    node::ExecutorEvents events;
    events.on_final = [](const node::SharedExecution&) {};
    events.on_evicted = [](const auto&) {};
    events.on_diverged = [this](const Error& error, const node::ExecutedBlock&) {
        divergences.push_back(error);
    };
    events.on_failure = [](const Error&) { SANQUAN_ASSERT(false); };
    const auto clock = [this] { return now; };
    executor = std::make_unique<node::Executor>(
        node::ExecutorParts{genesis.chain,
                            *state,
                            *blocks,
                            pool,
                            workers,
                            [this](const PublicKey& key, ByteView message, ByteView signature) {
                                return verifier.check(key, message, signature);
                            },
                            {},
                            std::chrono::milliseconds(kDriftMs),
                            clock,
                            kValidators},
        std::move(events));
    SANQUAN_ASSERT(executor
                       ->recover({genesis.bytes, genesis_header(genesis),
                                  contracts::genesis_state(genesis).value()})
                       .has_value());
    executor->start();
    intake = std::make_unique<node::Intake>(node::IntakeParts{
        genesis.chain,
        pool,
        *blocks,
        workers,
        verifier,
        [this] { return executor->head(); },
        clock,
        [](const node::SharedTransaction&) {},
        [this](std::vector<Bytes> frame) { gossiped.push_back(std::move(frame)); },
        [this] { ++gossip_asked; },
        [](const node::PeerInfo&) {},
        {},
        kDeadline});
}

Bytes ExecutorBench::issue_money() const {
    return sign(genesis, body_of(genesis, "X-BANK", {issue("X-OW", 5, "r")}), {"X-BANK"});
}

Result<node::IntakeAnswer> ExecutorBench::submit(const Bytes& raw) {
    return answer_to<Result<node::IntakeAnswer>>(
        [&](auto done) { intake->submit(raw, [](const TransactionId&) {}, std::move(done)); });
}

node::SharedBlock ExecutorBench::build(const BlockDigest& parent, Height height, View view) {
    consensus::BuildPayload request;
    request.view = view;
    request.height = height;
    request.parent = parent;
    const auto block = answer_to<node::SharedBlock>([&](auto done) {
        executor->build(request, consensus::leader_of(request.epoch, view, kValidators),
                        std::move(done));
    });
    SANQUAN_ASSERT(block != nullptr);
    return block;
}

bool ExecutorBench::check(const consensus::Proposal& proposal, const node::SharedBlock& block) {
    return answer_to<bool>([&](auto done) { executor->check(proposal, block, std::move(done)); });
}

bool ExecutorBench::execute(const node::SharedBlock& block) {
    return answer_to<bool>([&](auto done) { executor->execute(block, std::move(done)); });
}

void ExecutorBench::commit(const node::SharedBlock& block) {
    consensus::Certificate certificate;
    certificate.subject = {block->header.epoch, block->header.view, consensus::VoteKind::kFinalize,
                           block->digest};
    SANQUAN_ASSERT(answer_to<bool>([&](auto done) {
        executor->commit({block->digest}, node::encode_certificate(certificate), std::move(done));
    }));
}

node::SharedBlock ExecutorBench::finalize(const Bytes& raw, View view) {
    SANQUAN_ASSERT(submit(raw).has_value());
    const auto head = executor->head();
    const auto block = build(head->digest, head->height().next(), view);
    SANQUAN_ASSERT(execute(block));
    commit(block);
    return block;
}

consensus::Proposal proposal_of(const BlockHeader& header, const BlockDigest& digest) {
    consensus::Proposal proposal;
    proposal.epoch = header.epoch;
    proposal.view = header.view;
    proposal.digest = digest;
    proposal.height = header.height;
    proposal.parent = header.parent;
    proposal.leader = header.proposer;
    return proposal;
}

std::string logged_errors() {
    static std::ifstream log = [] {
        const auto file = std::filesystem::temp_directory_path() /
                          ("sanquan-unit-node-" + std::to_string(::getpid()) + ".log");
        SANQUAN_ASSERT(node::start_log("error", file).has_value());
        std::ifstream stream(file, std::ios::binary);
        std::filesystem::remove(file);  // both hold it open
        return stream;
    }();
    log.clear();
    return {std::istreambuf_iterator<char>(log), {}};
}

}  // namespace sanquan::testing
