#include "node/service/outcome_waiters.h"

namespace sanquan::node {
namespace {

// BOUND: per transaction, so that a block's news costs the executor a bounded time.
constexpr std::size_t kWaitersPerTransactionMax = 16;

}  // namespace

OutcomeWaiters::Ticket OutcomeWaiters::add(WaitFor wait, Clock::time_point deadline, Done done) {
    const std::lock_guard lock(mutex_);
    const Ticket ticket = next_++;
    waiters_.emplace(ticket, Waiter{wait, deadline, std::move(done), {}, false});
    return ticket;
}

void OutcomeWaiters::watch(Ticket ticket, const TransactionId& id) {
    Done refused;
    {
        const std::lock_guard lock(mutex_);
        const auto found = waiters_.find(ticket);
        if (found == waiters_.end() || found->second.watching) {
            return;
        }
        if (by_id_.count(id) < kWaitersPerTransactionMax) {
            found->second.id = id;
            found->second.watching = true;
            by_id_.emplace(id, ticket);
            return;
        }
        refused = take(ticket);
    }
    if (refused) {
        refused(fail(Code::kRateLimited, "16 others wait for this transaction already"));
    }
}

// Removes the ticket; the lock is held.
OutcomeWaiters::Done OutcomeWaiters::take(Ticket ticket) {
    const auto found = waiters_.find(ticket);
    if (found == waiters_.end()) {
        return {};
    }
    if (found->second.watching) {
        const auto [begin, end] = by_id_.equal_range(found->second.id);
        for (auto entry = begin; entry != end; ++entry) {
            if (entry->second == ticket) {
                by_id_.erase(entry);
                break;
            }
        }
    }
    unsealed_.erase(ticket);
    Done done = std::move(found->second.done);
    waiters_.erase(found);
    return done;
}

void OutcomeWaiters::tell(std::vector<Answer>& answers) {
    for (Answer& answer : answers) {
        if (answer.done) {
            answer.done(std::move(answer.outcome));
        }
    }
}

void OutcomeWaiters::answer(Ticket ticket, Result<TransactionOutcome> outcome) {
    Done done;
    {
        const std::lock_guard lock(mutex_);
        done = take(ticket);
    }
    if (done) {
        done(std::move(outcome));
    }
}

void OutcomeWaiters::on_known_final(Ticket ticket, TransactionOutcome outcome) {
    Done done;
    {
        const std::lock_guard lock(mutex_);
        const auto found = waiters_.find(ticket);
        if (found == waiters_.end()) {
            return;
        }
        if (found->second.wait == WaitFor::kSealed && !outcome.sealed) {
            unsealed_.emplace(ticket, std::move(outcome));
            return;
        }
        done = take(ticket);
    }
    done(std::move(outcome));
}

void OutcomeWaiters::on_final(const ExecutedBlock& block) {
    std::vector<Answer> answers;
    {
        const std::lock_guard lock(mutex_);
        for (auto entry = unsealed_.begin(); entry != unsealed_.end();) {
            const auto [ticket, outcome] = *entry++;
            if (outcome.height < block.height()) {
                TransactionOutcome sealed = outcome;
                sealed.sealed = true;
                answers.push_back({take(ticket), std::move(sealed)});
            }
        }
        for (std::size_t i = 0; i < block.transactions.size() && !by_id_.empty(); ++i) {
            const TransactionId& id = block.transactions[i]->id;
            std::vector<Ticket> tickets;
            const auto [begin, end] = by_id_.equal_range(id);
            for (auto entry = begin; entry != end; ++entry) {
                tickets.push_back(entry->second);
            }
            const auto receipt =
                tickets.empty() ? nullptr : std::make_shared<const Bytes>(block.receipts[i]);
            for (const Ticket ticket : tickets) {
                TransactionOutcome outcome{id,      block.height(), static_cast<std::uint32_t>(i),
                                           receipt, false,          false};
                if (waiters_.at(ticket).wait == WaitFor::kSealed) {
                    unsealed_.emplace(ticket, std::move(outcome));
                } else {
                    answers.push_back({take(ticket), std::move(outcome)});
                }
            }
        }
    }
    tell(answers);
}

void OutcomeWaiters::on_evicted(const std::vector<std::pair<TransactionId, Error>>& evicted) {
    std::vector<Answer> answers;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [id, why] : evicted) {
            if (why.code == Code::kDuplicate) {
                continue;  // it is final; on_final tells
            }
            for (auto entry = by_id_.find(id); entry != by_id_.end(); entry = by_id_.find(id)) {
                answers.push_back({take(entry->second), tl::unexpected(why)});
            }
        }
    }
    tell(answers);
}

OutcomeWaiters::Clock::time_point OutcomeWaiters::expire(Clock::time_point now) {
    std::vector<Answer> answers;
    auto next = Clock::time_point::max();
    {
        const std::lock_guard lock(mutex_);
        for (auto entry = waiters_.begin(); entry != waiters_.end();) {
            const auto& [ticket, waiter] = *entry++;
            if (waiter.deadline <= now) {
                answers.push_back(
                    {take(ticket), fail(Code::kTimeout, "the transaction is not final yet")});
            } else {
                next = std::min(next, waiter.deadline);
            }
        }
    }
    tell(answers);
    return next;
}

void OutcomeWaiters::stop() {
    std::vector<Answer> answers;
    {
        const std::lock_guard lock(mutex_);
        while (!waiters_.empty()) {
            answers.push_back({take(waiters_.begin()->first),
                               fail(Code::kStopping, "ask another node for the transaction's id")});
        }
    }
    tell(answers);
}

std::size_t OutcomeWaiters::size() const {
    const std::lock_guard lock(mutex_);
    return waiters_.size();
}

}  // namespace sanquan::node
