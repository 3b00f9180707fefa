#include "node/mempool/tx_pool.h"

namespace sanquan::node {

Status TxPool::add(SharedTransaction transaction) {
    const std::lock_guard lock(mutex_);
    if (by_id_.contains(transaction->id)) {
        return fail(Code::kDuplicate, "it waits in the pool already");
    }
    const std::size_t size = transaction->raw.size();
    if (by_id_.size() >= limits_.transactions || bytes_ + size > limits_.bytes) {
        return fail(Code::kPoolFull, std::to_string(by_id_.size()) + " transactions wait");
    }
    std::size_t& pending = per_organisation_[transaction->body.sender()];
    if (pending >= limits_.per_organisation) {
        return fail(Code::kQuotaExceeded, std::to_string(pending) + " transactions of " +
                                              transaction->body.sender() + " wait");
    }
    ++pending;
    bytes_ += size;
    by_id_.emplace(transaction->id, next_);
    by_arrival_.emplace(next_, std::move(transaction));
    ++next_;
    return {};
}

SharedTransaction TxPool::find(const TransactionId& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : by_arrival_.at(found->second);
}

std::vector<SharedTransaction> TxPool::batch(
    const BatchLimits& limits, const std::function<bool(const TransactionId&)>& skip) const {
    const std::lock_guard lock(mutex_);
    std::vector<SharedTransaction> taken;
    std::size_t bytes = 0;
    std::size_t weight = 0;
    for (const auto& [arrival, transaction] : by_arrival_) {
        if (taken.size() >= limits.transactions) {
            break;
        }
        if (skip(transaction->id)) {
            continue;
        }
        // A transaction's bytes and up to five of tag and length.
        const std::size_t size = transaction->raw.size() + 5;
        if (bytes + size > limits.bytes || weight + transaction->weight > limits.weight) {
            break;  // no overtaking: a large one must not starve behind small ones
        }
        bytes += size;
        weight += transaction->weight;
        taken.push_back(transaction);
    }
    return taken;
}

void TxPool::erase(const TransactionId& id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) {
        return;
    }
    const auto entry = by_arrival_.find(found->second);
    const std::string& sender = entry->second->body.sender();
    const auto pending = per_organisation_.find(sender);
    if (--pending->second == 0) {
        per_organisation_.erase(pending);
    }
    bytes_ -= entry->second->raw.size();
    by_arrival_.erase(entry);
    by_id_.erase(found);
}

void TxPool::remove(const std::vector<TransactionId>& ids) {
    const std::lock_guard lock(mutex_);
    for (const TransactionId& id : ids) {
        erase(id);
    }
}

std::vector<TransactionId> TxPool::expire(TimeMs time) {
    const std::lock_guard lock(mutex_);
    std::vector<TransactionId> expired;
    for (const auto& [arrival, transaction] : by_arrival_) {
        if (transaction->body.valid_until_ms() < time.value) {
            expired.push_back(transaction->id);
        }
    }
    for (const TransactionId& id : expired) {
        erase(id);
    }
    return expired;
}

std::size_t TxPool::size() const {
    const std::lock_guard lock(mutex_);
    return by_id_.size();
}

std::size_t TxPool::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

}  // namespace sanquan::node
