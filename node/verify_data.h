// `sanquan-node verify-data DIR`: re-checks every byte of a data directory, alone and offline.
//
// Every block's digest, links, roots and certificate; every receipt and state root by executing all blocks again from
// genesis in a directory of its own; every current key and value of the state against that; every invariant over that
// whole state (contracts/invariants/whole_state.h). Opens DIR for reading only
// (shadow_directory.h): a read-only mount or a copy that belongs to the auditor will do.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "ledger/base/ids.h"
#include "ledger/base/result.h"

namespace sanquan::node {

struct DataReport {
    ChainId chain;
    Height height;
    StateRoot state_root;
    std::uint64_t transactions = 0;
    std::uint64_t keys = 0;
    std::uint64_t signatures = 0;
};

// kDirectoryMissing, kDirectoryLocked (the node runs), kCorrupt, kStateMismatch, kCertificateInvalid, kBlockInvalid: the
// context names the block and what differs. kInvariantBreach: the data is what the chain's rules give, but the rules
// failed; the context names the invariant and the key. `scratch` is created for the repeated execution and removed afterwards.
Result<DataReport> verify_data(const std::filesystem::path& directory,
                               const std::filesystem::path& scratch);

}  // namespace sanquan::node
