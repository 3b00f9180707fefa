#include "ledger/base/text.h"

#include <algorithm>
#include <array>
#include <optional>

namespace sanquan {
namespace {

struct Decoded {
    char32_t point = 0;
    std::size_t length = 0;
};

constexpr Decoded kMalformed{};

bool is_continuation(std::uint8_t octet) { return (octet & 0xc0U) == 0x80U; }

// The first code point of `bytes`, which are not empty, by the table of RFC 3629, section 4; length 0 when there is none.
Decoded decode_one(ByteView bytes) {
    const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
    const std::uint8_t lead = at(0);
    if (lead < 0x80U) {
        return {lead, 1};
    }
    const std::size_t length = lead >= 0xf0U ? 4 : lead >= 0xe0U ? 3 : 2;
    if (lead < 0xc2U || lead > 0xf4U || bytes.size() < length) {
        return kMalformed;
    }
    char32_t point = lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if (!is_continuation(at(i))) {
            return kMalformed;
        }
        point = (point << 6U) | (at(i) & 0x3fU);
    }
    const bool overlong = (length == 3 && point < 0x800U) || (length == 4 && point < 0x10000U);
    const bool surrogate = point >= 0xd800U && point <= 0xdfffU;
    if (overlong || surrogate || point > 0x10ffffU) {
        return kMalformed;
    }
    return {point, length};
}

enum class Kind : std::uint8_t {
    kLineBreakOrTab,  // U+0009, U+000A
    kSpace,           // white space other than U+0020
    kJoiner,          // joiners and variation selectors: change how neighbours look
    kRefused,  // controls, bidirectional and invisible characters, private use, noncharacters
};

struct Range {
    char32_t first;
    char32_t last;
    Kind kind;
};

// Sorted; what lies in no range is visible text. A fixed table, not a library's: an update must not fork a chain.
constexpr auto kRanges = std::to_array<Range>({
    {0x0000, 0x0008, Kind::kRefused},  // C0 controls
    {0x0009, 0x000a, Kind::kLineBreakOrTab},
    {0x000b, 0x001f, Kind::kRefused},
    {0x007f, 0x009f, Kind::kRefused},  // DEL and C1 controls
    {0x00a0, 0x00a0, Kind::kSpace},    // no-break space
    {0x00ad, 0x00ad, Kind::kRefused},  // soft hyphen
    {0x034f, 0x034f, Kind::kRefused},  // combining grapheme joiner
    {0x061c, 0x061c, Kind::kRefused},  // Arabic letter mark (bidirectional)
    {0x115f, 0x1160, Kind::kRefused},  // Hangul fillers
    {0x1680, 0x1680, Kind::kSpace},    // Ogham space
    {0x17b4, 0x17b5, Kind::kRefused},  // invisible Khmer vowels
    {0x180b, 0x180d, Kind::kJoiner},   // Mongolian variation selectors
    {0x180e, 0x180e, Kind::kRefused},  // Mongolian vowel separator
    {0x180f, 0x180f, Kind::kJoiner},
    {0x2000, 0x200a, Kind::kSpace},       // en quad to hair space
    {0x200b, 0x200b, Kind::kRefused},     // zero-width space
    {0x200c, 0x200d, Kind::kJoiner},      // zero-width (non-)joiner
    {0x200e, 0x200f, Kind::kRefused},     // directional marks
    {0x2028, 0x202e, Kind::kRefused},     // separators, embeddings and overrides
    {0x202f, 0x202f, Kind::kSpace},       // narrow no-break space
    {0x205f, 0x205f, Kind::kSpace},       // mathematical space
    {0x2060, 0x206f, Kind::kRefused},     // word joiner, invisible operators, isolates
    {0x2800, 0x2800, Kind::kRefused},     // blank Braille pattern
    {0x3000, 0x3000, Kind::kSpace},       // ideographic space
    {0x3164, 0x3164, Kind::kRefused},     // Hangul filler
    {0xe000, 0xf8ff, Kind::kRefused},     // private use
    {0xfdd0, 0xfdef, Kind::kRefused},     // noncharacters
    {0xfe00, 0xfe0f, Kind::kJoiner},      // variation selectors
    {0xfeff, 0xfeff, Kind::kRefused},     // byte order mark
    {0xffa0, 0xffa0, Kind::kRefused},     // half-width Hangul filler
    {0xfff0, 0xfffd, Kind::kRefused},     // annotation controls, replacement characters
    {0x13430, 0x1345f, Kind::kRefused},   // Egyptian format controls
    {0x1bca0, 0x1bca3, Kind::kRefused},   // shorthand format controls
    {0x1d159, 0x1d159, Kind::kRefused},   // null notehead
    {0x1d173, 0x1d17a, Kind::kRefused},   // musical format controls
    {0xe0000, 0xe00ff, Kind::kRefused},   // tags
    {0xe0100, 0xe01ef, Kind::kJoiner},    // ideographic variation selectors
    {0xe01f0, 0xe0fff, Kind::kRefused},   // default ignorable
    {0xf0000, 0x10ffff, Kind::kRefused},  // private use
});

std::optional<Kind> kind_of(char32_t point) {
    if ((point & 0xfffeU) == 0xfffeU) {
        return Kind::kRefused;  // the last two of every plane are noncharacters
    }
    const auto* found =
        std::lower_bound(kRanges.begin(), kRanges.end(), point,
                         [](const Range& range, char32_t value) { return range.last < value; });
    if (found == kRanges.end() || point < found->first) {
        return std::nullopt;
    }
    return found->kind;
}

std::string spelled(char32_t point) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string text = "U+";
    for (unsigned shift = point > 0xffffU ? 24 : 16; shift != 0; shift -= 4) {
        text.push_back(kDigits[(point >> (shift - 4)) & 15U]);
    }
    return text;
}

Status check_characters(std::string_view text, bool is_name) {
    for (std::size_t at = 0; at < text.size();) {
        const Decoded decoded = decode_one(text.substr(at));
        if (decoded.length == 0) {
            return fail(Code::kBadUtf8, "at byte " + std::to_string(at));
        }
        const auto kind = kind_of(decoded.point);
        if (kind && (is_name || *kind == Kind::kRefused)) {
            return fail(Code::kBadText, spelled(decoded.point) + " at byte " + std::to_string(at));
        }
        at += decoded.length;
    }
    return {};
}

Status check_length(std::string_view text, std::size_t bytes_max) {
    if (text.size() > bytes_max) {
        return fail(Code::kTooLong,
                    std::to_string(text.size()) + " bytes, at most " + std::to_string(bytes_max));
    }
    return {};
}

}  // namespace

Status check_utf8(ByteView bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const Decoded decoded = decode_one(bytes.substr(at));
        if (decoded.length == 0) {
            return fail(Code::kBadUtf8, "at byte " + std::to_string(at));
        }
        at += decoded.length;
    }
    return {};
}

Status check_name(std::string_view text, std::size_t bytes_max) {
    SANQUAN_TRY(check_length(text, bytes_max));
    if (text.empty()) {
        return fail(Code::kBadText, "a name has at least one character");
    }
    SANQUAN_TRY(check_characters(text, /*is_name=*/true));
    if (text.front() == ' ' || text.back() == ' ') {
        return fail(Code::kBadText, "a name neither begins nor ends with a space");
    }
    return {};
}

Status check_free_text(std::string_view text, std::size_t bytes_max) {
    SANQUAN_TRY(check_length(text, bytes_max));
    return check_characters(text, /*is_name=*/false);
}

}  // namespace sanquan
