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

}  // namespace
}  // namespace sanquan::node
