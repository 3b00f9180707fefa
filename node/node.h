// Node: the parts list and their wiring; the only place that knows all parts.
//
//   PeerNetwork -> EffectsRunner (consensus strand) -> Executor (its strand) -> StateStore, BlockStore
//        \-> Intake (worker pool) -> TxPool                \-> OutcomeWaiters, subscribers
//
// Members are declared in the order in which they come up; destruction in reverse is the way down.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

#include "ledger/model/genesis.h"
#include "ledger/store/data_directory.h"
#include "node/catchup/range_server.h"
#include "node/catchup/writes_server.h"
#include "node/config.h"
#include "node/mempool/intake.h"
#include "node/runtime/effects_runner.h"
#include "node/service/ledger_service_impl.h"
#include "node/service/outcome_waiters.h"

namespace sanquan::node {

// "0.1.0+<commit>": what --version prints and the running node reports.
std::string build_id();

class Node final : private PeerEvents {
  public:
    // Opens everything and recovers; nothing runs yet. kBadConfig, kGenesisInvalid, kNodeNotListed, kDirectoryMissing,
    // kDirectoryLocked, kWrongChainDirectory, kVoteLogMissing, kCorrupt, kStateMismatch, kAddressInUse, kIo.
    static Result<std::unique_ptr<Node>> open(const NodeConfig& config);
    ~Node() override;

    // Starts the strands and the network.
    Status start();
    // Orderly stop; done by the destructor too.
    void stop();

    // Blocks until stop_requested() or a failure; the failure, if any.
    std::optional<Error> wait();
    // Ends wait(); any thread, not from a signal handler.
    void request_stop();

    [[nodiscard]] LedgerService& service() { return *service_; }

  private:
    Node();
    Status open_identity(const NodeConfig& config);
    Status open_stores(const NodeConfig& config);
    Status make_parts(const NodeConfig& config);
    Status make_network(const NodeConfig& config);
    void make_service(const NodeConfig& config);
    ExecutorEvents executor_events();
    void fail_for_good(const Error& error);

    void on_connected(const PeerInfo& peer) override;
    void on_disconnected(const PeerInfo& peer) override;
    bool on_frame(const PeerInfo& peer, Bytes body) override;
    void serve(const PeerInfo& peer, std::function<SharedFrame()> answer);

    NodeConfig config_;
    Genesis genesis_;
    ValidatorSet validators_;
    SecretBytes passphrase_;
    std::optional<SigningKey> vote_key_;
    std::optional<SigningKey> tls_key_;
    Bytes tls_certificate_;
    SpkiHash own_key_;
    std::unique_ptr<DataDirectory> directory_;
    std::unique_ptr<StateStore> state_;
    std::unique_ptr<BlockStore> blocks_;
    std::unique_ptr<VoteRecorder> recorder_;
    std::unique_ptr<Verifier> verifier_;
    Inboxes questions_;  // that wait for the workers
    std::unique_ptr<WorkerPool> workers_;
    std::unique_ptr<TxPool> pool_;
    std::unique_ptr<OutcomeWaiters> waiters_;
    std::unique_ptr<Executor> executor_;
    std::unique_ptr<RangeServer> range_server_;
    std::unique_ptr<WritesServer> writes_server_;
    std::unique_ptr<PeerNetwork> network_;
    std::unique_ptr<Intake> intake_;
    std::unique_ptr<EffectsRunner> runner_;
    std::unique_ptr<LedgerServiceImpl> service_;
    std::unique_ptr<Strand> timers_;

    std::mutex mutex_;  // guards what follows
    std::condition_variable ended_;
    bool stop_requested_ = false;
    std::optional<Error> failure_;
    bool stopped_ = false;
};

// Makes the data directory of a node, once in its life: identity, and for a validator an empty vote log. With
// `after_loss` for a validator whose directory is gone: it will abstain until it is safe to vote.
// kDirectoryExists, and what open() refuses.
Status initialise(const NodeConfig& config, bool after_loss);

}  // namespace sanquan::node
