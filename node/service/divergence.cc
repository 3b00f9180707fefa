#include "node/service/divergence.h"

#include "contracts/apply_block.h"
#include "ledger/base/limits.h"
#include "ledger/crypto/digest.h"
#include "ledger/model/block.h"
#include "ledger/model/transaction.h"
#include "node/log.h"
#include "node/service/past_view.h"

namespace sanquan::node {
namespace {

// The smallest keys, as many as an answer holds.
std::map<Bytes, std::optional<Digest>> digests_of(const StateWrites& writes) {
    std::map<Bytes, std::optional<Digest>> digests;
    for (const auto& [key, value] : writes) {
        if (digests.size() == limits::kWritesAnswerMax) {
            break;
        }
        digests[key] = value ? std::optional(hash(HashAlgorithm::kSha256, {*value})) : std::nullopt;
    }
    return digests;
}

}  // namespace

Result<WritesMessage> writes_of(const Chain& chain, const BlockStore& blocks,
                                const StateStore& state, Height height) {
    if (height.value == 0) {
        return fail(Code::kNotFound, "genesis is compared by its file");
    }
    SANQUAN_TRY_ASSIGN(Bytes raw, blocks.block(height));
    SANQUAN_TRY_ASSIGN(const Block block, decode_block(std::move(raw), chain));
    std::vector<Transaction> transactions;
    for (const Bytes& bytes : block.transactions) {
        SANQUAN_TRY_ASSIGN(auto transaction, decode_transaction(bytes, chain));
        transactions.push_back(std::move(transaction));
    }
    std::vector<const Transaction*> pointers;
    for (const Transaction& transaction : transactions) {
        pointers.push_back(&transaction);
    }
    const PastView before(state.snapshot(), Height{height.value - 1});
    const auto result =
        contracts::apply_block({chain, height, block.header.time}, pointers, before);
    if (const Status status = before.failure(); !status) {
        return fail(status.error().code,
                    "block " + std::to_string(height.value) + ": " + status.error().context);
    }
    return WritesMessage{height, digests_of(result.writes)};
}

bool Divergence::record(Height height, std::string why, const StateWrites& ours) {
    const std::lock_guard lock(mutex_);
    if (height_) {
        return false;
    }
    height_ = height;
    why_ = std::move(why);
    ours_ = digests_of(ours);
    return true;
}

bool Divergence::compare(const WritesMessage& theirs, const std::string& peer) {
    const std::lock_guard lock(mutex_);
    if (!height_ || *height_ != theirs.height || key_found_) {
        return false;
    }
    auto left = theirs.writes.begin();
    auto right = ours_.begin();
    while (left != theirs.writes.end() && right != ours_.end() && *left == *right) {
        ++left;
        ++right;
    }
    if (left == theirs.writes.end() && right == ours_.end()) {
        return false;
    }
    const bool left_first =
        right == ours_.end() || (left != theirs.writes.end() && left->first <= right->first);
    key_found_ = true;
    why_ += "; first key that differs (says " + peer +
            "): " + escape_log_value(left_first ? left->first : right->first);
    return true;
}

std::optional<Height> Divergence::height() const {
    const std::lock_guard lock(mutex_);
    return height_;
}

std::string Divergence::text() const {
    const std::lock_guard lock(mutex_);
    return height_ ? "block " + std::to_string(height_->value) + ": " + why_ : std::string();
}

}  // namespace sanquan::node
