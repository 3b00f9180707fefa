// Goal: a strand runs what was posted before its start before it first looks around.
// Method: note the order of a task and of after_batch.
#include "node/runtime/strand.h"

#include <future>
#include <vector>

#include "tests/support/catch.h"

using sanquan::node::Strand;

TEST_CASE("what was posted before the start comes before after_batch", "[node][strand]") {
    std::vector<int> order;
    std::promise<void> both;
    Strand strand("test");
    strand.post([&] { order.push_back(1); });
    strand.start([&] {
        order.push_back(2);
        if (order.size() <= 2) {
            both.set_value();
        }
        return Strand::Clock::time_point::max();
    });
    both.get_future().wait();
    strand.stop();
    CHECK(order == std::vector<int>{1, 2});
}

TEST_CASE("after_batch is called without any task", "[node][strand]") {
    std::promise<void> called;
    Strand strand("test");
    strand.start([&] {
        called.set_value();
        return Strand::Clock::time_point::max();
    });
    called.get_future().wait();
    strand.stop();
}
