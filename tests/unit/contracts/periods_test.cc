// Goal: notice periods end when people expect it. Method: dates from the calendar of 2027 (1 January is a Friday).
#include "contracts/periods.h"

#include "contracts/explain.h"
#include "tests/support/catch.h"

namespace sanquan::contracts {
namespace {

constexpr std::uint64_t kHourMs = 3'600'000;
constexpr std::uint64_t kFridayNoonInChina = 1'798'776'000'000;  // 2027-01-01T04:00:00Z

}  // namespace

TEST_CASE("times are written in ISO 8601", "[contracts][explain]") {
    CHECK(iso_time(TimeMs{0}) == "1970-01-01T00:00:00.000Z");
    CHECK(iso_time(TimeMs{951'782'400'000}) == "2000-02-29T00:00:00.000Z");
    CHECK(iso_time(TimeMs{kFridayNoonInChina}) == "2027-01-01T04:00:00.000Z");
    CHECK(iso_time(TimeMs{4'102'444'799'999}) == "2099-12-31T23:59:59.999Z");
    CHECK(iso_time(TimeMs{253'402'300'799'999}) == "9999-12-31T23:59:59.999Z");
    CHECK(iso_time(TimeMs{253'402'300'800'000}) == "253402300800000");
}

TEST_CASE("a demo period is a second", "[contracts][periods]") {
    CHECK(add_periods(ChainProfile::kDemo, TimeMs{5}, 3).value == 3'005);
}

TEST_CASE("a production period is a working day in China", "[contracts][periods]") {
    const auto end = [](std::uint64_t from, std::uint64_t count) {
        return iso_time(add_periods(ChainProfile::kProduction, TimeMs{from}, count));
    };
    // From Friday noon: one working day ends with Monday, midnight in China being 16:00 UTC.
    CHECK(end(kFridayNoonInChina, 1) == "2027-01-04T16:00:00.000Z");
    CHECK(end(kFridayNoonInChina, 5) == "2027-01-08T16:00:00.000Z");
    CHECK(end(kFridayNoonInChina, 6) == "2027-01-11T16:00:00.000Z");
    // Friday 23:30 in China and Saturday 00:30 in China, both Friday in UTC.
    CHECK(end(kFridayNoonInChina + 11 * kHourMs + kHourMs / 2, 1) == "2027-01-04T16:00:00.000Z");
    CHECK(end(kFridayNoonInChina + 12 * kHourMs + kHourMs / 2, 1) == "2027-01-04T16:00:00.000Z");
    // No period: the day itself ends.
    CHECK(end(kFridayNoonInChina, 0) == "2027-01-01T16:00:00.000Z");
}

TEST_CASE("a fact is cut at a character", "[contracts][explain]") {
    std::string text;
    while (text.size() < 300) {
        text += "数据";
    }
    const Fact cut = fact("name", text);
    CHECK(cut.value.size() == 159 + 3);
    CHECK(cut.value.ends_with("…"));
}

}  // namespace sanquan::contracts
