// Goal: names are well-formed and visible. Method: tables of accepted and refused text, every code point of the edges.
#include "ledger/base/text.h"

#include <vector>

#include "tests/support/catch.h"

namespace sanquan {
namespace {

std::string utf8(char32_t point) {
    const auto octet = [](char32_t value) {
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

TEST_CASE("every code point but the surrogates is well-formed", "[base][text]") {
    for (char32_t point = 0; point <= 0x10ffff; ++point) {
        const bool surrogate = point >= 0xd800 && point <= 0xdfff;
        if (check_utf8(utf8(point)).has_value() == surrogate) {
            FAIL("U+" << std::hex << static_cast<std::uint32_t>(point));
        }
    }
}

TEST_CASE("malformed UTF-8 is refused", "[base][text]") {
    const std::vector<std::string> cases = {
        "\x80",
        "\xbf",
        "\xc0\x80",
        "\xc1\xbf",
        "\xe0\x80\x80",
        "\xe0\x9f\xbf",
        "\xf0\x80\x80\x80",
        "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xff",
        "\xfe",
        "\xc2",
        "\xe4\xb8",
        "\xf0\x9f\x98",
        "\xe4\xb8 ",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "ok\xc3(",
        "\xd6\xd0\xb9\xfa",  // GBK 中国
        "\x95\x32\x82\x36",  // GB18030 U+20000
    };
    for (const auto& text : cases) {
        CAPTURE(to_hex(text));
        CHECK(check_utf8(text).error().code == Code::kBadUtf8);
        CHECK(check_name(text).error().code == Code::kBadUtf8);
        CHECK(check_free_text(text).error().code == Code::kBadUtf8);
    }
}

TEST_CASE("names that people use are taken", "[base][text]") {
    for (const auto* name : {"Power plants of 2024", "上海数据交易所", "𠀀𪛖", "未来/末来",
                             "Ünïcode", "데이터", "ＦＵＬＬ", "豈更車", "日本語", "a", "é", "😀"}) {
        CAPTURE(name);
        CHECK(check_name(name));
    }
    CHECK(check_name(std::string(limits::kNameBytesMax, 'n')));
}

TEST_CASE("names that hide something are refused", "[base][text]") {
    const std::vector<char32_t> hidden = {
        0x00,    0x09,    0x0a,    0x0d,    0x1b,    0x7f,     0x85,    0xa0,   0xad,    0x34f,
        0x61c,   0x115f,  0x1680,  0x180e,  0x2003,  0x200b,   0x200c,  0x200d, 0x200e,  0x200f,
        0x2028,  0x2029,  0x202a,  0x202e,  0x202f,  0x2060,   0x2066,  0x2069, 0x3000,  0x3164,
        0xe000,  0xf8ff,  0xfdd0,  0xfe0f,  0xfeff,  0xfffd,   0xfffe,  0xffff, 0x1fffe, 0x1d173,
        0xe0001, 0xe0020, 0xe0100, 0xf0000, 0xffffd, 0x10fffd, 0x10ffff};
    for (const char32_t point : hidden) {
        CAPTURE(static_cast<std::uint32_t>(point));
        CHECK(check_name("数" + utf8(point) + "据").error().code == Code::kBadText);
    }
    CHECK(check_name("").error().code == Code::kBadText);
    CHECK(check_name(" a").error().code == Code::kBadText);
    CHECK(check_name("a ").error().code == Code::kBadText);
    CHECK(check_name(std::string(limits::kNameBytesMax + 1, 'n')).error().code == Code::kTooLong);
}

TEST_CASE("descriptions take lines, spaces and joiners, not controls", "[base][text]") {
    CHECK(check_free_text(""));
    CHECK(check_free_text("two\nlines\tand a\u3000wide space"));
    CHECK(check_free_text("\U0001F468\u200D\U0001F469 \u2764\uFE0F"));
    for (const char32_t point :
         {U'\0', U'\r', U'\x1b', U'\x7f', U'\u202e', U'\u2066', U'\u200b', U'\ufeff', U'\ue000'}) {
        CAPTURE(static_cast<std::uint32_t>(point));
        CHECK(check_free_text("a" + utf8(point)).error().code == Code::kBadText);
    }
    CHECK(check_free_text(std::string(limits::kDescriptionBytesMax + 1, 'n')).error().code ==
          Code::kTooLong);
}

}  // namespace
}  // namespace sanquan
