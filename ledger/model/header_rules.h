// What a block's header must say, given its parent's.
#pragma once

#include "ledger/model/block.h"

namespace sanquan {

// Whether `header` may follow `parent`: parent's digest, height and history one more, time later,
// epoch and validator set as the parent named them, view later within the epoch. kBlockInvalid.
// `parent` is genesis_header for block 1, with genesis_block_digest. The roots (transactions,
// history, the parent's state and receipts) are the caller's questions.
Status check_header(const BlockHeader& header, const BlockHeader& parent,
                    const BlockDigest& parent_digest);

}  // namespace sanquan
