// The right operand of dateTime constraints: xsd:dateTime with a time zone, as milliseconds since
// the epoch.
#pragma once

#include <string_view>

#include "ledger/base/ids.h"
#include "ledger/base/result.h"

namespace sanquan::contracts {

// "2026-01-31T08:00:00Z", "2026-01-31T08:00:00.250+08:00": years 1970 to 9999, at most
// milliseconds, no leap second; one without a zone is refused, since nodes may not guess it.
// kConstraintMalformed.
Result<TimeMs> parse_date_time(std::string_view text);

}  // namespace sanquan::contracts
