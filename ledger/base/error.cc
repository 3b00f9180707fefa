#include "ledger/base/error.h"

#include <algorithm>
#include <array>

#include "ledger/base/assert.h"

namespace sanquan {
namespace {

constexpr auto kCodes = std::to_array<CodeInfo>({
#define SANQUAN_CODE(name, number, text, group, english, chinese) \
    {Code::name, text, CodeGroup::group, english, chinese},
#include "ledger/base/codes/all.def"
#undef SANQUAN_CODE
});

}  // namespace

std::optional<Code> code_from_number(std::uint32_t number) {
    const auto* found = std::find_if(kCodes.begin(), kCodes.end(), [&](const CodeInfo& entry) {
        return static_cast<std::uint32_t>(entry.code) == number;
    });
    return found == kCodes.end() ? std::nullopt : std::optional(found->code);
}

const CodeInfo& info(Code code) {
    const auto* found = std::find_if(kCodes.begin(), kCodes.end(),
                                     [&](const CodeInfo& entry) { return entry.code == code; });
    SANQUAN_ASSERT(found != kCodes.end());
    return *found;
}

std::string to_string(const Error& error) {
    std::string line(text(error.code));
    if (!error.context.empty()) {
        line += ": ";
        line += error.context;
    }
    return line;
}

}  // namespace sanquan
