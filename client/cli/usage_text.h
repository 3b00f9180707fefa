// What is wrong with a command line, in Chinese: CLI11 tells it in English only.
#pragma once

#include <string>

namespace CLI {
class ParseError;
}

namespace sanquan::cli {

// The same fact as error.what(), with the flags and values as they were typed.
std::string chinese_usage(const CLI::ParseError& error);

}  // namespace sanquan::cli
