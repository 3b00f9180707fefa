// Who waits for a transaction to become final or sealed: each is told once, by success, refusal or timeout.
//
// Filled by LedgerService::submit before the transaction can become final, served by the executor's events. Callbacks
// run without a lock held, on the thread that brings the news: they only pass the outcome on. Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "node/executor/executed_block.h"
#include "node/ledger_service.h"

namespace sanquan::node {

class OutcomeWaiters {
  public:
    using Clock = std::chrono::steady_clock;
    using Done = std::function<void(Result<TransactionOutcome>)>;
    using Ticket = std::uint64_t;

    // Reserves a ticket; the wait begins with watch().
    Ticket add(WaitFor wait, Clock::time_point deadline, Done done);
    // Waits for the transaction of that id; answers kRateLimited when 16 others do already.
    void watch(Ticket ticket, const TransactionId& id);
    // Answers and forgets the ticket; nothing when it was answered before.
    void answer(Ticket ticket, Result<TransactionOutcome> outcome);
    // The transaction is final already; answers now, or when the wished seal comes.
    void on_known_final(Ticket ticket, TransactionOutcome outcome);

    void on_final(const ExecutedBlock& block);
    void on_evicted(const std::vector<std::pair<TransactionId, Error>>& evicted);
    // Answers kTimeout where the deadline has passed; the next deadline, or max().
    Clock::time_point expire(Clock::time_point now);
    // Answers kStopping to all.
    void stop();

    [[nodiscard]] std::size_t size() const;

  private:
    struct Waiter {
        WaitFor wait = WaitFor::kFinal;
        Clock::time_point deadline;
        Done done;
        TransactionId id;
        bool watching = false;
    };
    struct Answer {
        Done done;
        Result<TransactionOutcome> outcome;
    };
    Done take(Ticket ticket);
    static void tell(std::vector<Answer>& answers);

    mutable std::mutex mutex_;
    Ticket next_ = 1;
    std::map<Ticket, Waiter> waiters_;
    std::multimap<TransactionId, Ticket> by_id_;
    std::map<Ticket, TransactionOutcome> unsealed_;  // final, waiting for the seal
};

}  // namespace sanquan::node
