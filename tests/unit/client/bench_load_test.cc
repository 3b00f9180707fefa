// Goal: a load never has the same assets in two transactions under way, and still sends all of them. Method: answers come
// in the worst order, the newest first.
#include "client/cli/bench_load.h"

#include "tests/support/catch.h"

namespace sanquan::cli {
namespace {

TEST_CASE("the same assets wait for the answer to their last sale", "[cli][bench]") {
    constexpr std::size_t kTransactions = 1'000;
    constexpr std::size_t kPeriod = 7;
    for (std::size_t connections : {1U, 3U, 7U, 20U}) {
        Rotation rotation(kTransactions, kPeriod);
        std::vector<std::size_t> under_way;
        std::vector<std::size_t> sent;
        for (;;) {
            while (under_way.size() < connections) {
                const auto next = rotation.next();
                if (!next) {
                    break;
                }
                for (const std::size_t other : under_way) {
                    CHECK(other % kPeriod != *next % kPeriod);
                }
                under_way.push_back(*next);
                sent.push_back(*next);
            }
            if (under_way.empty()) {
                break;
            }
            rotation.answered(under_way.back());
            under_way.pop_back();
        }
        CHECK(sent.size() == kTransactions);
        CHECK(std::set<std::size_t>(sent.begin(), sent.end()).size() == kTransactions);
    }
}

}  // namespace
}  // namespace sanquan::cli
