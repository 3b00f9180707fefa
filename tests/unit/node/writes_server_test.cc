// Goal: questions for a past block's writes cost at most one execution at a time and one a second for a peer.
// Method: a queue that the test runs by hand, and moments that it chooses.
#include "node/catchup/writes_server.h"

#include <stdexcept>
#include <utility>

#include "tests/support/catch.h"

using namespace sanquan;
using namespace sanquan::node;

TEST_CASE("writes of past blocks are served one at a time, once a second, and remembered",
          "[node][writes]") {
    int executed = 0;
    bool has_room = true;
    std::vector<std::function<void()>> tasks;
    std::vector<std::uint64_t> sent;
    WritesServer server(
        {[&](Height height) -> Result<WritesMessage> {
             ++executed;
             return WritesMessage{height, {}};
         },
         [&](std::function<void()> task) {
             if (has_room) {
                 tasks.push_back(std::move(task));
             }
             return has_room;
         },
         [&](PeerNumber number, const SharedFrame&) { sent.push_back(number.value); }});
    const auto run_all = [&] {
        for (auto& task : std::exchange(tasks, {})) {
            task();
        }
    };
    const auto peer = [](std::uint8_t key) {
        PeerInfo info;
        info.number = PeerNumber{key};
        info.key.octets[0] = key;
        info.pinned = true;
        return info;
    };
    const WritesServer::Clock::time_point now{};
    server.ask(peer(1), Height{5}, now);
    server.ask(peer(2), Height{6}, now);  // one at a time
    CHECK(tasks.size() == 1);
    run_all();
    CHECK(sent == std::vector<std::uint64_t>{1});
    server.ask(peer(1), Height{6}, now + std::chrono::milliseconds(999));  // once a second
    CHECK(tasks.empty());
    server.ask(peer(3), Height{5}, now);  // known: no execution
    CHECK(sent == std::vector<std::uint64_t>{1, 3});
    CHECK(executed == 1);
    has_room = false;
    server.ask(peer(1), Height{6}, now + std::chrono::seconds(1));
    has_room = true;
    server.ask(peer(4), Height{6}, now + std::chrono::seconds(1));  // nothing is left busy
    run_all();
    CHECK(sent == std::vector<std::uint64_t>{1, 3, 4});
    CHECK(executed == 2);
}

TEST_CASE("an execution that throws leaves the server free for the next question",
          "[node][writes]") {
    bool throws = true;
    int sent = 0;
    WritesServer server({[&](Height height) -> Result<WritesMessage> {
                             if (throws) {
                                 throw std::runtime_error("no memory");
                             }
                             return WritesMessage{height, {}};
                         },
                         [](const std::function<void()>& task) {
                             try {
                                 task();
                             } catch (const std::runtime_error&) {
                                 return true;  // as the workers do
                             }
                             return true;
                         },
                         [&](PeerNumber, const SharedFrame&) { ++sent; }});
    PeerInfo peer;
    peer.pinned = true;
    server.ask(peer, Height{5}, WritesServer::Clock::time_point{});
    throws = false;
    server.ask(peer, Height{5}, WritesServer::Clock::time_point{} + std::chrono::seconds(2));
    CHECK(sent == 1);
}
