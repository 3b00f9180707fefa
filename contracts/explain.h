// Facts: the named values that a receipt shows, written the same way by every contract.
#pragma once

#include <string>

#include "contracts/contract.h"
#include "ledger/base/amount.h"

namespace sanquan::contracts {

// Text from input is cut at a character border so that a receipt stays small.
Fact fact(std::string_view name, std::string_view value);
Fact fact(std::string_view name, std::uint64_t value);
Fact fact(std::string_view name, TimeMs value);  // "2017-06-30T12:00:00.000Z"
Fact fact(std::string_view name, Amount value);  // minor units, decimal
Fact hex_fact(std::string_view name, ByteView value);
inline Fact fact(std::string_view name, const char* value) {
    return fact(name, std::string_view(value));
}
inline Fact fact(std::string_view name, const std::string& value) {
    return fact(name, std::string_view(value));
}

// The refusal that an Error of a check without state is: its code, with the context as fact "why".
Verdict refuse(const Error& error, std::string_view field);

// Passes when `status` holds; else its error as a refusal that names `field`.
Verdict pass_or_refuse(const Status& status, std::string_view field);

// ISO 8601 in UTC with milliseconds; years above 9999 are written as the plain number of
// milliseconds.
std::string iso_time(TimeMs time);

}  // namespace sanquan::contracts

// Returns the refusal of `expression` to the caller, if there is one.
#define SANQUAN_TRY_PASS(expression)                                        \
    do {                                                                    \
        if (::sanquan::contracts::Verdict sanquan_verdict = (expression)) { \
            return sanquan_verdict;                                         \
        }                                                                   \
    } while (false)
