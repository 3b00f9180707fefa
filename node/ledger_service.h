// What the gateway may ask of a node: submit, read, prove, follow. The node implements it; the gateway knows no more.
//
// Every method is thread-safe and answers from the finalized ledger of this node; answers name their height and state
// root. Callbacks come on any thread, once.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/base/ids.h"
#include "ledger/base/result.h"
#include "ledger/model/chain.h"
#include "ledger/state/read_view.h"

namespace sanquan::node {

enum class WaitFor : std::uint8_t {
    kAdmitted,  // accepted into the pool
    kFinal,     // finalized and executed here
    kSealed,    // the next block, whose header certifies the result, is finalized too
};

struct TransactionOutcome {
    TransactionId id;
    Height height;            // 0 while only admitted
    std::uint32_t index = 0;  // within the block
    std::shared_ptr<const Bytes>
        receipt;  // canonical wire::Receipt, shared by all who wait; none while only admitted
    bool sealed = false;
    bool duplicate = false;  // the same bytes were on the ledger before
};

struct NodeStatus {
    Height height;  // last finalized and executed block
    TimeMs time;    // of that block
    View view;
    Epoch epoch;
    StateRoot state_root;
    std::string role;  // "validator", "audit"
    std::string name;
    std::size_t peers_connected = 0;
    std::size_t pool_transactions = 0;
    bool diverged = false;   // an audit node found a different root
    std::string divergence;  // block and key, when diverged
    std::string abstaining;  // why this validator may not vote for now; empty when it may
    std::string build;
};

// The committed state at one height; stays readable while held.
struct StateSnapshot {
    Height height;
    TimeMs time;
    StateRoot root;
    std::shared_ptr<const ReadView> view;
};

// The state after an earlier block, read from the history that this node keeps.
struct PastState {
    StateSnapshot state;
    // Whether all reads so far could be answered: kHistoryPruned, kIo, kCorrupt. Ask after reading, before answering.
    std::function<Status()> complete;
};

// Blocks as stored: canonical bytes, opaque to the gateway but for decoding.
struct StoredBlock {
    Height height;
    Bytes block;  // wire::Block
    Bytes
        certificate;  // wire::Certificate (FINALIZE of this or a later block that has it as ancestor)
    std::vector<Bytes> receipts;
};

class LedgerService {
  public:
    virtual ~LedgerService() = default;

    [[nodiscard]] virtual const Chain& chain() const = 0;
    [[nodiscard]] virtual Bytes genesis() const = 0;
    [[nodiscard]] virtual NodeStatus status() const = 0;

    // `done` gets the admission refusal, or the outcome once the wished stage is reached, or kTimeout.
    virtual void submit(Bytes raw, WaitFor wait, std::chrono::milliseconds timeout,
                        std::function<void(Result<TransactionOutcome>)> done) = 0;
    // kNotFound
    [[nodiscard]] virtual Result<TransactionOutcome> find_transaction(
        const TransactionId& id) const = 0;
    // Executes unsigned body bytes against the present state and discards the result: the receipt that would be.
    [[nodiscard]] virtual Result<Bytes> dry_run(Bytes body) const = 0;

    [[nodiscard]] virtual StateSnapshot state() const = 0;
    // The state after block `at`, with that block's time and the root that the next header names; kNotFound above the
    // present height.
    [[nodiscard]] virtual Result<PastState> state_at(Height at) const = 0;
    // Up to `limit` entries with `prefix`, after `cursor` (exclusive; empty: from the start), in key order.
    [[nodiscard]] virtual std::vector<std::pair<Bytes, Bytes>> scan(ByteView prefix,
                                                                    ByteView cursor,
                                                                    std::size_t limit) const = 0;
    [[nodiscard]] virtual Result<StoredBlock> block(Height height) const = 0;

    // A self-contained voucher file (ledger/proof/voucher.h) for: a transaction's receipt; a state key now; a state
    // key at an earlier height. kNotFound, kNotSealed.
    [[nodiscard]] virtual Result<Bytes> prove_receipt(const TransactionId& id) const = 0;
    [[nodiscard]] virtual Result<Bytes> prove_state(ByteView key,
                                                    std::optional<Height> at) const = 0;
    // The chain of validator sets from genesis, as a trust file (ledger/proof/trust.h).
    [[nodiscard]] virtual Result<Bytes> trust_file() const = 0;
    // Block `at` (or the newest sealed one) as an anchor, co-signed when this is an audit node that agrees with the chain.
    [[nodiscard]] virtual Result<Bytes> checkpoint(std::optional<Height> at) const = 0;
    // That the log of block digests up to `older` is a prefix of the one up to `newer` (RFC 6962).
    [[nodiscard]] virtual Result<Bytes> prove_consistency(Height older, Height newer) const = 0;

    // `on_block` is called for every block finalized from now on, in order; returns a handle for unsubscribe.
    virtual std::uint64_t subscribe(std::function<void(Height)> on_block) = 0;
    virtual void unsubscribe(std::uint64_t handle) = 0;

    // Prometheus text exposition.
    [[nodiscard]] virtual std::string metrics() const = 0;
};

}  // namespace sanquan::node
