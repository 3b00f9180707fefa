// The unified social credit code of legal persons and other organisations, GB 32100-2015.
//
// grammar: registration authority (1) || category (1) || division (6 digits) || organisation code (9) || check (1), all
// from 0-9 and A-Z without I, O, S, V, Z. Upper case only: one spelling per organisation.
#pragma once

#include <string_view>

#include "ledger/base/result.h"

namespace sanquan {

// Whether `code` has the form and the right check character; kBadSocialCreditCode.
Status check_social_credit_code(std::string_view code);

// The check character of the first 17 characters (GB 32100-2015, annex C.1: weights 3^i modulo 31);
// kBadSocialCreditCode.
Result<char> social_credit_check_character(std::string_view first_seventeen);

}  // namespace sanquan
