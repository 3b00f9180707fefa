// Which blocks may follow a given executed block: the header against the parent's result, and what the block holds.
//
// Deterministic but for the drift bound, which the caller applies for notarize votes alone. Used for blocks of others
// and, as an assertion, for our own.
#pragma once

#include <functional>

#include "contracts/admission.h"
#include "node/executor/executed_block.h"
#include "node/verifier/worker_pool.h"

namespace sanquan::node {

// The header that a child of `parent` has, but for time, proposer and transactions root.
BlockHeader child_header(const Chain& chain, const ExecutedBlock& parent, Epoch epoch, View view);

// kBlockInvalid naming the field: every field of the header but time's upper bound and the transactions root.
// kDiverged when state root or receipts root differ from our own execution of the parent.
Status check_header(const Chain& chain, const BlockHeader& header, const ExecutedBlock& parent,
                    std::uint16_t validators);

// A block whose transactions are those that its header names. The digest covers the header alone: without this check
// one peer could put other transactions under a certified digest. kBlockInvalid, and what decode_block refuses.
Result<Block> decode_whole_block(Bytes raw, const Chain& chain);

MerkleRoot transactions_root(HashAlgorithm hash, const std::vector<Bytes>& transactions);

// Whether check_transactions() failed for a reason of this machine, not of the block: the node must stop.
inline bool is_operating_failure(const Error& error) {
    return error.code != Code::kBlockInvalid && error.code != Code::kDiverged;
}

struct TransactionRules {
    const Chain& chain;
    const TxPool& pool;  // decoded already, most of them
    WorkerPool& workers;
    contracts::SignatureCheck signature_check;
    std::function<Result<bool>(const TransactionId&)> is_final;
};

// Decodes and admits the transactions of `block` against `parent`; kBlockInvalid with the first refusal. `in_ancestors`
// tells whether an unfinalized ancestor holds an id. What is_final fails with comes back as it is: it says nothing of
// the block.
Result<std::vector<SharedTransaction>> check_transactions(
    const TransactionRules& rules, const Block& block, const ExecutedBlock& parent,
    const std::function<bool(const TransactionId&)>& in_ancestors);

}  // namespace sanquan::node
