// verify-data: re-checks every byte of what a node has stored, without changing any of it.
//
// The state log: framing, checksums, order, every root recomputed block by block. The index
// checkpoints: that each leads to the recorded root. The tombstone index against the log. The block
// store: see BlockStore::verify(). The caller compares the roots with the headers of the blocks
// (on_root). Offline: no node may be running on the directory.
#pragma once

#include <functional>
#include <string>

#include "ledger/crypto/digest.h"
#include "ledger/store/env.h"
#include "ledger/store/kv_store.h"

namespace sanquan {

struct StateReport {
    std::uint64_t records = 0;
    std::uint64_t entries = 0;     // of those records
    std::uint64_t bytes = 0;       // of the log
    std::uint64_t torn_bytes = 0;  // unconfirmed, at the end; the next start cuts them off
    std::uint64_t checkpoints = 0;
    std::uint64_t tombstones = 0;
    Height height;
    StateRoot root;
    bool from_the_beginning =
        true;  // false: earlier segments were removed, roots are recomputed from a checkpoint
};

struct StateCheck {
    HashAlgorithm hash = HashAlgorithm::kSha256;
    const KvStore* tombstones = nullptr;  // compared when given
    // Called with every recomputed root, in order of height; an error ends the check.
    std::function<Status(Height, const StateRoot&)> on_root;
};

// kCorrupt, kStateMismatch with the place; kIo.
Result<StateReport> verify_state(Env& env, const std::string& directory, const StateCheck& check);

struct VoteReport {
    std::uint64_t votes = 0;
    std::uint64_t bytes = 0;
    std::uint64_t torn_bytes = 0;
};

// kVoteLogMissing, kCorrupt.
Result<VoteReport> verify_votes(Env& env, const std::string& directory);

}  // namespace sanquan
