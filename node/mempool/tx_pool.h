// Admitted transactions that wait for a block: each id once, bounded as a whole and per sender, the senders in turn.
//
// Filled by admission (node/mempool/intake.h), read by the proposer, emptied by the executor when blocks become final.
// Business rules have no say here: what the ledger will refuse is recorded with its receipt. Thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "ledger/base/ids.h"
#include "ledger/model/transaction.h"

namespace sanquan::node {

using SharedTransaction = std::shared_ptr<const Transaction>;

struct TransactionIdHash {
    // Ids are digests: their first octets are as good as any hash.
    std::size_t operator()(const TransactionId& id) const {
        std::size_t value = 0;
        std::memcpy(&value, id.octets.data(), sizeof value);
        return value;
    }
};

struct TxPoolLimits {
    std::size_t transactions = 50'000;
    std::size_t bytes = 256U << 20U;
    std::size_t per_organisation = 20'000;

    // What one organisation's transactions may take: a share of `bytes`, and room for one of any size.
    [[nodiscard]] std::size_t bytes_per_organisation() const;
};

struct BatchLimits {
    std::size_t transactions = 2'000;
    std::size_t bytes = 2U << 20U;
    std::size_t weight = 20'000;  // limits::kWeightPerBlockMax at most

    // These limits divided by `divisor`, for a block after a failed view, and less what a block holds besides its
    // transactions. A transaction of any size that admission lets in still fits.
    [[nodiscard]] BatchLimits for_block(std::size_t divisor) const;
};

class TxPool {
  public:
    explicit TxPool(TxPoolLimits limits) : limits_(limits) {}

    // kDuplicate, kQuotaExceeded, kPoolFull. Admission was checked by the caller.
    Status add(SharedTransaction transaction);
    // The pooled transaction, or nothing.
    [[nodiscard]] SharedTransaction find(const TransactionId& id) const;

    // Transactions that fit, without those that `skip` names, in order of arrival; they stay in the pool. The
    // organisations take turns, each with its oldest: a flood of one delays no other's.
    [[nodiscard]] std::vector<SharedTransaction> batch(
        const BatchLimits& limits, const std::function<bool(const TransactionId&)>& skip);

    void remove(const std::vector<TransactionId>& ids);
    // Removes what may no longer stand in a block of `time`, and returns it.
    std::vector<TransactionId> expire(TimeMs time);

    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] std::size_t bytes() const;
    [[nodiscard]] bool empty() const { return size() == 0; }

  private:
    using Arrivals = std::map<std::uint64_t, SharedTransaction>;
    struct Sender {
        Arrivals waiting;
        std::size_t bytes = 0;
    };
    struct Place {
        std::uint64_t arrival = 0;
        SharedTransaction transaction;
    };
    void erase(const TransactionId& id);

    const TxPoolLimits limits_;
    mutable std::mutex mutex_;
    std::uint64_t next_ = 0;
    std::size_t bytes_ = 0;
    std::unordered_map<TransactionId, Place, TransactionIdHash> by_id_;
    std::map<std::string, Sender> senders_;  // with something waiting
    std::string turn_;  // the next batch begins with this sender or the one after it
};

}  // namespace sanquan::node
