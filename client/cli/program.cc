#include "client/cli/program.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <utility>

#include "client/cli/command.h"
#include "client/cli/usage_text.h"
#include "client/lib/profile.h"

namespace sanquan::cli {
namespace {

constexpr std::string_view kProtocol =
    "1";  // /v1 of the API, "/v1" of the domains, format 1 of vouchers

constexpr const char* kExamples =
    "sanquan network create --validators 4 --dir net --kind demo\n"
    "  sanquan network start --dir net\n"
    "  export SANQUAN_PROFILE=net\n"
    "  sanquan status\n"
    "  sanquan org issue-money --as settlement-bank --to data-exchange --money 12500:CNY "
    "--reference b-1\n"
    "  sanquan submit --example register_asset > ops.json\n"
    "  sanquan submit --file ops.json\n"
    "  sanquan explain KEY_REVOKED --lang zh";
constexpr const char* kExitCodes =
    "Every command has --help with an example. Exit codes: 0 done; 1 a file, the network or this "
    "machine\n"
    "failed; 2 what was given is wrong; 3 the ledger or a verification said no.\n";
constexpr const char* kExitCodesZh =
    "每个命令都有带示例的 --help。退出码：0 完成；1 文件、网络或本机故障；2 输入有误；"
    "3 账本或验证拒绝。\n";

std::string version_text(const Context& context) {
    if (context.json) {
        return boost::json::serialize(boost::json::object{
            {"version", version()}, {"build", build_id()}, {"protocol", kProtocol}});
    }
    return "sanquan " + std::string(build_id()) + context.say("  protocol ", "  协议 ") +
           std::string(kProtocol);
}

void add_global_flags(CLI::App& app, Context& context) {
    const char* profile = std::getenv("SANQUAN_PROFILE");
    if (profile != nullptr) {
        context.profile_dir = profile;
    }
    app.set_help_flag("-h,--help", context.say("Print this page", "显示本页"));
    app.add_flag(
        "--json", context.json,
        context.say("One JSON object or line per result", "每个结果输出一个 JSON 对象或一行"));
    app.add_option_function<std::string>(
           "--lang", [&context](const std::string& value) { context.chinese = value == "zh"; },
           context.say("Language of texts: en or zh", "文本语言"))
        ->check(CLI::IsMember({"en", "zh"}));
    app.add_option("--profile", context.profile_dir,
                   context.say("Folder of client.toml (default: $SANQUAN_PROFILE or here)",
                               "client.toml 所在目录（默认 $SANQUAN_PROFILE 或当前目录）"));
    app.add_option("--node", context.node,
                   context.say("Ask this node of the profile only", "仅询问配置中的该节点"));
    app.add_flag_callback(
        "--version", [&context] { throw CLI::CallForVersion(version_text(context), 0); },
        context.say("Version, build and protocol", "版本、构建与协议"));
}

// CLI11's own words of a help page.
void name_headings(CLI::App& app, const Context& context) {
    if (!context.chinese) {
        return;
    }
    for (const auto& [english, chinese] :
         {std::pair("Usage", "用法"), std::pair("OPTIONS", "选项"),
          std::pair("SUBCOMMAND", "子命令"), std::pair("SUBCOMMANDS", "子命令"),
          std::pair("REQUIRED", "必填"), std::pair("Positionals", "参数"),
          std::pair("TEXT", "文本"), std::pair("UINT", "整数"),
          std::pair("Excludes", "不可同用")}) {
        app.get_formatter()->label(english, chinese);
    }
    for (CLI::Option* option : app.get_options()) {
        option->group("选项");
    }
    for (CLI::App* sub : app.get_subcommands([](CLI::App*) { return true; })) {
        sub->group("子命令");
        name_headings(*sub, context);
    }
}

// The value of the last `flag` on the command line, before it is parsed; empty without one.
std::string typed_value(int argc, const char* const* argv, const std::string& flag) {
    std::string found;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == flag && i + 1 < argc) {
            found = argv[i + 1];
        } else if (word.starts_with(flag + "=")) {
            found = word.substr(flag.size() + 1);
        }
    }
    return found;
}

// --lang, else the profile's `language`, else the environment: help is built in one language.
bool wants_chinese(int argc, const char* const* argv) {
    const std::string typed = typed_value(argc, argv, "--lang");
    if (typed == "en" || typed == "zh") {
        return typed == "zh";
    }
    std::string directory = typed_value(argc, argv, "--profile");
    if (const char* named = std::getenv("SANQUAN_PROFILE"); directory.empty()) {
        directory = named == nullptr ? "." : named;
    }
    if (const auto profile = client::load_profile(directory);
        profile && !profile->language.empty()) {
        return profile->language == "zh";
    }
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* value = std::getenv(name);
        if (value != nullptr && *value != '\0') {
            return std::string_view(value).starts_with("zh");
        }
    }
    return false;
}

std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < right.size(); ++j) {
            const std::size_t changed = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

bool takes_value(const CLI::App* app, const std::string& flag) {
    for (; app != nullptr; app = app->get_parent()) {
        if (const auto* option = app->get_option_no_throw(flag)) {
            return option->get_items_expected_max() > 0;
        }
    }
    return false;
}

// "'lsit' is no command of `sanquan asset`; …", when a word stands where a command should.
std::string unknown_command(const Context& context, const CLI::App& root, int argc,
                            const char* const* argv) {
    const CLI::App* app = &root;
    std::string path = "sanquan";
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word.starts_with("-")) {
            i += word.find('=') == std::string::npos && takes_value(app, word) ? 1 : 0;
            continue;
        }
        const auto all = app->get_subcommands([](const CLI::App*) { return true; });
        if (all.empty()) {
            return {};
        }
        std::string names;
        std::string nearest;
        const CLI::App* chosen = nullptr;
        for (const CLI::App* sub : all) {
            const std::string& name = sub->get_name();
            chosen = name == word ? sub : chosen;
            names += (names.empty() ? "" : ", ") + name;
            if (edit_distance(word, name) <= 2 &&
                (nearest.empty() || edit_distance(word, name) < edit_distance(word, nearest))) {
                nearest = name;
            }
        }
        if (chosen == nullptr) {
            const std::string quoted = "`" + path + (nearest.empty() ? "" : " " + nearest) + "`";
            return "'" + word + "'" + context.say(" is no command of `", " 不是 `") + path +
                   context.say("`; ", "` 的命令；") +
                   (nearest.empty() ? context.say("there are: ", "可用命令：") + names
                                    : context.say("did you mean ", "是否想用 ") + quoted +
                                          context.say("?", "？"));
        }
        app = chosen;
        path += " " + word;
    }
    return {};
}

int usage_error(const Context& context, const CLI::App& app, const std::string& what, bool json) {
    if (json) {
        const CodeInfo& code = info(Code::kBadRequest);
        std::cout << boost::json::serialize(boost::json::object{
                         {"error", boost::json::object{{"code", code.text},
                                                       {"number", static_cast<std::uint32_t>(
                                                                      Code::kBadRequest)},
                                                       {"en", code.english},
                                                       {"zh", code.chinese},
                                                       {"detail", what}}}})
                  << std::endl;
        return static_cast<int>(ExitCode::kUsage);
    }
    std::string path = "sanquan";
    const CLI::App* deepest = &app;
    while (!deepest->get_subcommands().empty()) {
        deepest = deepest->get_subcommands().front();
        path += " " + deepest->get_name();
    }
    std::cerr << what << context.say("\n  next: ", "\n  下一步：") << path << " --help\n";
    return static_cast<int>(ExitCode::kUsage);
}

int parse_and_run(CLI::App& app, Context& context, int argc, const char* const* argv) {
    const bool json = std::any_of(
        argv, argv + argc, [](const char* word) { return std::string_view(word) == "--json"; });
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& wanted) {  // --help, --version
        return app.exit(wanted);
    } catch (const CLI::ParseError& error) {
        const std::string unknown = unknown_command(context, app, argc, argv);
        const std::string said = context.chinese ? chinese_usage(error) : error.what();
        return usage_error(context, app, unknown.empty() ? said : unknown, json);
    }
    return static_cast<int>(context.exit);
}

}  // namespace

void add_commands(CLI::App& app, Context& context) {
    add_global_flags(app, context);
    app.footer(example_footer(context, kExamples) + context.say(kExitCodes, kExitCodesZh));
    app.require_subcommand(1);
    app.fallthrough();
    add_network_commands(app, context);
    add_key_commands(app, context);
    add_submit_commands(app, context);
    add_status_commands(app, context);
    add_explain_command(app, context);
    add_operation_commands(app, context);
    add_query_commands(app, context);
    add_prove_command(app, context);
    add_verify_command(app, context);
    add_import_commands(app, context);
    add_bench_command(app, context);
    add_raw_commands(app, context);
    add_completion_command(app, context);
    name_headings(app, context);
}

int run_program(int argc, const char* const* argv) {
    Context context;
    context.chinese = wants_chinese(argc, argv);
    CLI::App app(
        context.say("sanquan 三权: a ledger for exchanging data", "sanquan 三权：数据交换账本"),
        "sanquan");
    context.colour = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
    try {
        add_commands(app, context);
        if (argc <= 1) {
            std::cout << app.help();
            return static_cast<int>(ExitCode::kUsage);
        }
        return parse_and_run(app, context, argc, argv);
    } catch (const std::exception& error) {
        report(context, {Code::kInternal, error.what()});
        return static_cast<int>(ExitCode::kFailed);
    }
}

}  // namespace sanquan::cli
