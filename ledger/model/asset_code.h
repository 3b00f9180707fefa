// Asset code 资产编码: region (6 digits, GB/T 2260), sector (3 characters), serial (8 digits),
// check character.
//
//   530000 S01 00000042 D
//
// The check character follows ISO/IEC 7064 MOD 37,36: it finds every single wrong character and
// nearly every swap of neighbours. The serial counts per region and sector and never falls, so a
// code is never given twice.
#pragma once

#include <string>
#include <string_view>

#include "ledger/base/result.h"

namespace sanquan {

constexpr std::size_t kRegionBytes = 6;
constexpr std::size_t kSectorBytes = 3;
constexpr std::size_t kAssetSerialDigits = 8;
constexpr std::size_t kAssetCodeBytes = kRegionBytes + kSectorBytes + kAssetSerialDigits + 1;
constexpr std::uint64_t kAssetSerialMax = 99'999'999;

struct AssetCode {
    std::string region;
    std::string sector;
    std::uint64_t serial = 0;
    auto operator<=>(const AssetCode&) const = default;
};

// The ISO/IEC 7064 MOD 37,36 check character of `text`, which holds 0-9 and A-Z only (asserted).
char check_character(std::string_view text);

// True for six digits that do not begin with zero.
bool is_region_shape(std::string_view region);

// True for one capital letter and two digits, such as "S01" or the pilot sector "P07".
bool is_sector_shape(std::string_view sector);

// The 18 characters of a code whose parts have their shapes and whose serial is 1 to
// kAssetSerialMax (asserted).
std::string format(const AssetCode& code);

// Splits a code and verifies its shape and check character; kBadAssetCode.
Result<AssetCode> parse_asset_code(std::string_view text);

// The sector within a well-formed code; empty when the text is too short to hold one.
std::string_view sector_of(std::string_view asset_code);

// The region within a well-formed code; empty when the text is too short to hold one.
std::string_view region_of(std::string_view asset_code);

}  // namespace sanquan
