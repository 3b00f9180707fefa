// Goal: hexadecimal has one spelling, and every code is listed once. Method: round trips and refusals.
#include "ledger/base/bytes.h"

#include <set>

#include "tests/support/catch.h"

namespace sanquan {
namespace {

TEST_CASE("hexadecimal round trip and refusals", "[base][bytes]") {
    CHECK(to_hex(Bytes("\x00\xab\xff", 3)) == "00abff");
    CHECK(from_hex("00abff").value() == Bytes("\x00\xab\xff", 3));
    for (const auto* bad : {"0", "AB", "0g", "0x", " 0"}) {
        CAPTURE(bad);
        CHECK(from_hex(bad).error().code == Code::kBadHex);
    }
}

TEST_CASE("codes have distinct texts and both languages", "[base][codes]") {
    std::set<std::string_view> texts;
    for (std::uint32_t number = 0; number < 8000; ++number) {
        if (const auto code = code_from_number(number)) {
            const CodeInfo& entry = info(*code);
            CAPTURE(entry.text);
            CHECK(texts.insert(entry.text).second);
            CHECK_FALSE(entry.english.empty());
            CHECK_FALSE(entry.chinese.empty());
        }
    }
    CHECK(texts.contains("OK"));
}

}  // namespace
}  // namespace sanquan
