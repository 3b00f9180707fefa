// The whole command line as one function, so that tests run it as a person does.
#pragma once

#include <string_view>

namespace CLI {
class App;
}

namespace sanquan::cli {

struct Context;

// What `sanquan --version` tells: the release, and the release with its commit.
std::string_view version();
std::string_view build_id();

// Adds the global flags and every command; `context` outlives the app.
void add_commands(CLI::App& app, Context& context);

// Runs one command line and answers its exit code (command.h, ExitCode); 1 for what no command foresaw.
int run_program(int argc, const char* const* argv);

}  // namespace sanquan::cli
