// LedgerService over the node's parts: what the gateway may ask, answered from the finalized ledger.
//
// Thread-safe. Holds no state of its own but subscribers and the record of a divergence.
#pragma once

#include <map>
#include <mutex>

#include "ledger/crypto/signing_key.h"
#include "ledger/model/genesis.h"
#include "ledger/store/block_store.h"
#include "ledger/store/state_store.h"
#include "node/executor/executor.h"
#include "node/ledger_service.h"
#include "node/mempool/intake.h"
#include "node/net/peer_network.h"
#include "node/runtime/effects_runner.h"
#include "node/service/divergence.h"
#include "node/service/outcome_waiters.h"

namespace sanquan::node {

struct ServiceParts {
    const Genesis& genesis;
    std::string name;
    std::string role;
    std::string build;
    const SigningKey* audit_key;  // what an audit node signs checkpoints with; none for validators
    StateStore& state;
    BlockStore& blocks;
    TxPool& pool;
    WorkerPool& workers;
    Verifier& verifier;
    Executor& executor;
    EffectsRunner& runner;
    PeerNetwork& network;
    Intake& intake;
    OutcomeWaiters& waiters;
    std::function<TimeMs()> wall_clock;
    std::function<void()> on_deadline;  // a waiter with a deadline came
};

class LedgerServiceImpl final : public LedgerService {
  public:
    explicit LedgerServiceImpl(ServiceParts parts) : parts_(std::move(parts)) {}

    [[nodiscard]] const Chain& chain() const override { return parts_.genesis.chain; }
    [[nodiscard]] Bytes genesis() const override { return parts_.genesis.bytes; }
    [[nodiscard]] NodeStatus status() const override;
    void submit(Bytes raw, WaitFor wait, std::chrono::milliseconds timeout,
                std::function<void(Result<TransactionOutcome>)> done) override;
    [[nodiscard]] Result<TransactionOutcome> find_transaction(
        const TransactionId& id) const override;
    [[nodiscard]] Result<Bytes> dry_run(Bytes body) const override;
    [[nodiscard]] StateSnapshot state() const override;
    [[nodiscard]] Result<PastState> state_at(Height at) const override;
    [[nodiscard]] std::vector<std::pair<Bytes, Bytes>> scan(ByteView prefix, ByteView cursor,
                                                            std::size_t limit) const override;
    [[nodiscard]] Result<StoredBlock> block(Height height) const override;
    [[nodiscard]] Result<Bytes> prove_receipt(const TransactionId& id) const override;
    [[nodiscard]] Result<Bytes> prove_state(ByteView key, std::optional<Height> at) const override;
    [[nodiscard]] Result<Bytes> trust_file() const override;
    [[nodiscard]] Result<Bytes> checkpoint(std::optional<Height> at) const override;
    [[nodiscard]] Result<Bytes> prove_consistency(Height older, Height newer) const override;
    std::uint64_t subscribe(std::function<void(Height)> on_block) override;
    void unsubscribe(std::uint64_t handle) override;
    [[nodiscard]] std::string metrics() const override;

    // From the executor's strand.
    void on_final(const ExecutedBlock& block);
    // True when it is the first one: the peers should be asked what that block wrote.
    bool on_diverged(const Error& error, const ExecutedBlock& block);
    // A peer's answer to that question.
    void on_writes(const std::string& peer, const WritesMessage& writes);

  private:
    void answer_known(OutcomeWaiters::Ticket ticket, const TransactionId& id);
    [[nodiscard]] Result<BlockHeader> header_of(Height height) const;

    ServiceParts parts_;
    Divergence divergence_;
    mutable std::mutex mutex_;  // guards what follows
    std::uint64_t next_handle_ = 1;
    std::map<std::uint64_t, std::function<void(Height)>> subscribers_;
};

}  // namespace sanquan::node
