#include "client/cli/command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <iostream>

#include "client/cli/record_json.h"

namespace sanquan::cli {
namespace {

// Columns that a terminal gives to a UTF-8 text: CJK ideographs and full-width forms take two.
std::size_t display_width(const std::string& text) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        width += length >= 3 ? 2 : 1;
        i += length;
    }
    return width;
}

ExitCode exit_code_of(Code code) {
    switch (info(code).group) {
        case CodeGroup::kMalformed:
            return ExitCode::kUsage;
        case CodeGroup::kUnauthorised:
        case CodeGroup::kConflict:
        case CodeGroup::kExpired:
        case CodeGroup::kLimit:
            return ExitCode::kRefused;
        case CodeGroup::kOk:
        case CodeGroup::kOperating:
            break;
    }
    return ExitCode::kFailed;
}

std::string visible_lines(std::string_view text) {
    std::string shown;
    for (std::size_t start = 0; start <= text.size();) {
        const auto end = std::min(text.find('\n', start), text.size());
        shown += (start == 0 ? "" : "\n") + visible(text.substr(start, end - start));
        start = end + 1;
    }
    return shown;
}

// What to try next, for the failures that people meet most.
const char* advice(const Context& context, Code code) {
    if (code == Code::kUnreachable) {
        return context.say("sanquan network status   (is the network running?)",
                           "sanquan network status   （网络是否在运行？）");
    }
    if (code == Code::kBadProfile) {
        return context.say("sanquan --profile DIR …  or  export SANQUAN_PROFILE=DIR",
                           "sanquan --profile 目录 …  或  export SANQUAN_PROFILE=目录");
    }
    if (code == Code::kNoSigningKey) {
        return context.say("sanquan key list", "sanquan key list");
    }
    if (code == Code::kAuthenticationRequired) {
        return context.say("add --as ORGANISATION (one of `sanquan key list`)",
                           "加上 --as 机构（见 `sanquan key list`）");
    }
    if (code == Code::kForbidden) {
        return context.say("ask as a party of the record or as an auditor: --as ORGANISATION",
                           "请以记录的当事方或审计方身份查询：--as 机构");
    }
    if (code == Code::kBadAssetCode || code == Code::kNotFound) {
        return context.say("sanquan asset list | org list | market list   (what there is)",
                           "sanquan asset list | org list | market list   （查看已有记录）");
    }
    if (code == Code::kNoSuchResource) {
        return context.say("docs/openapi.yaml lists all paths; `sanquan --help` all commands",
                           "docs/openapi.yaml 列出全部路径，`sanquan --help` 列出全部命令");
    }
    if (code == Code::kExpired || code == Code::kTimeout) {
        return context.say("sanquan explain TXID   (what became of the transaction)",
                           "sanquan explain 交易编号   （查询交易结果）");
    }
    return nullptr;
}

}  // namespace

Result<client::Profile*> Context::profile() {
    if (!profile_) {
        SANQUAN_TRY_ASSIGN(profile_, client::load_profile(profile_dir));
    }
    return &*profile_;
}

Result<client::KeyRing*> Context::keys() {
    if (!keys_) {
        SANQUAN_TRY_ASSIGN(const auto* known, profile());
        keys_.emplace(known->keys_dir, known->passphrase_file);
    }
    return &*keys_;
}

Result<std::vector<client::NodeAddress>> Context::nodes() {
    SANQUAN_TRY_ASSIGN(auto found, all_nodes());
    if (node.empty()) {
        std::erase_if(found, [](const auto& address) { return address.audit; });
    }
    return found;
}

Result<std::vector<client::NodeAddress>> Context::all_nodes() {
    SANQUAN_TRY_ASSIGN(const auto* known, profile());
    if (node.empty()) {
        return known->nodes;
    }
    for (const auto& address : known->nodes) {
        if (address.name == node) {
            return std::vector<client::NodeAddress>{address};
        }
    }
    return fail(Code::kBadProfile, "the profile has no node '" + node + "'");
}

void report(Context& context, const Error& error) {
    const CodeInfo& code = info(error.code);
    context.exit = exit_code_of(error.code);
    if (context.json) {
        boost::json::object body{{"code", code.text},
                                 {"number", static_cast<std::uint32_t>(error.code)},
                                 {"en", code.english},
                                 {"zh", code.chinese},
                                 {"detail", error.context}};
        std::cout << boost::json::serialize(boost::json::object{{"error", std::move(body)}})
                  << std::endl;
        return;
    }
    std::cerr << paint(context, 'r', std::string(code.text)) << ": " << visible_lines(error.context)
              << "\n  " << (context.chinese ? code.chinese : code.english) << '\n';
    if (const char* next = advice(context, error.code)) {
        std::cerr << context.say("  next: ", "  下一步：") << next << '\n';
    }
}

void show(const Context& context, const boost::json::object& object, const std::string& text) {
    if (context.json) {
        std::cout << boost::json::serialize(object) << '\n';
    } else {
        std::cout << text;
        if (!text.empty() && text.back() != '\n') {
            std::cout << '\n';
        }
    }
    std::cout.flush();
}

std::string paint(const Context& context, char colour, const std::string& text) {
    if (!context.colour) {
        return text;
    }
    const char* start = colour == 'g'   ? "\x1b[32m"
                        : colour == 'r' ? "\x1b[31m"
                        : colour == 'y' ? "\x1b[33m"
                                        : "\x1b[1m";
    return start + text + "\x1b[0m";
}

std::string table(const Context& context, const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], display_width(row[i]));
        }
    }
    std::string text;
    for (std::size_t number = 0; number < rows.size(); ++number) {
        std::string line;
        for (std::size_t i = 0; i < rows[number].size(); ++i) {
            const auto& cell = rows[number][i];
            line += cell;
            if (i + 1 < rows[number].size()) {
                line.append(widths[i] - display_width(cell) + 2, ' ');
            }
        }
        text += (number == 0 ? paint(context, 'b', line) : line) + '\n';
    }
    return text;
}

std::string example_footer(const Context& context, const std::string& lines) {
    return std::string(context.say("Example:", "示例：")) + "\n  " + lines + "\n";
}

void on_call(CLI::App* app, Context& context, std::function<Status()> body) {
    app->callback([&context, body = std::move(body)] {
        const Status status = body();
        if (!status) {
            report(context, status.error());
        }
    });
}

Progress::Progress(const Context& context, std::string what)
    : visible_(!context.json && ::isatty(STDERR_FILENO) == 1),
      what_(std::move(what)),
      start_(std::chrono::steady_clock::now()),
      drawn_(start_) {}

void Progress::update(const std::string& state) {
    const auto now = std::chrono::steady_clock::now();
    if (!visible_ || now - start_ < std::chrono::seconds(2) ||
        now - drawn_ < std::chrono::milliseconds(200)) {
        return;
    }
    drawn_ = now;
    drawn_once_ = true;
    std::cerr << "\r\x1b[K" << what_ << ": " << state << std::flush;
}

Progress::~Progress() {
    if (drawn_once_) {
        std::cerr << "\r\x1b[K" << std::flush;
    }
}

}  // namespace sanquan::cli
