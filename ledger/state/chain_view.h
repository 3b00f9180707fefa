// ChainView: the state as one version sees it: its own change, its ancestors', then the base.
//
// A short-lived helper. Under the base's shared lock, or on the thread that alone folds.
#pragma once

#include <optional>
#include <vector>

#include "ledger/state/log_walk.h"
#include "ledger/state/state_base.h"
#include "ledger/state/state_version.h"

namespace sanquan {

class ChainView {
  public:
    explicit ChainView(const StateVersion& version);

    [[nodiscard]] const StateTip& tip() const { return deltas_.front()->tip; }
    [[nodiscard]] const StateBase& base() const { return base_; }
    // How many versions stand above the base.
    [[nodiscard]] std::size_t depth() const { return deltas_.size(); }

    // The place of the key's current entry.
    [[nodiscard]] std::optional<StatePlaceInLog> find(ByteView key) const;
    // The greatest key below `key` that is present; the sentinel's empty key stands below all.
    [[nodiscard]] Bytes before(ByteView key) const;
    // The smallest present key above `key`, or nothing.
    [[nodiscard]] std::optional<Bytes> after(ByteView key) const;

    [[nodiscard]] TwigState twig(std::uint64_t number) const;
    [[nodiscard]] bool is_current(std::uint64_t position) const;
    [[nodiscard]] Digest upper(std::uint32_t level, std::uint64_t index) const;

    // Bytes of the log, the not yet written part included.
    [[nodiscard]] Result<Bytes> read_log(std::uint64_t offset, std::size_t length) const;
    [[nodiscard]] LogWalk::Reader reader() const;
    // The bytes of a log entry, when it is in memory.
    [[nodiscard]] ByteView in_memory(std::uint64_t offset) const;

  private:
    [[nodiscard]] const KeyChange* change_of(ByteView key) const;

    std::vector<const StateDelta*> deltas_;  // newest first
    const StateBase& base_;
};

// Reads the entry at `offset` from the log; the bytes are kept beside the views. kCorrupt, kIo,
// kNotFound.
struct OwnedEntry {
    Bytes bytes;
    LogEntry entry;
};
Result<std::unique_ptr<OwnedEntry>> load_entry(const LogBytes& log, std::uint64_t offset);

}  // namespace sanquan
