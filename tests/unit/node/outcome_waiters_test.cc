// Goal: so many may wait for one transaction, and no more. Method: tickets by hand.
#include "node/service/outcome_waiters.h"

#include "tests/support/catch.h"

namespace sanquan::node {
namespace {

TEST_CASE("the seventeenth who waits for a transaction is refused at once", "[node][waiters]") {
    OutcomeWaiters waiters;
    std::vector<Code> refused;
    const TransactionId id;
    for (int i = 0; i < 18; ++i) {
        const auto ticket =
            waiters.add(WaitFor::kFinal, OutcomeWaiters::Clock::time_point::max(),
                        [&](const Result<TransactionOutcome>& outcome) {
                            refused.push_back(outcome ? Code::kOk : outcome.error().code);
                        });
        waiters.watch(ticket, id);
    }
    CHECK(refused == std::vector<Code>{Code::kRateLimited, Code::kRateLimited});
    CHECK(waiters.size() == 16);
    waiters.stop();
    CHECK(refused.size() == 18);
}

TEST_CASE("who waits beyond its deadline is told that the outcome is open", "[node][waiters]") {
    OutcomeWaiters waiters;
    const auto now = OutcomeWaiters::Clock::now();
    std::vector<Code> told;
    const auto wait_until = [&](OutcomeWaiters::Clock::time_point deadline) {
        const auto ticket =
            waiters.add(WaitFor::kFinal, deadline, [&](const Result<TransactionOutcome>& outcome) {
                told.push_back(outcome ? Code::kOk : outcome.error().code);
            });
        waiters.watch(ticket, {});
    };
    wait_until(now + std::chrono::seconds(1));
    wait_until(now + std::chrono::seconds(2));
    CHECK(waiters.expire(now) == now + std::chrono::seconds(1));
    CHECK(told.empty());
    CHECK(waiters.expire(now + std::chrono::seconds(1)) == now + std::chrono::seconds(2));
    CHECK(told == std::vector<Code>{Code::kTimeout});
    CHECK(waiters.size() == 1);
    waiters.stop();
    CHECK(told == std::vector<Code>{Code::kTimeout, Code::kStopping});
}

}  // namespace
}  // namespace sanquan::node
