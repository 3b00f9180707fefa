#include "ledger/model/asset_code.h"

#include <algorithm>

#include "ledger/base/assert.h"

namespace sanquan {

namespace {

constexpr int kModulus = 36;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

int value_of(char c) { return is_digit(c) ? c - '0' : c - 'A' + 10; }

}  // namespace

char check_character(std::string_view text) {
    int product = kModulus;
    for (const char c : text) {
        SANQUAN_ASSERT(is_digit(c) || is_capital(c));
        int sum = (product + value_of(c)) % kModulus;
        sum = sum == 0 ? kModulus : sum;
        product = sum * 2 % (kModulus + 1);
    }
    const int check = (kModulus + 1 - product) % kModulus;
    return static_cast<char>(check < 10 ? '0' + check : 'A' + check - 10);
}

bool is_region_shape(std::string_view region) {
    return region.size() == kRegionBytes && all_digits(region) && region[0] != '0';
}

bool is_sector_shape(std::string_view sector) {
    return sector.size() == kSectorBytes && is_capital(sector[0]) && all_digits(sector.substr(1));
}

std::string format(const AssetCode& code) {
    SANQUAN_ASSERT(is_region_shape(code.region) && is_sector_shape(code.sector));
    SANQUAN_ASSERT(code.serial >= 1 && code.serial <= kAssetSerialMax);
    const std::string digits = std::to_string(code.serial);
    std::string text = code.region + code.sector;
    text.append(kAssetSerialDigits - digits.size(), '0');
    text += digits;
    text += check_character(text);
    return text;
}

Result<AssetCode> parse_asset_code(std::string_view text) {
    if (text.size() != kAssetCodeBytes) {
        return fail(Code::kBadAssetCode, "an asset code has 18 characters");
    }
    const std::string_view region = region_of(text);
    const std::string_view sector = sector_of(text);
    const std::string_view serial = text.substr(kRegionBytes + kSectorBytes, kAssetSerialDigits);
    if (!is_region_shape(region) || !is_sector_shape(sector) || !all_digits(serial)) {
        return fail(Code::kBadAssetCode, "region, sector or serial is malformed");
    }
    if (text.back() != check_character(text.substr(0, kAssetCodeBytes - 1))) {
        return fail(Code::kBadAssetCode, "the check character does not fit");
    }
    AssetCode code{std::string(region), std::string(sector), 0};
    for (const char c : serial) {
        code.serial = code.serial * 10 + static_cast<std::uint64_t>(c - '0');
    }
    if (code.serial == 0) {
        return fail(Code::kBadAssetCode, "serials begin at 1");
    }
    return code;
}

std::string_view sector_of(std::string_view asset_code) {
    return asset_code.size() < kRegionBytes + kSectorBytes
               ? std::string_view()
               : asset_code.substr(kRegionBytes, kSectorBytes);
}

std::string_view region_of(std::string_view asset_code) {
    return asset_code.size() < kRegionBytes ? std::string_view()
                                            : asset_code.substr(0, kRegionBytes);
}

}  // namespace sanquan
