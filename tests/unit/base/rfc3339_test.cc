// Goal: times are read and written one way, whatever the machine's zone. Method: known instants,
// refusals, round trips.
#include "ledger/base/rfc3339.h"

#include "tests/support/catch.h"

namespace sanquan {
namespace {

TEST_CASE("instants are read", "[base][rfc3339]") {
    CHECK(parse_rfc3339("1970-01-01T00:00:00Z").value() == 0);
    CHECK(parse_rfc3339("2024-02-29T23:59:59Z").value() == 1'709'251'199);
    CHECK(parse_rfc3339("2024-04-01T08:00:00.999+08:00").value() == 1'711'929'600);
    CHECK(parse_rfc3339("2024-03-31T19:30:00-04:30").value() == 1'711'929'600);
    CHECK(parse_rfc3339("9999-12-31T23:59:59Z").value() == 253'402'300'799);
}

TEST_CASE("other spellings are refused", "[base][rfc3339]") {
    for (const char* text :
         {"", "now", "2024-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z",
          "2024-01-01", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00", "2024-01-01T00:00:60Z",
          "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00ZZ", "2024-1-1T00:00:00Z",
          "2024-01-01T00:00:00+8", "+024-01-01T00:00:00Z"}) {
        CAPTURE(text);
        CHECK(parse_rfc3339(text).error().code == Code::kBadEncoding);
    }
    CHECK_FALSE(parse_rfc3339("2024-01-01T00:00:00." + std::string(100'000, '0') + "Z"));
}

TEST_CASE("instants are written as they are read", "[base][rfc3339]") {
    for (const std::int64_t seconds :
         {0LL, 951'782'400LL, 1'709'251'199LL, 253'402'300'799LL, -1LL}) {
        CHECK(parse_rfc3339(format_rfc3339(seconds)).value() == seconds);
    }
    CHECK(format_rfc3339(1'709'251'199) == "2024-02-29T23:59:59Z");
}

}  // namespace
}  // namespace sanquan
