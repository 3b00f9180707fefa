// Recovery of the state: newest usable checkpoint, replay of the log after it, comparison with the
// recorded root.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ledger/state/read_view.h"
#include "ledger/store/state_log.h"
#include "ledger/store/tombstone_store.h"

namespace sanquan {

struct RecoveredState {
    std::unique_ptr<StateBase> base;
    // The log's last record, not yet in the base: the state before it stays provable, since a
    // header certifies the result of the block before. Empty when the base has it (nothing came
    // before, or a checkpoint ended there).
    Bytes last_body;
    std::vector<std::pair<Height, StateRoot>> roots;  // of the last blocks, oldest first
    std::uint64_t checkpoint_offset = 0;              // log end of the checkpoint that was used
};

// Rebuilds the state in memory; begins the log when it is empty; cuts a torn tail off. `tombstones`
// may be null. kCorrupt, kStateMismatch when no checkpoint and no replay leads to the recorded
// root.
Result<RecoveredState> recover_state(Env& env, const std::string& directory, StateLog& log,
                                     HashAlgorithm hash, const StateEnvironment& environment,
                                     TombstoneStore* tombstones);

// The writes that made a block's record: what re-executing the block would write; kBadEncoding,
// kCorrupt.
Result<StateWrites> writes_of_record(ByteView body);

// Cuts the log after the record of `height` and removes checkpoints that know more; kNotFound.
Status cut_after(Env& env, const std::string& directory, StateLog& log, Height height);

// Keeps the newest `checkpoints` checkpoints; without history also removes log segments that none
// of them needs.
Status remove_old_files(Env& env, const std::string& directory, StateLog& log,
                        std::size_t checkpoints, bool keep_history);

}  // namespace sanquan
