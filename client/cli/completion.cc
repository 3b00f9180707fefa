// `sanquan completion bash`: the words of every command, for the shell.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <sstream>

#include "client/cli/command.h"

namespace sanquan::cli {
namespace {

// The values that a flag accepts, where they are a set: its type reads "TEXT:{en,zh}".
std::string choices_of(const CLI::Option& option) {
    const std::string type = option.get_type_name();
    const auto open = type.find('{');
    const auto close = type.find('}', open);
    if (open == std::string::npos || close == std::string::npos) {
        return {};
    }
    std::string words = type.substr(open + 1, close - open - 1);
    std::replace(words.begin(), words.end(), ',', ' ');
    return words;
}

// One line per command path: its subcommands and flags, and the flags that work everywhere; and one
// per flag that takes a value: the values, or nothing where files and texts go.
void add_paths(const CLI::App& app, const std::string& path, const std::string& everywhere,
               std::ostream& words, std::ostream& values) {
    const auto subcommands = app.get_subcommands([](const CLI::App*) { return true; });
    words << "    ['" << path << "']='";
    for (const CLI::App* sub : subcommands) {
        words << sub->get_name() << ' ';
    }
    for (const CLI::Option* option : app.get_options()) {
        for (const auto& name : option->get_lnames()) {
            words << "--" << name << ' ';
            if (option->get_items_expected_max() > 0) {
                values << "    ['" << path << " --" << name << "']='" << choices_of(*option)
                       << "'\n";
            }
        }
    }
    words << (path == "sanquan" ? "" : everywhere) << "'\n";
    for (const CLI::App* sub : subcommands) {
        add_paths(*sub, path + " " + sub->get_name(), everywhere, words, values);
    }
}

// A word is part of the path when the commands know it there. After a flag that takes a value come
// its values, or files where it has no set; global flags stand under "sanquan".
constexpr const char* kFunction =
    "  )\n"
    "  local path=sanquan word previous= key=\n"
    "  COMPREPLY=()\n"
    "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
    "    key=\n"
    "    [[ -n ${values[\"sanquan $word\"]+known} ]] && key=\"sanquan $word\"\n"
    "    [[ -n ${values[\"$path $word\"]+known} ]] && key=\"$path $word\"\n"
    "    if [[ -z $previous && -n ${words[\"$path $word\"]+known} ]]; then\n"
    "      path=\"$path $word\"\n"
    "    fi\n"
    "    previous=$key\n"
    "  done\n"
    "  local offered=${words[$path]}\n"
    "  [[ -n $previous ]] && offered=${values[$previous]}\n"
    "  [[ -n $offered ]] || return 0\n"
    "  mapfile -t COMPREPLY < <(compgen -W \"$offered\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n"
    "}\n"
    "complete -o default -F _sanquan sanquan\n";

}  // namespace

void add_completion_command(CLI::App& app, Context& context) {
    auto* completion = app.add_subcommand(
        "completion", context.say("Script for the shell's completion", "命令行补全脚本"));
    completion->require_subcommand(1);
    completion->footer(example_footer(context, "source <(sanquan completion bash)"));
    auto* bash = completion->add_subcommand(
        "bash",
        context.say("Completion of commands and flags for bash", "bash 的命令、选项与取值补全"));
    bash->footer(example_footer(context, "source <(sanquan completion bash)"));
    on_call(bash, context, [&app]() -> Status {
        std::ostringstream words;
        std::ostringstream values;
        add_paths(app, "sanquan", "--json --lang --profile --node --help", words, values);
        std::cout << "_sanquan() {\n  local -A words=(\n"
                  << words.str() << "  )\n  local -A values=(\n"
                  << values.str() << kFunction;
        return {};
    });
}

}  // namespace sanquan::cli
