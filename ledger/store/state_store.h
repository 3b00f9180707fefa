// StateStore: the durable authenticated state and the versions above it.
//
//   extend(head) -> v1 -> v2      executed, in memory only; siblings are simply dropped by the
//   caller commit(v1)                    v1's record goes to the state log, synced; v1 is the head
//
// Only finalized blocks are committed, so nothing is ever rolled back. extend() and commit() belong
// to one thread (the executor); head(), snapshot() and reads of versions are thread-safe. The order
// of syncs: state log first, then the block store; on start the one that is behind is brought up by
// executing the blocks again.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ledger/base/error.h"
#include "ledger/crypto/digest.h"
#include "ledger/state/state_version.h"
#include "ledger/store/env.h"
#include "ledger/store/kv_store.h"

namespace sanquan {

struct StateOptions {
    HashAlgorithm hash = HashAlgorithm::kSha256;
    // Genesis parameter, the same on every node: oldest entries re-appended per entry that a block
    // appends.
    std::uint32_t reappends_per_entry = 2;
    // Where deleted keys went, for proofs of the past; LevelDB in DIR/tombstones when keep_history
    // and none is given.
    bool keep_history = true;  // false: segments below the floor are removed, no proofs of the past
    std::shared_ptr<KvStore> tombstones;
    std::uint64_t segment_bytes = 64U << 20U;
    std::uint64_t checkpoint_bytes = 128U << 20U;  // log growth between index checkpoints
    // Called when stored state cannot be read back intact; must not return. Default: report and
    // abort.
    std::function<void(const Error&)> on_damage;
};

class StateStore {
  public:
    static constexpr std::size_t kHeldVersionsMax = 64;

    // Opens `directory`, or starts an empty state there; cuts a torn tail off; kCorrupt when
    // earlier bytes changed.
    static Result<std::unique_ptr<StateStore>> open(Env& env, const std::string& directory,
                                                    const StateOptions& options);
    ~StateStore();

    // Of the last durable block; an empty state has height 0 and the root of the sentinel alone.
    [[nodiscard]] Height height() const;
    [[nodiscard]] StateRoot root() const;

    // The durable state: the parent for extend(), and for readers. A version stays readable while
    // someone holds it (or a version above it). What is held costs memory and every read time, so
    // that beyond kHeldVersionsMax blocks (with history) a held version is folded all the same: its
    // values are then read from history, and whoever scans or proves asks the head anew.
    [[nodiscard]] std::shared_ptr<const StateVersion> head() const;
    [[nodiscard]] std::shared_ptr<const StateVersion> snapshot() const { return head(); }
    // The durable state of that block, when it is the head or the one before it (the newest whose
    // root can stand in a finalized header), after a start too; nothing otherwise.
    [[nodiscard]] std::shared_ptr<const StateVersion> snapshot_at(Height height) const;

    // The state after `writes` at `height` (above the parent's; a pristine state takes 0 too). An
    // empty set of writes leaves the root unchanged. kStateTooDeep for writes beyond
    // limits::kUnfinalizedDepthMax above the head; kIo, kCorrupt.
    Result<std::shared_ptr<const StateVersion>> extend(
        const std::shared_ptr<const StateVersion>& parent, Height height,
        const StateWrites& writes);
    // Makes a child of the head durable and the new head. After an error the store is broken: stop
    // the node.
    Status commit(const std::shared_ptr<const StateVersion>& version);

    // Durable roots by height, for reconciling with the block store: kNotFound outside the last few
    // blocks.
    [[nodiscard]] Result<StateRoot> root_at(Height height) const;
    // Cuts the log after block `height` and reopens; no version may be in use. kNotFound when it
    // reaches no such block.
    Status truncate_to(Height height);
    // Writes a whole index checkpoint now, so that the next start is quick; for an orderly stop.
    Status checkpoint();

    struct Figures {
        std::uint64_t log_bytes = 0;  // on disk
        std::uint64_t live_keys = 0;
        std::uint64_t entries = 0;      // ever appended
        std::uint64_t floor = 0;        // no entry below it is current
        std::uint64_t index_bytes = 0;  // memory of the key index
        std::uint64_t versions = 0;     // durable ones not yet folded (readers hold them)
    };
    [[nodiscard]] Figures figures() const;

  private:
    struct Parts;
    explicit StateStore(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace sanquan
