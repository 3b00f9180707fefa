// What went wrong: a stable code and the circumstances.
//
// The codes stand in codes/*.def, one line each, with an English and a Chinese sentence; docs/CODES.md is generated
// from the same lines. A code's number and name never change once released.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sanquan {

// Groups tell the caller what follows from a refusal.
enum class CodeGroup : std::uint8_t {
    kOk,            // nothing is wrong
    kMalformed,     // the bytes themselves are wrong; sending them again cannot help
    kUnauthorised,  // the sender may not do this
    kConflict,      // the ledger's state does not allow it now
    kExpired,       // too late or too early
    kLimit,         // a bound or quota was reached
    kOperating,     // this node or machine failed; another node may succeed
};

enum class Code : std::uint32_t {
#define SANQUAN_CODE(name, number, text, group, english, chinese) name = number,
#include "ledger/base/codes/all.def"
#undef SANQUAN_CODE
};

struct CodeInfo {
    Code code;
    std::string_view text;  // "SIG_INVALID": what APIs and receipts show
    CodeGroup group;
    std::string_view english;
    std::string_view chinese;
};

// The entry of `code`; every enumerator has one.
const CodeInfo& info(Code code);

// The code with this number, if there is one (numbers arrive from the wire).
std::optional<Code> code_from_number(std::uint32_t number);

inline std::string_view text(Code code) { return info(code).text; }

struct Error {
    Code code = Code::kInternal;
    std::string context;  // which value, which limit, what to do; never a secret
};

// "SIG_INVALID: signature 2 of 3 does not verify"
std::string to_string(const Error& error);

}  // namespace sanquan
