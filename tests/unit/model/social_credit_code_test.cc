// Goal: codes are told from near misses. Method: published codes, every single-character change, bad forms.
#include "ledger/model/social_credit_code.h"

#include "tests/support/catch.h"

namespace sanquan {
namespace {

// Published codes of the Ministry's example (GB 32100-2015) and of listed companies.
constexpr const char* kCodes[] = {"91350100M000100Y43", "91110000600037341L", "91440300708461136T"};

TEST_CASE("published codes pass", "[model][social_credit_code]") {
    for (const auto* code : kCodes) {
        CAPTURE(code);
        CHECK(check_social_credit_code(code));
    }
}

TEST_CASE("one changed character is found", "[model][social_credit_code]") {
    constexpr std::string_view kAll =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz -";
    const std::string code = kCodes[0];
    for (std::size_t i = 0; i < code.size(); ++i) {
        for (const char c : kAll) {
            if (c != code[i]) {
                std::string changed = code;
                changed[i] = c;
                CAPTURE(changed);
                CHECK(check_social_credit_code(changed).error().code == Code::kBadSocialCreditCode);
            }
        }
    }
}

TEST_CASE("other forms are refused", "[model][social_credit_code]") {
    for (const std::string& code :
         {std::string(), std::string("91350100M000100Y4"), std::string("91350100M000100Y433"),
          std::string(18, '\0'), std::string("91350100m000100y43"), std::string(1'000'000, '9')}) {
        CHECK(check_social_credit_code(code).error().code == Code::kBadSocialCreditCode);
    }
    CHECK(social_credit_check_character("91350100M000100Y4").value() == '3');
    CHECK_FALSE(social_credit_check_character("9"));
}

}  // namespace
}  // namespace sanquan
