// Goal: what clients bring is gossiped once each, in order, at once or when the intake asked to be called again.
#include "tests/support/catch.h"
#include "tests/unit/node/executor_bench.h"

using namespace sanquan;
using namespace sanquan::testing;
using namespace std::chrono_literals;

TEST_CASE("transactions that come in quick succession are gossiped once each and in order",
          "[node][intake]") {
    ExecutorBench bench;
    bench.intake->gossip_due(node::Intake::Clock::now() + 1s);
    bench.gossiped.clear();
    bench.gossip_asked = 0;
    std::vector<Bytes> sent;
    for (int i = 0; i < 20; ++i) {
        sent.push_back(bench.issue_money());
        REQUIRE(bench.submit(sent.back()));
        REQUIRE(bench.submit(sent.back())->was_known);
    }
    const bool all_at_once = bench.gossiped.size() == sent.size();
    CHECK((all_at_once || bench.gossip_asked > 0));
    const auto now = node::Intake::Clock::now();
    CHECK((all_at_once || bench.intake->gossip_due(now) <= now + 2s));
    // More than a pause after whatever came before, and before anything is repeated.
    bench.intake->gossip_due(now + 3s);
    std::vector<Bytes> received;
    for (const auto& frame : bench.gossiped) {
        received.insert(received.end(), frame.begin(), frame.end());
    }
    CHECK(received == sent);
}
