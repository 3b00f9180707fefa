#include "node/mempool/tx_pool.h"

#include <algorithm>
#include <utility>

#include "ledger/base/limits.h"

namespace sanquan::node {
namespace {

// Header and framing around a block's transactions.
constexpr std::size_t kBlockOverheadBytes = 1'024;
// A transaction's bytes are framed by up to five of tag and length.
constexpr std::size_t kFramingBytes = 5;
// One organisation's part of the pool's bytes.
constexpr std::size_t kSharesOfBytes = 8;

}  // namespace

std::size_t TxPoolLimits::bytes_per_organisation() const {
    return std::max(bytes / kSharesOfBytes, limits::kTransactionBytesMax);
}

BatchLimits BatchLimits::for_block(std::size_t divisor) const {
    const std::size_t one_transaction = limits::kTransactionBytesMax + kFramingBytes;
    return {std::max<std::size_t>(1, transactions / divisor),
            std::max(one_transaction + kBlockOverheadBytes, bytes / divisor) - kBlockOverheadBytes,
            std::max<std::size_t>(limits::kWeightPerTransactionMax, weight / divisor)};
}

Status TxPool::add(SharedTransaction transaction) {
    const std::lock_guard lock(mutex_);
    if (by_id_.contains(transaction->id)) {
        return fail(Code::kDuplicate, "it waits in the pool already");
    }
    const std::size_t size = transaction->raw.size();
    if (by_id_.size() >= limits_.transactions || bytes_ + size > limits_.bytes) {
        return fail(Code::kPoolFull, std::to_string(by_id_.size()) + " transactions wait");
    }
    const std::string& name = transaction->body.sender();
    if (const auto known = senders_.find(name); known != senders_.end()) {
        const Sender& sender = known->second;
        if (sender.waiting.size() >= limits_.per_organisation ||
            sender.bytes + size > limits_.bytes_per_organisation()) {
            return fail(Code::kQuotaExceeded, std::to_string(sender.waiting.size()) +
                                                  " transactions of " + name + " wait, " +
                                                  std::to_string(sender.bytes) + " bytes");
        }
    }
    Sender& sender = senders_[name];
    sender.bytes += size;
    bytes_ += size;
    sender.waiting.emplace(next_, transaction);
    by_id_.emplace(transaction->id, Place{next_, transaction});
    ++next_;
    return {};
}

SharedTransaction TxPool::find(const TransactionId& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second.transaction;
}

std::vector<SharedTransaction> TxPool::batch(
    const BatchLimits& limits, const std::function<bool(const TransactionId&)>& skip) {
    const std::lock_guard lock(mutex_);
    struct Turn {
        const std::string* name;
        Arrivals::const_iterator next;
        Arrivals::const_iterator end;
    };
    std::vector<Turn> turns;
    for (const auto& [name, sender] : senders_) {
        turns.push_back({&name, sender.waiting.begin(), sender.waiting.end()});
    }
    const auto first = std::find_if(turns.begin(), turns.end(),
                                    [&](const Turn& turn) { return *turn.name >= turn_; });
    std::rotate(turns.begin(), first, turns.end());
    // The next batch begins with the second sender, or with the first one whose transaction found no room in this one:
    // a large transaction must not starve behind small ones.
    const std::string* begins_next = turns.size() > 1 ? turns[1].name : nullptr;
    bool was_left = false;
    std::vector<std::pair<std::uint64_t, SharedTransaction>> taken;
    std::size_t bytes = 0;
    std::size_t weight = 0;
    while (!turns.empty() && taken.size() < limits.transactions) {
        std::erase_if(turns, [&](Turn& turn) {
            while (turn.next != turn.end && skip(turn.next->second->id)) {
                ++turn.next;
            }
            if (turn.next == turn.end || taken.size() >= limits.transactions) {
                return true;
            }
            const SharedTransaction& transaction = turn.next->second;
            const std::size_t size = transaction->raw.size() + kFramingBytes;
            if (bytes + size > limits.bytes || weight + transaction->weight > limits.weight) {
                // No overtaking within a sender either; the others' may be smaller.
                if (!std::exchange(was_left, true)) {
                    begins_next = turn.name;
                }
                return true;
            }
            bytes += size;
            weight += transaction->weight;
            taken.emplace_back(*turn.next);
            ++turn.next;
            return false;
        });
    }
    turn_ = begins_next == nullptr ? std::string() : *begins_next;
    // What depends on another sender's transaction came after it.
    std::sort(taken.begin(), taken.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<SharedTransaction> transactions;
    transactions.reserve(taken.size());
    for (auto& [arrival, transaction] : taken) {
        transactions.push_back(std::move(transaction));
    }
    return transactions;
}

void TxPool::erase(const TransactionId& id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) {
        return;
    }
    const auto& [arrival, transaction] = found->second;
    const auto sender = senders_.find(transaction->body.sender());
    sender->second.waiting.erase(arrival);
    sender->second.bytes -= transaction->raw.size();
    bytes_ -= transaction->raw.size();
    if (sender->second.waiting.empty()) {
        senders_.erase(sender);
    }
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
    for (const auto& [id, place] : by_id_) {
        if (place.transaction->body.valid_until_ms() < time.value) {
            expired.push_back(id);
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
