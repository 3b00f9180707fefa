// The replica: one validator's (or follower's) Simplex state machine. See SPEC.md for the rules.
//
// Pure and single-threaded: one mutator, step(); no clock, randomness, keys, sockets or callbacks.
// The node owns it on its consensus strand, feeds events and runs effects (effects.h says in which
// order). It spans epochs: the node steps EpochStarted and the same replica goes on under the next
// validator set.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "consensus/effects.h"
#include "consensus/event.h"
#include "consensus/record_codec.h"
#include "ledger/base/result.h"

namespace sanquan::consensus {

// Durations in ticks. Only liveness depends on them.
struct Timing {
    std::uint32_t view_timeout =
        50;  // first timeout of a view; doubles per failed view, halves per success
    std::uint32_t view_timeout_max =
        3'000;  // where doubling ends; must exceed the worst real delay several times
    std::uint32_t retransmit =
        20;  // first repetition of a stuck replica; doubles while it stays stuck
    std::uint32_t retransmit_max = 200;
    std::uint32_t heartbeat =
        1'000;  // an idle network finalizes an empty block this long after the last one
};

// The last finalized block in the node's store, executed there.
struct Finalized {
    View view;  // of its certificate, in the current epoch; 0 for the epoch's base
    BlockDigest digest;
    Height height;
    bool boundary = false;                   // finalized, but EpochStarted was not yet stepped
    std::optional<Certificate> certificate;  // none for the epoch's base
};

struct RestoredState {
    EpochInfo epoch;
    Finalized finalized;
    std::vector<Bytes>
        records;  // of the vote log, in the order written; the first is the init or abstain record
    // The log is missing, or stands in a directory restored from a backup: abstain first (SPEC 8).
    // The node keeps its own mark until the abstain record of the first Effects is durable.
    bool log_lost = false;
};

// A snapshot for status pages and metrics.
struct ReplicaStatus {
    Epoch epoch;
    View view;
    ReplicaIndex leader;
    View finalized_view;
    Height committed_height;
    bool abstaining = false;  // waiting after a lost vote log
    // While abstaining: the view from which on it may sign again, once a quorum of others has reported.
    std::optional<View> threshold;
    bool halted = false;  // saw proof of more than f faulty validators
    bool diverged =
        false;  // a finalized block cannot be executed here: this node's data or code is wrong
    bool epoch_finished = false;  // the boundary block is final; waiting for EpochStarted
    bool idle = false;            // nothing pending: no timer runs
    std::uint32_t timeout_ticks = 0;
    std::uint64_t views_failed = 0;
    std::uint64_t views_succeeded = 0;
};

class Replica {
  public:
    // Rebuilds the state from durable records. kBadConfig for an impossible epoch or timing,
    // kVoteLogMissing for a log without its first record (unless `log_lost`), kCorrupt for a record
    // that cannot stand in this log.
    static Result<Replica> restore(const Timing& timing, const RestoredState& state);

    Replica(const Replica& other);
    Replica(Replica&& other) noexcept;
    Replica& operator=(const Replica& other);
    Replica& operator=(Replica&& other) noexcept;
    ~Replica();

    // The first effects after restore(), exactly once, before any step().
    [[nodiscard]] Effects start();

    [[nodiscard]] Effects step(const Event& event);

    // Whether a message could change anything: asked before its signatures are checked, so that
    // duplicates and floods cost no signature checks. Cheap, const, on the same strand.
    [[nodiscard]] bool wants(const Message& message) const;

    [[nodiscard]] ReplicaStatus status() const;

    // The whole state as text, the same for equal states; for diagnosis and the tests' explorer.
    [[nodiscard]] std::string describe() const;

  private:
    class Core;
    explicit Replica(std::unique_ptr<Core> core);
    std::unique_ptr<Core> core_;
};

}  // namespace sanquan::consensus
