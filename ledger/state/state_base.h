// StateBase: the durable state in memory: key index, twigs' roots and bitmaps, the upper tree;
// values stay in the log.
//
// Versions (state_version.h) stand on top of it. Deltas are folded in when no reader needs the
// state before them; the same state is rebuilt at start from a checkpoint and the log's records.
// Guarded by its own lock: shared for reads, exclusive for fold; replay happens before anyone else
// sees it. About 0.4 KB per live twig of 2,048 entries, 104 bytes per dead one, and the index.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <vector>

#include "ledger/state/entry_cache.h"
#include "ledger/state/state_delta.h"
#include "ledger/state/twig_cache.h"

namespace sanquan {

// The bytes of the state log; thread-safe.
class LogBytes {
  public:
    LogBytes() = default;
    LogBytes(const LogBytes&) = delete;
    LogBytes& operator=(const LogBytes&) = delete;
    virtual ~LogBytes() = default;
    // Up to `length` bytes from `offset`, fewer at the end of a segment; kNotFound before the first
    // kept byte and at or after the end.
    virtual Result<Bytes> read(std::uint64_t offset, std::size_t length) const = 0;
};

// A sealed or growing twig without its bitmap.
struct TwigRoot {
    Digest leaves;
    std::uint64_t start = 0;
};

// Where deleted keys went: the entry into their past. Thread-safe.
class TombstoneIndex {
  public:
    TombstoneIndex() = default;
    TombstoneIndex(const TombstoneIndex&) = delete;
    TombstoneIndex& operator=(const TombstoneIndex&) = delete;
    virtual ~TombstoneIndex() = default;
    // The place of the first tombstone of `key` above height `at`; kIo, kCorrupt.
    virtual Result<std::optional<StatePlaceInLog>> first_after(ByteView key, Height at) const = 0;
    // The greatest key below `key` that was ever deleted; kIo, kCorrupt.
    virtual Result<std::optional<Bytes>> key_before(ByteView key) const = 0;
};

// What the base works with; all of it outlives the base.
struct StateEnvironment {
    const LogBytes* log = nullptr;
    const TombstoneIndex* tombstones = nullptr;  // none: no history is kept
    std::uint32_t reappends_per_entry = 2;
    std::function<void(const Error&)> on_damage;  // must not return
};

class StateBase {
  public:
    StateBase(HashAlgorithm algorithm, StateEnvironment environment);

    // The record that begins every log, unsalted: the sentinel at height 0.
    static Bytes first_record(HashAlgorithm algorithm);

    // --- rebuilding, before any reader ---
    // Puts in what a checkpoint holds: the tip, roots of all its twigs, then its keys in order.
    void restore(const StateTip& tip, std::vector<TwigRoot> twigs);
    void restore_key(ByteView key, StatePlaceInLog place);
    // Applies the next record of the log; `tombstone` hears of every deletion. kCorrupt when it
    // cannot follow.
    using TombstoneSink = std::function<void(const LogEntry&, StatePlaceInLog)>;
    Status replay(ByteView body, std::uint64_t record_offset, const TombstoneSink& tombstone);
    // Works out what replay left open and compares with the last record's root; kStateMismatch.
    Status finish_replay();

    // --- while running ---
    void fold(const StateDelta& delta);

    // The rest is read under the lock.
    [[nodiscard]] std::shared_mutex& mutex() const { return mutex_; }
    [[nodiscard]] const StateHasher& hasher() const { return hasher_; }
    [[nodiscard]] const LogBytes& log() const { return *environment_.log; }
    [[nodiscard]] const StateEnvironment& environment() const { return environment_; }
    [[nodiscard]] TwigCache& twig_cache() const { return twig_cache_; }
    [[nodiscard]] EntryCache& entry_cache() const { return entry_cache_; }
    [[nodiscard]] const StateTip& tip() const { return tip_; }
    [[nodiscard]] const StateIndex& index() const { return index_; }
    [[nodiscard]] const std::vector<TwigRoot>& twigs() const { return twigs_; }
    [[nodiscard]] TwigState twig(std::uint64_t number) const;
    [[nodiscard]] bool is_current(std::uint64_t position) const {
        const auto& bitmap = bitmaps_[twig_of(position)];
        return bitmap != nullptr && bit(*bitmap, slot_of(position));
    }
    [[nodiscard]] Digest upper(std::uint32_t level, std::uint64_t index) const;

  private:
    Status replay_entry(const LogEntry& entry, StatePlaceInLog place,
                        const TombstoneSink& tombstone);
    void set_current(std::uint64_t position, bool current);
    void set_upper(std::uint32_t level, std::uint64_t index, const Digest& digest);
    Status find_floor(std::uint64_t position);

    const StateHasher& hasher_;
    const StateEnvironment environment_;
    mutable TwigCache twig_cache_;
    mutable EntryCache entry_cache_;

    mutable std::shared_mutex mutex_;
    StateTip tip_;
    StateIndex index_;
    std::vector<TwigRoot> twigs_;
    std::vector<std::unique_ptr<Bitmap>> bitmaps_;  // none: nothing in the twig is current
    std::vector<std::vector<Digest>> upper_;        // [level][index]
    std::vector<bool> open_twigs_;                  // changed by replay, not yet hashed
};

}  // namespace sanquan
