// What all commands of `sanquan` share: the global flags, the profile and keys they lead to, and
// how answers are shown.
//
// One Context lives in main(); commands run in its thread. Texts are in English and 中文; with
// --json one object or one line per result is all that goes to standard output.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/lib/http_client.h"
#include "client/lib/key_ring.h"
#include "client/lib/profile.h"
#include "ledger/base/result.h"

namespace CLI {
class App;
}

namespace sanquan::cli {

enum class ExitCode : int {
    kOk = 0,
    kFailed = 1,   // a file, the network or this machine failed
    kUsage = 2,    // what was given is wrong: flags, texts, files
    kRefused = 3,  // the ledger or a verification said no
};

struct Context {
    bool json = false;
    bool chinese = false;
    bool colour = false;
    std::filesystem::path profile_dir = ".";
    std::string node;  // --node NAME: only this one is asked
    ExitCode exit = ExitCode::kOk;

    // The English or the Chinese text, as --lang says.
    [[nodiscard]] const char* say(const char* english, const char* chinese_text) const {
        return chinese ? chinese_text : english;
    }

    Result<client::Profile*> profile();
    Result<client::KeyRing*> keys();
    // The profile's validators, or the one node that --node names.
    Result<std::vector<client::NodeAddress>> nodes();
    // Audit nodes too.
    Result<std::vector<client::NodeAddress>> all_nodes();

  private:
    std::optional<client::Profile> profile_;
    std::optional<client::KeyRing> keys_;
};

// Shows a failure with its code, what it is about and what to do next, and sets the exit code.
void report(Context& context, const Error& error);

// Prints one JSON line with --json, else the text.
void show(const Context& context, const boost::json::object& object, const std::string& text);

// Text in colour when colours are on: 'g' green, 'r' red, 'y' yellow, 'b' bold.
std::string paint(const Context& context, char colour, const std::string& text);

// Rows with aligned columns (wide characters count as two); the first row is the heading.
std::string table(const Context& context, const std::vector<std::vector<std::string>>& rows);

// "Example:" or "示例：" and the indented lines, for the end of a help page.
std::string example_footer(const Context& context, const std::string& lines);

// Runs `body` when the subcommand is chosen and reports what it refuses.
void on_call(CLI::App* app, Context& context, std::function<Status()> body);

// A line that is rewritten while something lasts longer than two seconds; silent with --json or
// without a terminal.
class Progress {
  public:
    Progress(const Context& context, std::string what);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    void update(const std::string& state);

  private:
    bool visible_;
    std::string what_;
    std::chrono::steady_clock::time_point start_;
    std::chrono::steady_clock::time_point drawn_;
    bool drawn_once_ = false;
};

void add_network_commands(CLI::App& app, Context& context);
void add_network_part_commands(CLI::App& network, Context& context);
void add_submit_commands(CLI::App& app, Context& context);
void add_status_commands(CLI::App& app, Context& context);
void add_key_commands(CLI::App& app, Context& context);
void add_raw_commands(CLI::App& app, Context& context);
void add_explain_command(CLI::App& app, Context& context);
void add_operation_commands(CLI::App& app, Context& context);
void add_prove_command(CLI::App& app, Context& context);
void add_verify_command(CLI::App& app, Context& context);
void add_import_commands(CLI::App& app, Context& context);
void add_bench_command(CLI::App& app, Context& context);
void add_completion_command(CLI::App& app, Context& context);
// After add_operation_commands, whose groups it extends.
void add_query_commands(CLI::App& app, Context& context);

}  // namespace sanquan::cli
