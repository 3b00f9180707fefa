// Times as people and configuration files write them: RFC 3339, section 5.6.
//
// Locale and time zone of the machine play no part. The ledger itself counts milliseconds (TimeMs).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/base/result.h"

namespace sanquan {

// Seconds since the epoch, fractions cut off: "2026-01-31T08:00:00Z", "…08:00:00.5+08:00";
// kBadEncoding.
Result<std::int64_t> parse_rfc3339(std::string_view text);

// "2026-01-31T08:00:00Z"; for times from the year 0 to 9999.
std::string format_rfc3339(std::int64_t seconds);

}  // namespace sanquan
