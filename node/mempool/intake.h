// The way of a transaction into the pool: decode, replay, admission; then, for a client's, on to all validators.
//
// Runs on the worker pool against the last finalized state; business rules are not asked. Thread-safe.
#pragma once

#include <functional>
#include <memory>

#include "ledger/store/block_store.h"
#include "node/executor/executed_block.h"
#include "node/mempool/tx_pool.h"
#include "node/verifier/verifier.h"
#include "node/verifier/worker_pool.h"

namespace sanquan::node {

struct IntakeParts {
    Chain chain;
    TxPool& pool;
    BlockStore& blocks;
    WorkerPool& workers;
    Verifier& verifier;
    std::function<SharedExecution()> head;
    std::function<TimeMs()> wall_clock;
    std::function<void(const SharedTransaction&)> on_admitted;  // any thread
    std::function<void(std::vector<Bytes>)> gossip;             // to all validators
};

// What became of a submitted transaction.
struct IntakeAnswer {
    TransactionId id;
    bool was_known = false;  // in the pool or on the ledger already
};

class Intake {
  public:
    explicit Intake(IntakeParts parts) : parts_(std::move(parts)) {}

    // From a client. `done` on a worker thread: the admission refusal, or the id; kPoolFull at once when the workers
    // are behind. `before_pool` runs when the id is known and before the transaction can become final, so that a
    // waiter is in place.
    void submit(Bytes raw, std::function<void(const TransactionId&)> before_pool,
                std::function<void(Result<IntakeAnswer>)> done);
    // From a peer's gossip: refusals are silent, the sender has told its client.
    void receive(std::vector<Bytes> transactions);

    // Why the transaction may not stand in a block now, if so.
    Status check(const Transaction& transaction) const;

  private:
    Result<IntakeAnswer> admit(ByteView raw, bool from_client,
                               const std::function<void(const TransactionId&)>& before_pool);

    IntakeParts parts_;
};

}  // namespace sanquan::node
