// `sanquan`: everything that a person does with the ledger at a terminal.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>

#include "client/cli/command.h"

namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  sanquan network create --validators 4 --dir net --profile-kind demo\n"
    "  sanquan network start --dir net\n"
    "  export SANQUAN_PROFILE=net\n"
    "  sanquan status\n"
    "  sanquan submit --as settlement-bank --file ops.json\n"
    "  sanquan explain KEY_REVOKED --lang zh\n";

void add_global_flags(CLI::App& app, sanquan::cli::Context& context) {
    const char* profile = std::getenv("SANQUAN_PROFILE");
    if (profile != nullptr) {
        context.profile_dir = profile;
    }
    const char* language = std::getenv("LANG");
    context.chinese = language != nullptr && std::string_view(language).starts_with("zh");
    app.add_flag("--json", context.json, "One JSON object or line per result");
    app.add_option_function<std::string>(
           "--lang", [&context](const std::string& value) { context.chinese = value == "zh"; },
           "Language of texts: en or zh")
        ->check(CLI::IsMember({"en", "zh"}));
    app.add_option("--profile", context.profile_dir,
                   "Folder of client.toml (default: $SANQUAN_PROFILE or here)");
    app.add_option("--node", context.node, "Ask this node of the profile only");
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("sanquan 三权: a ledger for exchanging data", "sanquan");
    sanquan::cli::Context context;
    context.colour = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
    add_global_flags(app, context);
    app.footer(kFooter);
    app.require_subcommand(1);
    app.fallthrough();
    sanquan::cli::add_network_commands(app, context);
    sanquan::cli::add_key_commands(app, context);
    sanquan::cli::add_submit_commands(app, context);
    sanquan::cli::add_status_commands(app, context);
    sanquan::cli::add_explain_command(app, context);
    sanquan::cli::add_operation_commands(app, context);
    sanquan::cli::add_query_commands(app, context);
    sanquan::cli::add_proof_commands(app, context);
    sanquan::cli::add_import_commands(app, context);
    sanquan::cli::add_bench_command(app, context);
    sanquan::cli::add_raw_commands(app, context);
    sanquan::cli::add_completion_command(app, context);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return code == 0 ? 0 : static_cast<int>(sanquan::cli::ExitCode::kUsage);
    }
    return static_cast<int>(context.exit);
}
