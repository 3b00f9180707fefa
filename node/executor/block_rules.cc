#include "node/executor/block_rules.h"

#include <atomic>
#include <mutex>
#include <set>

#include "consensus/leader_schedule.h"
#include "ledger/base/limits.h"
#include "ledger/codec/transaction.pb.h"
#include "ledger/model/header_rules.h"
#include "ledger/proof/merkle.h"

namespace sanquan::node {
namespace {

Status invalid(const std::string& what) { return fail(Code::kBlockInvalid, what); }

// The pool's decoded copy when the bytes are the same, a fresh one otherwise.
Result<SharedTransaction> decode_known(const TransactionRules& rules, const Bytes& raw) {
    wire::SignedTransaction envelope;
    if (envelope.ParseFromString(raw)) {
        const auto pooled = rules.pool.find(transaction_id(rules.chain, envelope.body()));
        if (pooled != nullptr && pooled->raw == raw) {
            return pooled;
        }
    }
    SANQUAN_TRY_ASSIGN(auto transaction, decode_transaction(raw, rules.chain));
    return SharedTransaction(std::make_shared<const Transaction>(std::move(transaction)));
}

}  // namespace

BlockHeader child_header(const Chain& chain, const ExecutedBlock& parent, Epoch epoch, View view) {
    BlockHeader header;
    header.chain = chain.id;
    header.epoch = epoch;
    header.height = parent.height().next();
    header.view = view;
    header.parent = parent.digest;
    header.validators = parent.header.next_validators;
    header.next_validators = parent.header.next_validators;
    header.history_size = parent.history.size();
    header.history_root = parent.history.root();
    header.state_root = parent.state->root();
    header.receipts_root = parent.receipts_root;
    return header;
}

Status check_header(const Chain& chain, const BlockHeader& header, const ExecutedBlock& parent,
                    std::uint16_t validators) {
    SANQUAN_TRY(sanquan::check_header(header, parent.header, parent.digest));
    const BlockHeader expected = child_header(chain, parent, header.epoch, header.view);
    if (header.next_validators != expected.next_validators) {
        return invalid("next_validator_set");
    }
    if (header.history_size != expected.history_size ||
        header.history_root != expected.history_root) {
        return invalid("history_size or history_root");
    }
    if (header.proposer != consensus::leader_of(header.epoch, header.view, validators)) {
        return invalid("proposer: not the leader of the view");
    }
    const std::string height = std::to_string(parent.height().value);
    if (header.receipts_root != expected.receipts_root) {
        return fail(Code::kDiverged, "receipts_root of block " + height + ": certified " +
                                         header.receipts_root.hex() + ", executed here " +
                                         expected.receipts_root.hex());
    }
    if (header.state_root != expected.state_root) {
        return fail(Code::kDiverged, "state_root of block " + height + ": certified " +
                                         header.state_root.hex() + ", executed here " +
                                         expected.state_root.hex());
    }
    return {};
}

Result<Block> decode_whole_block(Bytes raw, const Chain& chain) {
    SANQUAN_TRY_ASSIGN(Block block, decode_block(std::move(raw), chain));
    if (transactions_root(chain.hash, block.transactions) != block.header.transactions_root) {
        return fail(Code::kBlockInvalid, "its transactions are not those that its header names");
    }
    return block;
}

MerkleRoot transactions_root(HashAlgorithm hash, const std::vector<Bytes>& transactions) {
    return merkle_root_of_leaves(hash, transactions);
}

Result<std::vector<SharedTransaction>> check_transactions(
    const TransactionRules& rules, const Block& block, const ExecutedBlock& parent,
    const std::function<bool(const TransactionId&)>& in_ancestors) {
    if (block.header.transactions_root != transactions_root(rules.chain.hash, block.transactions)) {
        return fail(Code::kBlockInvalid, "transactions_root");
    }
    const contracts::BlockContext context{rules.chain, block.header.height, block.header.time};
    std::vector<SharedTransaction> decoded(block.transactions.size());
    std::mutex mutex;
    std::optional<Error> refusal;
    std::optional<Error> failure;
    std::atomic<bool> refused{false};
    rules.workers.parallel(decoded.size(), [&](std::size_t i) {
        if (refused) {
            return;  // one is enough: a bad block must not buy more checks
        }
        const auto check = [&]() -> Status {
            SANQUAN_TRY_ASSIGN(decoded[i], decode_known(rules, block.transactions[i]));
            if (in_ancestors(decoded[i]->id)) {
                return fail(Code::kDuplicate, "in an unfinalized ancestor");
            }
            const auto is_final = rules.is_final(decoded[i]->id);
            if (!is_final) {
                const std::lock_guard lock(mutex);
                failure = is_final.error();
                refused = true;
                return {};
            }
            if (*is_final) {
                return fail(Code::kDuplicate, "final already");
            }
            SANQUAN_TRY(contracts::check_admission(*decoded[i], context, *parent.state,
                                                   rules.signature_check));
            return {};
        };
        if (const Status status = check(); !status) {
            const std::lock_guard lock(mutex);
            if (!refused.exchange(true)) {
                refusal = Error{Code::kBlockInvalid, "transaction " + std::to_string(i) + ": " +
                                                         to_string(status.error())};
            }
        }
    });
    if (failure) {
        return tl::unexpected(*failure);
    }
    if (refusal) {
        return tl::unexpected(*refusal);
    }
    std::set<TransactionId> ids;
    std::size_t weight = 0;
    for (const SharedTransaction& transaction : decoded) {
        weight += transaction->weight;
        if (!ids.insert(transaction->id).second) {
            return fail(Code::kBlockInvalid, "a transaction stands twice in the block");
        }
    }
    if (weight > limits::kWeightPerBlockMax) {
        return fail(Code::kBlockInvalid, "weight " + std::to_string(weight));
    }
    return decoded;
}

}  // namespace sanquan::node
