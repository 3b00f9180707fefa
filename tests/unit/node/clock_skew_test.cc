// Goal: a leader's clock that is wrong alarms before its proposals are refused; a slow network alone does not.
#include "node/runtime/clock_skew.h"

#include "tests/support/catch.h"

using namespace sanquan;
using namespace sanquan::node;

TEST_CASE("a proposal further ahead than half of the allowed drift alarms", "[node][clock_skew]") {
    ClockSkew skew(std::chrono::milliseconds(500));
    CHECK_FALSE(skew.note("a", TimeMs{10'000}, TimeMs{10'000}));
    CHECK_FALSE(skew.note("a", TimeMs{10'250}, TimeMs{10'000}));
    CHECK(skew.note("a", TimeMs{10'251}, TimeMs{10'000}));
    CHECK(skew.note("b", TimeMs{310'000}, TimeMs{10'000}));
    CHECK_FALSE(skew.note("c", TimeMs{5'000}, TimeMs{10'000}));
    CHECK(skew.ahead_ms() ==
          std::map<std::string, std::int64_t>{{"a", 251}, {"b", 300'000}, {"c", -5'000}});
}
