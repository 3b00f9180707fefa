// Recovery of the state: newest usable checkpoint, replay of the log after it, comparison with the
// recorded root.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ledger/store/state_log.h"
#include "ledger/store/tombstone_store.h"

namespace sanquan {

struct RecoveredState {
    std::unique_ptr<StateBase> base;
    std::vector<std::pair<Height, StateRoot>> roots;  // of the last blocks, oldest first
    std::uint64_t checkpoint_offset = 0;              // log end of the checkpoint that was used
};

// Rebuilds the state in memory; begins the log when it is empty; cuts a torn tail off. `tombstones`
// may be null. kCorrupt, kStateMismatch when no checkpoint and no replay leads to the recorded
// root.
Result<RecoveredState> recover_state(Env& env, const std::string& directory, StateLog& log,
                                     HashAlgorithm hash, const StateEnvironment& environment,
                                     TombstoneStore* tombstones);

// Cuts the log after the record of `height` and removes checkpoints that know more; kNotFound.
Status cut_after(Env& env, const std::string& directory, StateLog& log, Height height);

// Keeps the newest `checkpoints` checkpoints; without history also removes log segments that none
// of them needs.
Status remove_old_files(Env& env, const std::string& directory, StateLog& log,
                        std::size_t checkpoints, bool keep_history);

}  // namespace sanquan
