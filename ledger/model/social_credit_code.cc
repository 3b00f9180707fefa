#include "ledger/model/social_credit_code.h"

#include <string>

namespace sanquan {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::size_t kCodeLength = 18;
constexpr std::size_t kDivisionBegin = 2;
constexpr std::size_t kDivisionEnd = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Result<char> social_credit_check_character(std::string_view first_seventeen) {
    if (first_seventeen.size() != kCodeLength - 1) {
        return fail(Code::kBadSocialCreditCode,
                    "expected 17 characters before the check character");
    }
    std::size_t sum = 0;
    std::size_t weight = 1;
    for (std::size_t i = 0; i < first_seventeen.size(); ++i) {
        const char c = first_seventeen[i];
        const std::size_t value = kAlphabet.find(c);
        const bool in_division = i >= kDivisionBegin && i < kDivisionEnd;
        if (value == std::string_view::npos || (in_division && !is_digit(c))) {
            return fail(Code::kBadSocialCreditCode,
                        "character " + std::to_string(i + 1) + " is not allowed there");
        }
        sum += value * weight;
        weight = weight * 3 % kAlphabet.size();
    }
    return kAlphabet[(kAlphabet.size() - sum % kAlphabet.size()) % kAlphabet.size()];
}

Status check_social_credit_code(std::string_view code) {
    if (code.size() != kCodeLength) {
        return fail(Code::kBadSocialCreditCode, "expected 18 characters");
    }
    SANQUAN_TRY_ASSIGN(const char expected,
                       social_credit_check_character(code.substr(0, kCodeLength - 1)));
    if (code.back() != expected) {
        return fail(Code::kBadSocialCreditCode, "the check character does not fit");
    }
    return {};
}

}  // namespace sanquan
