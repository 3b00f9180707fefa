// A block with its result: one node of the tree of executed blocks above the last finalized one.
//
// Immutable once made; shared by executor, proposer, proofs and the API.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ledger/model/block.h"
#include "ledger/proof/merkle_log.h"
#include "ledger/state/state_version.h"
#include "node/mempool/tx_pool.h"

namespace sanquan::node {

struct ExecutedBlock {
    BlockDigest digest;
    BlockHeader header;  // of genesis: genesis_header()
    Bytes raw;           // canonical block bytes
    std::vector<SharedTransaction> transactions;
    std::vector<TransactionId> ids;  // sorted
    std::vector<Bytes> receipts;
    MerkleRoot receipts_root;
    StateWrites writes;  // empty for a block that was loaded from the stores
    std::shared_ptr<const StateVersion> state;
    MerkleFrontier history{
        HashAlgorithm::kSha256};  // digests of all blocks up to and with this one

    [[nodiscard]] Height height() const { return header.height; }
    [[nodiscard]] TimeMs time() const { return header.time; }
    // Whether the block holds nothing: its result needs no seal.
    [[nodiscard]] bool is_empty() const { return transactions.empty(); }
};

using SharedExecution = std::shared_ptr<const ExecutedBlock>;

}  // namespace sanquan::node
