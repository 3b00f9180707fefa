// Goal: who breaks the protocol again and again stays away longer each time, within a bound, and alone.
#include "node/net/penalty_box.h"

#include "tests/support/catch.h"

using namespace sanquan;
using namespace sanquan::node;

TEST_CASE("penalties grow up to a bound and are forgotten", "[node][penalty_box]") {
    PenaltyBox box;
    SpkiHash bad;
    bad.octets[0] = 1;
    const SpkiHash good;
    PenaltyBox::Clock::time_point now{};
    CHECK(box.remaining(bad, now) == PenaltyBox::Clock::duration::zero());
    PenaltyBox::Clock::duration expected = PenaltyBox::kFirst;
    for (int i = 0; i < 10; ++i) {
        CHECK(box.punish(bad, now) == expected);
        CHECK(box.punish(bad, now) == expected);  // the same connection, reported again
        CHECK(box.remaining(bad, now) == expected);
        CHECK(box.remaining(good, now) == PenaltyBox::Clock::duration::zero());
        now += expected;
        CHECK(box.remaining(bad, now) == PenaltyBox::Clock::duration::zero());
        expected = std::min<PenaltyBox::Clock::duration>(2 * expected, PenaltyBox::kLast);
    }
    CHECK(expected == PenaltyBox::kLast);
    now += PenaltyBox::kForgotten;
    CHECK(box.punish(bad, now) == PenaltyBox::kFirst);
}
