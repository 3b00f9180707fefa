#include "node/log.h"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <mutex>

#include "node/log_limiter.h"

namespace sanquan::node {
namespace {

// BOUND: of one log file, and how many full ones are kept beside it (node.1.log is the newest).
constexpr std::size_t kLogBytesMax = 64U << 20U;
constexpr std::size_t kOldLogs = 5;

// For warnings, which peers and clients can cause at will.
std::optional<std::uint64_t> admit_warning(std::string_view event) {
    static std::mutex mutex;
    static LogLimiter limiter;
    const std::lock_guard lock(mutex);
    return limiter.admit(event, LogLimiter::Clock::now());
}

spdlog::level::level_enum native(LogLevel level) {
    switch (level) {
        case LogLevel::kTrace:
            return spdlog::level::trace;
        case LogLevel::kDebug:
            return spdlog::level::debug;
        case LogLevel::kInfo:
            return spdlog::level::info;
        case LogLevel::kWarn:
            return spdlog::level::warn;
        case LogLevel::kError:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

// Length of the well-formed UTF-8 sequence at `text`, 0 when there is none (RFC 3629).
std::size_t utf8_length(std::string_view text) {
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = octet(0);
    const std::size_t length = first < 0x80                    ? 1
                               : first >= 0xC2 && first < 0xE0 ? 2
                               : first >= 0xE0 && first < 0xF0 ? 3
                               : first >= 0xF0 && first < 0xF5 ? 4
                                                               : 0;
    if (length == 0 || length > text.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((octet(i) & 0xC0U) != 0x80) {
            return 0;
        }
    }
    if ((first == 0xE0 && octet(1) < 0xA0) || (first == 0xED && octet(1) >= 0xA0) ||
        (first == 0xF0 && octet(1) < 0x90) || (first == 0xF4 && octet(1) >= 0x90)) {
        return 0;
    }
    return length;
}

// C1 controls and the bidirectional marks that can reorder what an operator reads.
bool is_deceptive(std::string_view sequence) {
    return (sequence.size() == 2 && sequence[0] == '\xC2' &&
            static_cast<unsigned char>(sequence[1]) < 0xA0) ||
           (sequence.size() == 3 && sequence[0] == '\xE2' &&
            (sequence[1] == '\x80' || sequence[1] == '\x81'));
}

}  // namespace

std::string escape_log_value(std::string_view value) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    bool quoted = value.empty();
    const auto escape = [&](char c) {
        const auto octet = static_cast<unsigned char>(c);
        out += {'\\', 'x', kDigits[octet >> 4U], kDigits[octet & 15U]};
    };
    while (!value.empty()) {
        const std::size_t length = utf8_length(value);
        const std::string_view sequence = value.substr(0, std::max<std::size_t>(length, 1));
        const char c = sequence.front();
        if (length == 0 || is_deceptive(sequence)) {
            for (const char part : sequence) {
                escape(part);
            }
        } else if (length == 1 && (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)) {
            escape(c);
        } else if (c == '"' || c == '\\') {
            out += {'\\', c};
        } else {
            quoted = quoted || c == ' ' || c == '=';
            out += sequence;
        }
        value.remove_prefix(sequence.size());
    }
    return quoted ? '"' + out + '"' : out;
}

Status start_log(std::string_view level, const std::filesystem::path& file) {
    try {
        auto logger = file.empty() ? spdlog::stderr_logger_mt("sanquan")
                                   : spdlog::rotating_logger_mt("sanquan", file.string(),
                                                                kLogBytesMax, kOldLogs);
        logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
        logger->set_level(spdlog::level::from_str(std::string(level)));
        logger->flush_on(spdlog::level::info);
        spdlog::set_default_logger(std::move(logger));
    } catch (const spdlog::spdlog_ex& error) {
        return fail(Code::kIo, std::string("log: ") + error.what());
    }
    return {};
}

bool log_enabled(LogLevel level) { return spdlog::should_log(native(level)); }

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    if (!log_enabled(level)) {
        return;
    }
    const auto left_out =
        level == LogLevel::kWarn ? admit_warning(event) : std::optional<std::uint64_t>(0);
    if (!left_out) {
        return;
    }
    std::string line(event);
    for (const LogField& field : fields) {
        line += ' ';
        line += field.name;
        line += '=';
        line += escape_log_value(field.value);
    }
    if (*left_out > 0) {
        line += " left_out=" + std::to_string(*left_out);
    }
    spdlog::log(native(level), "{}", line);
}

void log_step(int step, const TransactionId& id, Height height, View view) {
    if (log_enabled(LogLevel::kDebug)) {
        log(LogLevel::kDebug, "step",
            {{"tx", id.short_hex()},
             {"height", height},
             {"view", view},
             {"step", static_cast<std::uint64_t>(step)}});
    }
}

}  // namespace sanquan::node
