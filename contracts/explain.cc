#include "contracts/explain.h"

#include <array>

namespace sanquan::contracts {
namespace {

constexpr std::size_t kFactBytesMax = 160;

void append_padded(std::string& text, std::uint64_t value, std::size_t digits) {
    const std::string plain = std::to_string(value);
    text.append(digits > plain.size() ? digits - plain.size() : 0, '0').append(plain);
}

}  // namespace

Fact fact(std::string_view name, std::string_view value) {
    if (value.size() <= kFactBytesMax) {
        return {std::string(name), std::string(value)};
    }
    std::size_t end = kFactBytesMax;
    while (end > 0 && (static_cast<std::uint8_t>(value[end]) & 0xC0U) == 0x80) {
        --end;
    }
    return {std::string(name), std::string(value.substr(0, end)) + "…"};
}

Fact fact(std::string_view name, std::uint64_t value) {
    return {std::string(name), std::to_string(value)};
}

Fact fact(std::string_view name, TimeMs value) { return {std::string(name), iso_time(value)}; }

Fact fact(std::string_view name, Amount value) { return {std::string(name), value.to_string()}; }

Fact hex_fact(std::string_view name, ByteView value) {
    return fact(name, to_hex(value.substr(0, kFactBytesMax / 2)));
}

Verdict refuse(const Error& error, std::string_view field) {
    return refuse(error.code, {fact("field", field), fact("why", error.context)});
}

Verdict pass_or_refuse(const Status& status, std::string_view field) {
    return status ? kPass : refuse(status.error(), field);
}

std::string iso_time(TimeMs time) {
    constexpr std::uint64_t kDayMs = 86'400'000;
    constexpr std::uint64_t kYear10000Ms = 253'402'300'800'000;
    if (time.value >= kYear10000Ms) {
        return std::to_string(time.value);
    }
    // Days to a proleptic Gregorian date, counted from 0000-03-01 in eras of 400 years.
    const std::uint64_t days = time.value / kDayMs + 719'468;
    const std::uint64_t day_of_era = days % 146'097;
    const std::uint64_t year_of_era =
        (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::uint64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::uint64_t shifted_month = (5 * day_of_year + 2) / 153;
    const std::uint64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    std::string text;
    append_padded(text, year_of_era + days / 146'097 * 400 + (month <= 2 ? 1 : 0), 4);
    append_padded(text.append("-"), month, 2);
    append_padded(text.append("-"), day_of_year - (153 * shifted_month + 2) / 5 + 1, 2);
    const std::uint64_t in_day = time.value % kDayMs;
    append_padded(text.append("T"), in_day / 3'600'000, 2);
    append_padded(text.append(":"), in_day / 60'000 % 60, 2);
    append_padded(text.append(":"), in_day / 1'000 % 60, 2);
    append_padded(text.append("."), in_day % 1'000, 3);
    return text.append("Z");
}

}  // namespace sanquan::contracts
