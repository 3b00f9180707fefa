#include "contracts/periods.h"

namespace sanquan::contracts {
namespace {

constexpr std::uint64_t kDayMs = 86'400'000;
constexpr std::uint64_t kChinaOffsetMs = 28'800'000;

}  // namespace

TimeMs add_periods(ChainProfile profile, TimeMs from, std::uint64_t count) {
    if (profile == ChainProfile::kDemo) {
        return TimeMs{from.value + count * 1'000};
    }
    std::uint64_t day = (from.value + kChinaOffsetMs) / kDayMs;
    for (std::uint64_t left = count; left > 0;) {
        ++day;
        const std::uint64_t weekday = (day + 4) % 7;  // 0 is Sunday; day 0 was a Thursday
        if (weekday != 0 && weekday != 6) {
            --left;
        }
    }
    return TimeMs{(day + 1) * kDayMs - kChinaOffsetMs};
}

}  // namespace sanquan::contracts
