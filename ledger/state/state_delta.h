// StateTip and StateDelta: the few numbers that stand for a state, and what one block changed in
// it.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "ledger/state/log_entry.h"
#include "ledger/state/state_index.h"
#include "ledger/state/twig_frontier.h"

namespace sanquan {

class StateBase;
class StateVersion;

// The entry at `position` begins at `offset`, or, when `left_in_record` is 0, the log record that
// leads to it does.
struct FloorCursor {
    std::uint64_t position = 0;
    std::uint64_t offset = 0;
    std::uint32_t left_in_record = 0;
};

struct StateTip {
    Height height;
    StateRoot root;
    std::uint64_t entries = 0;     // ever appended
    std::uint64_t live = 0;        // current ones, the sentinel included
    std::uint64_t records = 0;     // log records, one per block
    std::uint64_t end_offset = 0;  // of the log
    FloorCursor floor;             // nothing before it is current
    TwigFrontier tail;
};

// A twig as it stands after a block.
struct TwigState {
    Bitmap bitmap{};
    Digest leaves;            // the node over its leaves
    std::uint64_t start = 0;  // offset of the log record that holds its first entry
};

struct KeyChange {
    ByteView key;  // into the record
    StatePlaceInLog place;
    bool alive = false;  // false: deleted, `place` is the tombstone's
};

// Changed nodes of one level of the upper tree, by index.
using UpperChanges = std::vector<std::pair<std::uint64_t, Digest>>;

struct StateDelta {
    const StateBase* base = nullptr;
    // Guarded by the base's lock; dropped when the parent has been folded into the base.
    mutable std::shared_ptr<const StateVersion> parent;
    mutable bool folded = false;
    // Readers that need the version itself (ReadPin): it is not folded under them.
    mutable std::atomic<std::uint32_t> pins{0};

    StateTip tip;
    std::uint64_t record_offset = 0;
    Bytes record;                 // sealed, as it goes to the log
    std::vector<KeyChange> keys;  // sorted
    std::map<std::uint64_t, TwigState> twigs;
    std::vector<UpperChanges> upper;  // [level], sorted; level 0 = twigs

    [[nodiscard]] const KeyChange* find(ByteView key) const;
    // The greatest changed key below `key`, alive or not.
    [[nodiscard]] const KeyChange* before(ByteView key) const;
    // The smallest changed key above `key`, alive or not.
    [[nodiscard]] const KeyChange* after(ByteView key) const;
    // The bytes of the log from `offset`, when they lie in this block's record.
    [[nodiscard]] ByteView bytes_at(std::uint64_t offset) const;
};

}  // namespace sanquan
