// `sanquan completion bash`: the words of every command, for the shell.
#include <CLI/CLI.hpp>
#include <iostream>
#include <sstream>

#include "client/cli/command.h"

namespace sanquan::cli {
namespace {

// One line per command path: its subcommands and flags, and the flags that work everywhere.
void add_paths(const CLI::App& app, const std::string& path, const std::string& everywhere,
               std::ostream& script) {
    const auto subcommands = app.get_subcommands([](const CLI::App*) { return true; });
    script << "    ['" << path << "']='";
    for (const CLI::App* sub : subcommands) {
        script << sub->get_name() << ' ';
    }
    for (const CLI::Option* option : app.get_options()) {
        for (const auto& name : option->get_lnames()) {
            script << "--" << name << ' ';
        }
    }
    script << (path == "sanquan" ? "" : everywhere) << "'\n";
    for (const CLI::App* sub : subcommands) {
        add_paths(*sub, path + " " + sub->get_name(), everywhere, script);
    }
}

// A word is part of the path when the commands know it there; values of flags are not.
constexpr const char* kFunction =
    "  )\n"
    "  local path=sanquan word\n"
    "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
    "    [[ -n ${words[\"$path $word\"]+known} ]] && path=\"$path $word\"\n"
    "  done\n"
    "  mapfile -t COMPREPLY < <(compgen -W \"${words[$path]}\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n"
    "}\n"
    "complete -o default -F _sanquan sanquan\n";

}  // namespace

void add_completion_command(CLI::App& app, Context& context) {
    auto* completion = app.add_subcommand("completion", "Script for the shell's completion");
    completion->require_subcommand(1);
    completion->footer("Example:\n  source <(sanquan completion bash)\n");
    auto* bash = completion->add_subcommand("bash", "Completion of commands and flags for bash");
    bash->footer("Example:\n  source <(sanquan completion bash)\n");
    on_call(bash, context, [&app]() -> Status {
        std::cout << "_sanquan() {\n  local -A words=(\n";
        add_paths(app, "sanquan", "--json --lang --profile --node --help", std::cout);
        std::cout << kFunction;
        return {};
    });
}

}  // namespace sanquan::cli
