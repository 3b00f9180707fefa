// Goal: text is UTF-8 and arrives unchanged or is refused. Method: naughty strings through JSON and
// the name policy; the GB18030 and Big5 tables, four-byte ranges too, as UTF-8 (taken) and as their own bytes (refused).
#include <sstream>

#include "ledger/base/text.h"
#include "ledger/codec/strict_json.h"
#include "tests/support/catch.h"
#include "tests/vectors/vector_support.h"

namespace sanquan::vectors_test {
namespace {

std::string utf8(std::uint32_t point) {
    const auto octet = [](std::uint32_t value) {
        return static_cast<char>(static_cast<std::uint8_t>(value));
    };
    if (point < 0x80) {
        return {octet(point)};
    }
    if (point < 0x800) {
        return {octet(0xc0U | point >> 6U), octet(0x80U | (point & 0x3fU))};
    }
    if (point < 0x10000) {
        return {octet(0xe0U | point >> 12U), octet(0x80U | (point >> 6U & 0x3fU)),
                octet(0x80U | (point & 0x3fU))};
    }
    return {octet(0xf0U | point >> 18U), octet(0x80U | (point >> 12U & 0x3fU)),
            octet(0x80U | (point >> 6U & 0x3fU)), octet(0x80U | (point & 0x3fU))};
}

struct Row {
    std::uint32_t pointer;
    std::uint32_t point;
};

// Rows "pointer<TAB>0xPOINT<TAB>…" of an index of the Encoding Standard.
std::vector<Row> index_rows(const std::string& path, std::size_t rows_min = 10'000) {
    std::istringstream lines(read_file(path));
    std::vector<Row> rows;
    std::string line;
    while (std::getline(lines, line)) {
        if (!line.empty() && line.front() != '#') {
            std::istringstream fields(line);
            Row row{};
            fields >> row.pointer >> std::hex >> row.point;
            rows.push_back(row);
        }
    }
    REQUIRE(rows.size() > rows_min);
    return rows;
}

// Two bytes by the pointer: `trails` trail bytes per lead, a gap between 0x7e and `second`.
Bytes two_bytes(std::uint32_t pointer, std::uint32_t trails, std::uint32_t second_half) {
    const std::uint32_t lead = pointer / trails + 0x81U;
    const std::uint32_t trail = pointer % trails;
    const std::uint32_t offset = trail < 0x3fU ? 0x40U : second_half;
    return {static_cast<char>(static_cast<std::uint8_t>(lead)),
            static_cast<char>(static_cast<std::uint8_t>(trail + offset))};
}

void check_table(const std::string& path, std::uint32_t trails, std::uint32_t second_half) {
    std::size_t taken_by_accident = 0;
    const auto rows = index_rows(path);
    for (const Row& row : rows) {
        const std::string text = utf8(row.point);
        if (!check_utf8(text)) {
            FAIL("U+" << std::hex << row.point << " is refused as UTF-8");
        }
        const Bytes foreign = two_bytes(row.pointer, trails, second_half);
        // Two bytes such as C3 80 are well-formed in both; nobody can tell those apart.
        taken_by_accident += check_utf8(foreign).has_value() ? 1U : 0U;
    }
    INFO(taken_by_accident << " of " << rows.size());
    CHECK(taken_by_accident * 10 < rows.size());
}

TEST_CASE("Encoding Standard: GB18030 characters are text, GB18030 bytes are not",
          "[vectors][text]") {
    check_table("whatwg-encoding/index-gb18030.txt", 190, 0x41U);
}

// The Encoding Standard's pointer of a four-byte sequence, backwards.
Bytes four_bytes(std::uint32_t pointer) {
    const auto octet = [](std::uint32_t value) {
        return static_cast<char>(static_cast<std::uint8_t>(value));
    };
    return {octet(pointer / 12'600 + 0x81U), octet(pointer / 1'260 % 10 + 0x30U),
            octet(pointer / 10 % 126 + 0x81U), octet(pointer % 10 + 0x30U)};
}

TEST_CASE("Encoding Standard: GB18030's four-byte ranges are text, their bytes are not",
          "[vectors][text]") {
    const auto rows = index_rows("whatwg-encoding/index-gb18030-ranges.txt", 200);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        // The first and the last character of the range; the last range is taken by its first.
        const std::uint32_t length = i + 1 < rows.size() && rows[i + 1].point < 0x10000
                                         ? rows[i + 1].pointer - rows[i].pointer
                                         : 1;
        for (const std::uint32_t step : {0U, length - 1}) {
            CAPTURE(rows[i].point, step);
            CHECK(check_utf8(utf8(rows[i].point + step)));
            CHECK(check_utf8(four_bytes(rows[i].pointer + step)).error().code == Code::kBadUtf8);
        }
    }
}

TEST_CASE("Encoding Standard: Big5 characters are text, Big5 bytes are not", "[vectors][text]") {
    check_table("whatwg-encoding/index-big5.txt", 157, 0x62U);
}

TEST_CASE("naughty strings arrive unchanged or are refused", "[vectors][text]") {
    const json::value document = read_json("blns/blns-split.dev.json");
    std::size_t names = 0;
    for (const json::value& item : document.as_array()) {
        const std::string text(item.as_string());
        CAPTURE(to_hex(text));
        const auto parsed = parse_strict_json(json::serialize(item));
        REQUIRE(parsed);
        CHECK(std::string(parsed->as_string()) == text);
        const auto answer = ask({{"op", "utf8.check"}, {"raw", to_hex(text)}});
        CHECK(is_ok(answer));
        const auto verdict = text_of(answer.at("out").as_object(), "name");
        CHECK((verdict == "OK") == check_name(text).has_value());
        // Nothing that moves a cursor or a log line ever passes as a name.
        if (verdict == "OK") {
            ++names;
            for (const char* hidden : {"\n", "\r", "\x1b", "\t", "\xe2\x80\xae", "\xe2\x80\x8b",
                                       "\xef\xbb\xbf", "\xe2\x81\xa6"}) {
                CHECK(text.find(hidden) == std::string::npos);
            }
        }
    }
    CHECK(names > 100);
}

// Own list (reliability.md, section 4): what Chinese text brings.
TEST_CASE("Chinese text: taken as it is or refused, never changed", "[vectors][text]") {
    for (const char* taken : {"\U00020000\U0002A6D6", "\U00031350", "未", "末", "己巳已",
                              "ＡＢ１２", "豈更", "数据交易所（上海）"}) {
        CAPTURE(taken);
        CHECK(check_name(taken));
    }
    for (const char* refused :
         {"葛\U000E0100", "数据\u3000交易", "数\u200d据", "\u202e据数", "中\u2060国"}) {
        CAPTURE(refused);
        CHECK(check_name(refused).error().code == Code::kBadText);
    }
    // GBK bytes read as Latin-1 and sent as UTF-8 (mojibake) are well-formed: only a person can
    // tell.
    CHECK(check_utf8("ÖÐ¹ú"));
    CHECK(check_utf8("\xd6\xd0\xb9\xfa").error().code == Code::kBadUtf8);
    CHECK(check_utf8("\x81\x39\xef\x30").error().code == Code::kBadUtf8);
}

}  // namespace
}  // namespace sanquan::vectors_test
