// StateBuilder: works out what a block's writes change: entries to append, bits to clear, the new
// root.
//
// All of it is consensus (design D6): entries are appended in key order, each touched key once; a
// created or deleted key re-appends its predecessor; deleting appends a tombstone; then the oldest
// current entries move to the end while the log above the floor is longer than twice the current
// entries. Called by StateStore, on the executor's thread.
#pragma once

#include <memory>

#include "ledger/state/read_view.h"
#include "ledger/state/state_delta.h"
#include "ledger/state/state_version.h"

namespace sanquan {

// The floor moves only above this length, so that small states do not rewrite themselves.
constexpr std::uint64_t kFloorLengthMin = 2 * kTwigEntries;
// BOUND: entries examined at the floor, per entry that the block appends.
constexpr std::uint64_t kFloorStepsPerEntry = 8;

// The version after `writes` on top of `parent`; kIo, kCorrupt when the log cannot be read.
Result<std::unique_ptr<StateDelta>> build_delta(const StateVersion& parent, Height height,
                                                const StateWrites& writes);

}  // namespace sanquan
