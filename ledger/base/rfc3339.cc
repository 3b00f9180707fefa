#include "ledger/base/rfc3339.h"

#include <chrono>
#include <optional>

#include "ledger/base/assert.h"

namespace sanquan {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::size_t kTextBytesMax = 64;

// Takes `count` digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t count) {
    if (text.size() < count) {
        return std::nullopt;
    }
    int number = 0;
    for (const char c : text.substr(0, count)) {
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        number = number * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return number;
}

// Takes one of `allowed` off the front.
std::optional<char> take_one_of(std::string_view& text, std::string_view allowed) {
    if (text.empty() || allowed.find(text.front()) == std::string_view::npos) {
        return std::nullopt;
    }
    const char c = text.front();
    text.remove_prefix(1);
    return c;
}

std::optional<std::int64_t> take_days(std::string_view& text) {
    const auto year = take_number(text, 4);
    const auto first = take_one_of(text, "-");
    const auto month = take_number(text, 2);
    const auto second = take_one_of(text, "-");
    const auto day = take_number(text, 2);
    if (!year || !first || !month || !second || !day) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date(std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok()) {
        return std::nullopt;
    }
    return std::chrono::sys_days(date).time_since_epoch().count();
}

std::optional<std::int64_t> take_clock(std::string_view& text) {
    const auto hour = take_number(text, 2);
    const auto first = take_one_of(text, ":");
    const auto minute = take_number(text, 2);
    const auto second = take_one_of(text, ":");
    const auto seconds = take_number(text, 2);
    if (!hour || !first || !minute || !second || !seconds || *hour > 23 || *minute > 59 ||
        *seconds > 59) {
        return std::nullopt;
    }
    if (take_one_of(text, ".")) {
        if (!take_number(text, 1)) {
            return std::nullopt;
        }
        while (take_number(text, 1)) {
        }
    }
    return *hour * 3'600 + *minute * 60 + *seconds;
}

std::optional<std::int64_t> take_offset(std::string_view& text) {
    const auto sign = take_one_of(text, "Zz+-");
    if (!sign) {
        return std::nullopt;
    }
    if (*sign == 'Z' || *sign == 'z') {
        return 0;
    }
    const auto hour = take_number(text, 2);
    const auto colon = take_one_of(text, ":");
    const auto minute = take_number(text, 2);
    if (!hour || !colon || !minute || *hour > 23 || *minute > 59) {
        return std::nullopt;
    }
    const std::int64_t seconds = *hour * 3'600 + *minute * 60;
    return *sign == '+' ? seconds : -seconds;
}

void append_number(std::string& text, std::int64_t number, std::size_t width) {
    const std::string digits = std::to_string(number);
    text.append(width - digits.size(), '0').append(digits);
}

}  // namespace

Result<std::int64_t> parse_rfc3339(std::string_view text) {
    const auto refusal = fail(Code::kBadEncoding, "expected a time such as 2026-01-31T08:00:00Z");
    if (text.size() > kTextBytesMax) {
        return refusal;
    }
    const auto days = take_days(text);
    if (!days || !take_one_of(text, "Tt ")) {
        return refusal;
    }
    const auto clock = take_clock(text);
    if (!clock) {
        return refusal;
    }
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) {
        return refusal;
    }
    return *days * kSecondsPerDay + *clock - *offset;
}

std::string format_rfc3339(std::int64_t seconds) {
    const std::chrono::sys_seconds instant{std::chrono::seconds(seconds)};
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date(day);
    const std::int64_t clock = (instant - day).count();
    const int year = static_cast<int>(date.year());
    SANQUAN_ASSERT(year >= 0 && year <= 9'999);
    std::string text;
    append_number(text, year, 4);
    append_number(text.append("-"), static_cast<unsigned>(date.month()), 2);
    append_number(text.append("-"), static_cast<unsigned>(date.day()), 2);
    append_number(text.append("T"), clock / 3'600, 2);
    append_number(text.append(":"), clock / 60 % 60, 2);
    append_number(text.append(":"), clock % 60, 2);
    return text.append("Z");
}

}  // namespace sanquan
