// Goal: connections that only wait cannot keep others out; busy ones keep their seats.
// Method: fill a gate to its caps and let one more in.
#include "node/gateway/admission_gate.h"

#include <vector>

#include "tests/support/catch.h"

using sanquan::node::AdmissionGate;

namespace {

constexpr std::size_t kAll = 4;
constexpr std::size_t kPerAddress = 3;

}  // namespace

TEST_CASE("at its cap an address gives up its longest waiting connection", "[gateway][gate]") {
    AdmissionGate gate({kAll, kPerAddress, 1, 1, 1});
    std::vector<int> evicted;
    std::vector<AdmissionGate::Seat> seats;
    for (int i = 0; i < 3; ++i) {
        seats.push_back(gate.enter("a", [&evicted, i] { evicted.push_back(i); }));
        REQUIRE(seats.back());
    }
    SECTION("the oldest") {
        CHECK(gate.enter("a", [] {}));
        CHECK(evicted == std::vector<int>{0});
    }
    SECTION("not while it is busy") {
        seats[0].set_busy(true);
        CHECK(gate.enter("a", [] {}));
        CHECK(evicted == std::vector<int>{1});
    }
    SECTION("none when all are busy, until one waits again") {
        for (auto& seat : seats) {
            seat.set_busy(true);
        }
        CHECK_FALSE(gate.enter("a", [] {}));
        seats[2].set_busy(false);
        CHECK(gate.enter("a", [] {}));
        CHECK(evicted == std::vector<int>{2});
    }
}

TEST_CASE("work is charged when it is done, into debt, and members have a larger budget",
          "[gateway][gate]") {
    AdmissionGate gate({kAll, kPerAddress, 1, /*requests_per_second=*/1, /*burst=*/10});
    const AdmissionGate::Clock::time_point start{};
    CHECK(gate.can_spend("a", start));
    gate.charge("a", 1'000, start);  // no deeper than the budget
    CHECK_FALSE(gate.can_spend("a", start + std::chrono::milliseconds(10'900)));
    CHECK(gate.can_spend("a", start + std::chrono::milliseconds(11'100)));
    gate.charge_member("a", 150, start);
    CHECK(gate.member_can_spend("a", start));
    gate.charge_member("a", 150, start);
    CHECK_FALSE(gate.member_can_spend("a", start));
    CHECK(gate.can_spend("b", start));
}

TEST_CASE("event streams are bounded for all addresses together", "[gateway][gate]") {
    AdmissionGate gate({kAll, kPerAddress, 1, 1, 1, /*event_streams_max=*/2});
    CHECK(gate.enter_stream("a"));
    CHECK_FALSE(gate.enter_stream("a"));
    CHECK(gate.enter_stream("b"));
    CHECK_FALSE(gate.enter_stream("c"));
    gate.leave_stream("a");
    CHECK(gate.enter_stream("c"));
}

TEST_CASE("at the gate's cap the address with most connections gives one up", "[gateway][gate]") {
    AdmissionGate gate({kAll, kPerAddress, 1, 1, 1});
    std::vector<char> evicted;
    std::vector<AdmissionGate::Seat> seats;
    seats.push_back(gate.enter("quiet", [&] { evicted.push_back('q'); }));
    for (int i = 0; i < 3; ++i) {
        seats.push_back(gate.enter("loud", [&] { evicted.push_back('l'); }));
    }
    const auto late = gate.enter("new", [] {});
    CHECK(late);
    CHECK(evicted == std::vector<char>{'l'});
    // The evicted session gives back a seat that it no longer has: nothing changes.
    seats.clear();
    for (int i = 0; i < 3; ++i) {
        seats.push_back(gate.enter("loud", [&] { evicted.push_back('l'); }));
        CHECK(seats.back());
    }
    CHECK(evicted.size() == 1);
}
