// Goal: a follower of /v1/events misses no block and sees none twice, whatever is cut, and hears of an alarm. Method:
// gateways over fake ledgers that grow and diverge on demand; libsanquan follows.
#include <boost/json/parse.hpp>
#include <future>

#include "node/gateway/event_stream.h"
#include "tests/support/catch.h"
#include "tests/unit/gateway/test_server.h"

namespace sanquan::node {
namespace {

using client::LedgerEvent;
using Ids = std::vector<std::string>;

constexpr std::chrono::seconds kIdle{20};

client::HttpRequest resume_after(const std::string& id, const std::string& target = "/v1/events") {
    client::HttpRequest request;
    request.target = target;
    request.headers.emplace_back("Last-Event-ID", id);
    return request;
}

TEST_CASE("a follower whose node goes away resumes at the next one where it stood",
          "[gateway][events]") {
    Server first;
    Server second;
    first.ledger.grow_to(3);
    second.ledger.grow_to(5);
    client::LedgerClient client(first.ledger.chain(), {first.address, second.address});
    Ids ids;
    const Status status = client.follow(0, [&](const LedgerEvent& event) {
        ids.push_back(event.id);
        if (event.id == "3") {
            first.gateway.reset();  // with its connections
        }
        return event.id != "5";
    });
    REQUIRE(status);
    CHECK(ids == Ids{"1", "2", "3", "4", "5"});
}

TEST_CASE("Last-Event-ID is where a cut stream goes on, and wins over ?after=",
          "[gateway][events]") {
    Server server;
    server.ledger.grow_to(4);
    client::HttpClient http(server.address);
    for (const char* target : {"/v1/events", "/v1/events?after=0"}) {
        std::string text;
        REQUIRE(http.stream(resume_after("2", target), kIdle, [&](std::string_view piece) {
            text += piece;
            return text.find("id: 4\n") == std::string::npos;
        }));
        CHECK(text.starts_with("id: 3\nevent: block\ndata: {"));
        CHECK(text.find("id: 2\n") == std::string::npos);
    }
    // At the head: nothing until there is a next block.
    std::string text;
    REQUIRE(http.stream(resume_after("3"), kIdle, [&](std::string_view piece) {
        text += piece;
        server.ledger.grow_to(5);
        return text.find("id: 5\n") == std::string::npos;
    }));
    CHECK(text.starts_with("id: 4\n"));
}

TEST_CASE("a block that is slow to read holds up no other block's event", "[gateway][events]") {
    FakeLedger ledger;
    ledger.grow_to(2);
    EventTexts texts;
    std::promise<void> reading;
    std::promise<void> go_on;
    auto told = go_on.get_future();
    ledger.before_reading([&](Height height) {
        if (height == Height{1}) {
            reading.set_value();
            told.wait_for(kIdle);
        }
    });
    auto slow = std::async(std::launch::async, [&] { return texts.of(ledger, Height{1}); });
    REQUIRE(reading.get_future().wait_for(kIdle) == std::future_status::ready);
    auto quick = std::async(std::launch::async, [&] { return texts.of(ledger, Height{2}); });
    CHECK(quick.wait_for(kIdle / 2) == std::future_status::ready);
    go_on.set_value();
    CHECK(quick.get().has_value());
    CHECK(slow.get().has_value());
}

TEST_CASE("a malformed place to resume at is refused, not taken for the beginning",
          "[gateway][events]") {
    Server server;
    client::HttpClient http(server.address);
    for (const char* id : {"abc", "-1", "+1", "1x", "0x1", "1.0", "18446744073709551616"}) {
        INFO(id);
        std::vector<client::HttpRequest> requests = {resume_after(id), resume_after(id)};
        requests[1].headers.clear();
        requests[1].target = "/v1/events?after=" + (*id == '+' ? "%2B1" : std::string(id));
        for (const auto& request : requests) {
            const auto refused = http.request(request, kIdle);
            REQUIRE(refused);
            CHECK(refused->status == 400);
            CHECK(refused->content_type == "application/problem+json");
            CHECK(client::problem_error(*refused).code == Code::kBadRequest);
        }
    }
}

TEST_CASE("a node that found another result tells its followers, each once", "[gateway][events]") {
    Server server;
    const std::string where = "block 7: state_root, key balance/X-EX/CNY";
    // From the beginning to `end`, which is made when the block before it has come.
    const auto follow_to = [&](std::uint64_t end) {
        auto client = server.client();
        std::vector<LedgerEvent> events;
        REQUIRE(client.follow(0, [&](const LedgerEvent& event) {
            events.push_back(event);
            if (event.id == std::to_string(end - 1)) {
                server.ledger.grow_to(end);
            }
            return event.id != std::to_string(end);
        }));
        return events;
    };
    const auto alarms = [](const std::vector<LedgerEvent>& events) {
        return std::count_if(events.begin(), events.end(),
                             [](const auto& event) { return event.type == "alarm"; });
    };
    server.ledger.grow_to(2);
    CHECK(alarms(follow_to(3)) == 0);
    server.ledger.diverge(where);
    const auto events = follow_to(4);
    REQUIRE(alarms(events) == 1);
    CHECK(events[0].type == "alarm");
    CHECK(events[0].data.at("alarm").as_string() == where);
    CHECK(events.back().type == "block");
}

TEST_CASE("an alarm reaches streams that are open already", "[gateway][events]") {
    Server server;
    server.ledger.grow_to(2);
    auto client = server.client();
    std::vector<std::string> types;
    REQUIRE(client.follow(1, [&](const LedgerEvent& event) {
        types.push_back(event.type);
        server.ledger.diverge("block 2: receipts_root");
        return event.type != "alarm";
    }));
    CHECK(types == std::vector<std::string>{"block", "alarm"});
}

}  // namespace
}  // namespace sanquan::node
