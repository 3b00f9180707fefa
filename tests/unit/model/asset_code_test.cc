// Asset codes: round trip, the published example of the check scheme, every single wrong character
// is found.
#include "ledger/model/asset_code.h"

#include "tests/support/catch.h"

namespace sanquan {

TEST_CASE("The check character agrees with ISO 7064 MOD 37,36", "[model][asset_code]") {
    CHECK(check_character("A12425GABC1234002") == 'M');  // the example of the IFPI GRid standard
    CHECK(check_character("530000S0100000042") == 'A');
}

TEST_CASE("Asset codes survive formatting and parsing", "[model][asset_code]") {
    const AssetCode code{"530000", "S01", 42};
    CHECK(format(code) == "530000S0100000042A");
    const auto parsed = parse_asset_code("530000S0100000042A");
    REQUIRE(parsed.has_value());
    CHECK(*parsed == code);
    CHECK(sector_of("530000S0100000042A") == "S01");
    CHECK(region_of("530000S0100000042A") == "530000");
}

TEST_CASE("Every single wrong character of an asset code is found", "[model][asset_code]") {
    const std::string good = format({"530100", "P07", kAssetSerialMax});
    const std::string alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (std::size_t position = 0; position < good.size(); ++position) {
        for (const char c : alphabet) {
            std::string bad = good;
            bad[position] = c;
            CHECK(parse_asset_code(bad).has_value() == (bad == good));
        }
    }
}

TEST_CASE("Malformed asset codes are refused", "[model][asset_code]") {
    for (const std::string bad :
         {"", "530000S0100000042", "530000S0100000042AA", "530000s0100000042A",
          "030000S0100000042A", "530000-S01-0000042", "530000S01000000420"}) {
        INFO(bad);
        const auto parsed = parse_asset_code(bad);
        REQUIRE_FALSE(parsed.has_value());
        CHECK(parsed.error().code == Code::kBadAssetCode);
    }
    const std::string zero = "530000S0100000000";
    CHECK_FALSE(parse_asset_code(zero + check_character(zero)).has_value());
}

}  // namespace sanquan
