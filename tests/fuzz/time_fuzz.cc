// Goal: a written time means one instant everywhere. Method: what is accepted is written back and read again; the two
// readers (files and ODRL constraints) never differ on a text that both take.
#include "contracts/odrl_time.h"
#include "ledger/base/rfc3339.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = sanquan::fuzz::input(data, size);
    constexpr std::int64_t kFirst = -62'167'219'200;  // 0000-01-01T00:00:00Z
    constexpr std::int64_t kLast = 253'402'300'799;   // 9999-12-31T23:59:59Z
    const auto seconds = sanquan::parse_rfc3339(text);
    if (seconds && *seconds >= kFirst && *seconds <= kLast) {
        const auto again = sanquan::parse_rfc3339(sanquan::format_rfc3339(*seconds));
        REQUIRE_THAT(again.has_value());
        REQUIRE_THAT(*again == *seconds);
    }
    if (const auto time = sanquan::contracts::parse_date_time(text)) {
        REQUIRE_THAT(time->value <= 253'402'300'799'999U + 24U * 3'600'000U);
        REQUIRE_THAT(!seconds || *seconds == static_cast<std::int64_t>(time->value / 1'000));
    }
    return 0;
}
