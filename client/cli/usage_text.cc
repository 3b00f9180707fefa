#include "client/cli/usage_text.h"

#include <CLI/CLI.hpp>
#include <array>
#include <regex>
#include <string_view>

namespace sanquan::cli {
namespace {

struct Phrase {
    const char* english;  // a regular expression over the whole message, or over one validator's
    const char* chinese;
};

// The messages of CLI11's Error.hpp and of the validators in use; the first that fits wins.
constexpr std::array kMessages = {
    Phrase{"A subcommand is required", "须给出子命令"},
    Phrase{"(.*) is required", "缺少必填项 $1"},
    Phrase{"The following arguments? (?:was|were) not expected: (.*)", "无法识别的参数：$1"},
    Phrase{"Could not convert: (.*) = (.*)", "$1 的取值无效：$2"},
    Phrase{"The value (.*) is not an allowed value for (.*)", "$2 不接受取值 $1"},
    Phrase{"Expected exactly (.*) arguments to (.*), got (.*)", "$2 须有 $1 个参数，实为 $3 个"},
    Phrase{"Expected at least (.*) arguments to (.*), got (.*)",
           "$2 至少须有 $1 个参数，实为 $3 个"},
    Phrase{"(.*): At least (.*) required but received (.*)", "$1 至少须有 $2 个值，实为 $3 个"},
    Phrase{"(.*): At Most (.*) required but received (.*)", "$1 至多可有 $2 个值，实为 $3 个"},
    Phrase{"(.*): (.*) required (.*) missing", "$1 缺少取值"},
    Phrase{"(.*) requires (.*)", "$1 须与 $2 同时给出"},
    Phrase{"(.*) excludes (.*)", "$1 不能与 $2 同时给出"},
    Phrase{"(.*): too many inputs for a flag", "$1 是开关，不接受取值"},
    Phrase{"(.*) was given a disallowed flag override", "$1 是开关，不接受取值"},
    Phrase{"(.*): (.*) not in \\{(.*)\\}", "$1 不接受取值 $2；可选：$3"},
    Phrase{"(.*): Value (.*) not in range (.*) to (.*)", "$1 的取值 $2 不在 $3 至 $4 之间"},
    Phrase{"(.*): '(.*)' is no height", "$1 的取值“$2”不是高度"},
};

}  // namespace

std::string chinese_usage(const CLI::ParseError& error) {
    const std::string text = error.what();
    for (const Phrase& phrase : kMessages) {
        std::smatch found;
        if (std::regex_match(text, found, std::regex(phrase.english))) {
            return found.format(phrase.chinese);
        }
    }
    return "命令行有误：" + text;
}

}  // namespace sanquan::cli
