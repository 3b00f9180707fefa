// Goal: codes, ids, amounts and names have one spelling. Method: what is accepted is written back as it came.
#include "ledger/base/amount.h"
#include "ledger/base/text.h"
#include "ledger/model/asset_code.h"
#include "ledger/model/organisation_id.h"
#include "ledger/model/social_credit_code.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = sanquan::fuzz::input(data, size);
    if (const auto amount = sanquan::Amount::parse(text)) {
        REQUIRE_THAT(amount->to_string() == text);
    }
    if (const auto amount = sanquan::Amount::decode(text)) {
        REQUIRE_THAT(amount->encode() == text);
    }
    if (const auto code = sanquan::parse_asset_code(text)) {
        REQUIRE_THAT(sanquan::format(*code) == text);
    }
    if (const auto bytes = sanquan::from_hex(text)) {
        REQUIRE_THAT(sanquan::to_hex(*bytes) == text);
    }
    if (sanquan::check_social_credit_code(text)) {
        REQUIRE_THAT(sanquan::check_organisation_id(text).has_value());
        REQUIRE_THAT(sanquan::social_credit_check_character(text.substr(0, 17)).value() ==
                     text[17]);
    }
    if (sanquan::check_name(text)) {
        REQUIRE_THAT(sanquan::check_utf8(text).has_value());
        REQUIRE_THAT(sanquan::check_free_text(text).has_value());
    }
    return 0;
}
