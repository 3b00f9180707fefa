#include "contracts/odrl_time.h"

#include <array>

namespace sanquan::contracts {

namespace {

// Reads fixed-width numbers and punctuation from the front of a text; `ok` turns false at the first
// surprise.
struct Reader {
    std::string_view rest;
    bool ok = true;

    std::int64_t digits(std::size_t count) {
        if (rest.size() < count) {
            ok = false;
            return 0;
        }
        std::int64_t value = 0;
        for (const char c : rest.substr(0, count)) {
            ok = ok && c >= '0' && c <= '9';
            value = value * 10 + (c - '0');
        }
        rest.remove_prefix(count);
        return value;
    }
    bool take(char expected) {
        if (rest.empty() || rest[0] != expected) {
            return false;
        }
        rest.remove_prefix(1);
        return true;
    }
    void need(char expected) { ok = take(expected) && ok; }
};

bool is_leap(std::int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

std::int64_t days_in_month(std::int64_t year, std::int64_t month) {
    constexpr std::array<std::int64_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

// Days from 1970-01-01 to a date of the Gregorian calendar.
std::int64_t days_since_epoch(std::int64_t year, std::int64_t month, std::int64_t day) {
    const std::int64_t before = year - 1;
    constexpr std::int64_t kDaysTo1970 = 719'162;
    std::int64_t days = before * 365 + before / 4 - before / 100 + before / 400 - kDaysTo1970;
    for (std::int64_t m = 1; m < month; ++m) {
        days += days_in_month(year, m);
    }
    return days + day - 1;
}

// Milliseconds after the decimal point; one to three digits.
std::int64_t read_fraction(Reader& reader) {
    std::int64_t value = 0;
    int digits = 0;
    while (digits < 3 && !reader.rest.empty() && reader.rest[0] >= '0' && reader.rest[0] <= '9') {
        value = value * 10 + reader.digits(1);
        ++digits;
    }
    reader.ok = reader.ok && digits > 0;
    for (; digits < 3; ++digits) {
        value *= 10;
    }
    return value;
}

// Minutes east of Greenwich.
std::int64_t read_zone(Reader& reader) {
    if (reader.take('Z')) {
        return 0;
    }
    const bool west = reader.take('-');
    if (!west) {
        reader.need('+');
    }
    const std::int64_t hours = reader.digits(2);
    reader.need(':');
    const std::int64_t minutes = reader.digits(2);
    reader.ok = reader.ok && hours <= 14 && minutes <= 59;
    const std::int64_t offset = hours * 60 + minutes;
    return west ? -offset : offset;
}

}  // namespace

Result<TimeMs> parse_date_time(std::string_view text) {
    Reader reader{text};
    const std::int64_t year = reader.digits(4);
    reader.need('-');
    const std::int64_t month = reader.digits(2);
    reader.need('-');
    const std::int64_t day = reader.digits(2);
    reader.need('T');
    const std::int64_t hour = reader.digits(2);
    reader.need(':');
    const std::int64_t minute = reader.digits(2);
    reader.need(':');
    const std::int64_t second = reader.digits(2);
    const std::int64_t milliseconds = reader.ok && reader.take('.') ? read_fraction(reader) : 0;
    const std::int64_t zone = read_zone(reader);
    const bool shape = reader.ok && reader.rest.empty() && year >= 1970 && month >= 1 &&
                       month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 59;
    if (!shape || day > days_in_month(year, month)) {
        return fail(Code::kConstraintMalformed, "not an xsd:dateTime with a time zone");
    }
    const std::int64_t minutes =
        days_since_epoch(year, month, day) * 1'440 + hour * 60 + minute - zone;
    const std::int64_t total = minutes * 60'000 + second * 1'000 + milliseconds;
    if (total < 0) {
        return fail(Code::kConstraintMalformed, "before 1970");
    }
    return TimeMs{static_cast<std::uint64_t>(total)};
}

}  // namespace sanquan::contracts
