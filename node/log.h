// Structured one-line logs: "time level event key=value ...", with everything odd in a value escaped.
//
// Every transaction's way is told by log_step: grep a digest and read the ten steps of docs/TRANSACTION_WALK.md in
// order. Thread-safe. Secrets never enter a field.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

#include "ledger/base/ids.h"
#include "ledger/base/result.h"

namespace sanquan::node {

enum class LogLevel : int { kTrace, kDebug, kInfo, kWarn, kError };

struct LogField {
    LogField(std::string_view field_name, std::string_view text) : name(field_name), value(text) {}
    LogField(std::string_view field_name, std::uint64_t number)
        : name(field_name), value(std::to_string(number)) {}
    template <typename Tag, typename Number>
    LogField(std::string_view field_name, StrongNumber<Tag, Number> number)
        : name(field_name), value(std::to_string(number.value)) {}

    std::string_view name;
    std::string value;
};

// Sets level and sink once, before threads start; an empty `file` means standard error. kIo, kBadConfig.
Status start_log(std::string_view level, const std::filesystem::path& file);

[[nodiscard]] bool log_enabled(LogLevel level);

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

// One of the ten steps of a transaction's way, at debug level.
void log_step(int step, const TransactionId& id, Height height, View view);

// `value` with control characters, quotes, backslashes and invalid UTF-8 escaped, in quotes when it has spaces.
std::string escape_log_value(std::string_view value);

}  // namespace sanquan::node
