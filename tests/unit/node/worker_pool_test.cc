// Goal: parallel work is done once each; a flood of one class of tasks leaves the other classes their room and turn.
// Method: real threads; one worker is held by a gate while queues fill.
#include "node/verifier/worker_pool.h"

#include <atomic>
#include <future>

#include "tests/support/catch.h"

using namespace sanquan::node;

TEST_CASE("parallel work is done exactly once each, also while tasks wait", "[node][worker_pool]") {
    WorkerPool workers(3, {{{10, 10}, {10, 10}, {10, 10}, {10, 10}}});
    std::atomic<int> posted{0};
    for (int i = 0; i < 5; ++i) {
        CHECK(workers.post(WorkClass::kClient, 1, [&] { ++posted; }));
    }
    for (const std::size_t count : {0U, 1U, 2U, 1'000U}) {
        std::vector<std::atomic<int>> done(count);
        workers.parallel(count, [&](std::size_t i) { ++done[i]; });
        for (const auto& times : done) {
            REQUIRE(times == 1);
        }
    }
}

TEST_CASE("each class has its own room and its turn", "[node][worker_pool]") {
    std::promise<void> gate;
    std::promise<void> held;
    std::promise<void> all_done;
    std::vector<char> order;  // one worker: no lock
    WorkerPool workers(1, {{{4, 100}, {4, 100}, {1, 100}, {1, 100}}});
    REQUIRE(workers.post(WorkClass::kGossip, 100, [&] {
        held.set_value();
        gate.get_future().wait();
    }));
    held.get_future().wait();
    for (int i = 0; i < 4; ++i) {
        REQUIRE(workers.post(WorkClass::kGossip, 10, [&] { order.push_back('g'); }));
    }
    CHECK_FALSE(workers.post(WorkClass::kGossip, 1, [] {}));
    REQUIRE(workers.post(WorkClass::kClient, 60, [&] { order.push_back('c'); }));
    CHECK_FALSE(workers.post(WorkClass::kClient, 41, [] {}));
    REQUIRE(workers.post(WorkClass::kClient, 40, [&] { order.push_back('c'); }));
    REQUIRE(workers.post(WorkClass::kServing, 0, [&] { order.push_back('s'); }));
    CHECK_FALSE(workers.post(WorkClass::kServing, 0, [] {}));
    REQUIRE(workers.post(WorkClass::kServingFollowers, 0, [&] { order.push_back('f'); }));
    CHECK(workers.waiting() == 8);
    gate.set_value();
    // The longest queue's last task: all others are done by then.
    while (!workers.post(WorkClass::kGossip, 0, [&] { all_done.set_value(); })) {
        std::this_thread::yield();
    }
    all_done.get_future().wait();
    CHECK(std::string(order.begin(), order.end()) == "sfcgcggg");
}
