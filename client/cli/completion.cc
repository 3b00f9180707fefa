// `sanquan completion bash`: the words of every command, for the shell.
#include <CLI/CLI.hpp>
#include <iostream>
#include <sstream>

#include "client/cli/command.h"

namespace sanquan::cli {
namespace {

// One case per command path: its subcommands and flags.
void add_cases(const CLI::App& app, const std::string& path, std::ostream& script) {
    script << "    '" << path << "') words='";
    for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
        script << sub->get_name() << ' ';
    }
    for (const CLI::Option* option : app.get_options()) {
        for (const auto& name : option->get_lnames()) {
            script << "--" << name << ' ';
        }
    }
    script << "';;\n";
    for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
        add_cases(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), script);
    }
}

}  // namespace

void add_completion_command(CLI::App& app, Context& context) {
    auto* completion = app.add_subcommand("completion", "Script for the shell's completion");
    completion->require_subcommand(1);
    auto* bash = completion->add_subcommand("bash", "source <(sanquan completion bash)");
    on_call(bash, context, [&app]() -> Status {
        std::cout
            << "_sanquan() {\n  local path='' words='' word\n"
               "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
               "    case \"$word\" in -*) ;; *) path=\"${path:+$path }$word\";; esac\n  done\n"
               "  case \"$path\" in\n";
        add_cases(app, "", std::cout);
        std::cout << "  esac\n"
                     "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- "
                     "\"${COMP_WORDS[COMP_CWORD]}\")\n"
                     "}\ncomplete -o default -F _sanquan sanquan\n";
        return {};
    });
}

}  // namespace sanquan::cli
