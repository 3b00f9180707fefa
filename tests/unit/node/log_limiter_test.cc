// Goal: a flood of one warning is one line a second with a count, and hides no other. Method: a clock by hand.
#include "node/log_limiter.h"

#include "tests/support/catch.h"

using sanquan::node::LogLimiter;

TEST_CASE("one line per event and second, and the rest counted", "[node][log]") {
    LogLimiter limiter;
    const LogLimiter::Clock::time_point start{};
    CHECK(limiter.admit("frame_refused", start) == 0U);
    for (int i = 0; i < 500; ++i) {
        CHECK_FALSE(limiter.admit("frame_refused", start + std::chrono::milliseconds(i)));
    }
    CHECK(limiter.admit("few_descriptors", start) == 0U);
    CHECK(limiter.admit("frame_refused", start + std::chrono::seconds(1)) == 500U);
    CHECK(limiter.admit("frame_refused", start + std::chrono::seconds(3)) == 0U);
}
