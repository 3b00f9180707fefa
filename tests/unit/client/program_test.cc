// Goal: the command line teaches: every command has an example of its own, every wrong word a next step and the promised
// exit code. Method: the whole tree of commands is walked; then command lines are run as a person types them.
#include "client/cli/program.h"

#include <CLI/CLI.hpp>
#include <boost/json/parse.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

#include "client/cli/command.h"
#include "client/cli/operation_examples.h"
#include "client/cli/record_json.h"
#include "tests/support/catch.h"
#include "tests/unit/client/temporary_folder.h"

namespace sanquan::cli {
namespace {

struct Said {
    int code = 0;
    std::string out;
    std::string err;
};

Said run(const std::vector<const char*>& words) {
    std::vector<const char*> all = {"sanquan"};
    all.insert(all.end(), words.begin(), words.end());
    std::ostringstream out;
    std::ostringstream err;
    auto* const old_out = std::cout.rdbuf(out.rdbuf());
    auto* const old_err = std::cerr.rdbuf(err.rdbuf());
    Said said;
    said.code = run_program(static_cast<int>(all.size()), all.data());
    std::cout.rdbuf(old_out);
    std::cerr.rdbuf(old_err);
    said.out = out.str();
    said.err = err.str();
    return said;
}

void check_examples(const CLI::App& app, const std::string& path) {
    const auto subcommands = app.get_subcommands([](const CLI::App*) { return true; });
    INFO(path);
    CHECK_FALSE(app.get_description().empty());
    CHECK(app.get_footer().find("Example") != std::string::npos);
    CHECK(app.get_footer().find(path) != std::string::npos);
    for (const auto* sub : subcommands) {
        check_examples(*sub, path + " " + sub->get_name());
    }
}

TEST_CASE("every command has an example that names it", "[cli]") {
    CLI::App app("test", "sanquan");
    Context context;
    add_commands(app, context);
    check_examples(app, "sanquan");
}

TEST_CASE("every required flag of an operation has a sample value", "[cli]") {
    for (const auto& command : operation_commands()) {
        for (const auto& field : command.fields) {
            if (field.required && field.kind != FieldKind::kFlag) {
                INFO(command.operation << " --" << field.flag);
                CHECK_FALSE(sample_value(command, field).empty());
            }
        }
    }
}

TEST_CASE("wrong command lines say what to do next", "[cli]") {
    struct Row {
        std::vector<const char*> words;
        int code;
        const char* says;
    };
    const std::vector<Row> rows = {
        {{}, 2, ""},
        {{"stauts"}, 2, "did you mean `sanquan status`?"},
        {{"asset", "lsit"}, 2, "did you mean `sanquan asset list`?"},
        {{"supply"}, 2, "there are:"},
        {{"--profile", "x", "asset", "nothing-like-it"}, 2, "no command of `sanquan asset`"},
        {{"asset"}, 2, "sanquan asset --help"},
        {{"asset", "show"}, 2, "sanquan asset show --help"},
        {{"status", "--nope"}, 2, "--nope"},
        {{"--lang", "fr", "status"}, 2, "--lang"},
        {{"events", "--after", "-1"}, 2, "--after"},
        {{"events", "--until", "99999999999999999999999"}, 2, "--until"},
        {{"asset", "list", "--limit", "501"}, 2, "--limit"},
        {{"--profile", "/nonexistent", "status"}, 1, "BAD_PROFILE"},
        {{"explain", "NO_SUCH_CODE"}, 2, "BAD_REQUEST"},
        {{"verify", "/nonexistent", "--genesis-digest", "12"}, 2, "64 lower-case"},
        {{"verify", "x", "--anchor", "7"}, 2, "HEIGHT:DIGEST"},
        {{"verify", "x", "--checkpoint", "y"}, 2, "--anchor"},
        {{"--profile", "/nonexistent", "verify", "x"}, 2, "--genesis-digest"},
    };
    for (const Row& row : rows) {
        std::string line;
        for (const auto* word : row.words) {
            line += std::string(" ") + word;
        }
        INFO("sanquan" << line);
        const Said said = run(row.words);
        INFO(said.out << said.err);
        CHECK(said.code == row.code);
        CHECK((said.out + said.err).find(row.says) != std::string::npos);
    }
}

TEST_CASE("with --json a wrong command line is one JSON object", "[cli]") {
    for (const auto& words : std::vector<std::vector<const char*>>{
             {"stauts", "--json"}, {"--json", "explain", "NO_SUCH_CODE"}}) {
        const Said said = run(words);
        CHECK(said.code == 2);
        const auto object = boost::json::parse(said.out).as_object();
        CHECK(object.at("error").at("code").as_string() == "BAD_REQUEST");
        CHECK(said.err.empty());
    }
}

TEST_CASE("what others wrote cannot steer the terminal", "[cli]") {
    CHECK(visible("plain 中文 €") == "plain 中文 €");
    CHECK(visible("a\x1b[2Jb") == "a\\u{1b}[2Jb");
    CHECK(visible("pay\u202eelbisivni") == "pay\\u{202e}elbisivni");
    CHECK(visible("zero\u200bwidth") == "zero\\u{200b}width");
    CHECK(visible("two\nlines") == "two\\u{a}lines");
    CHECK(visible("cut \xe2\x80") == "cut \\u{80}");
}

TEST_CASE("the version is told to people and to programs", "[cli]") {
    const Said plain = run({"--version"});
    CHECK(plain.code == 0);
    CHECK(plain.out.find(std::string(build_id())) != std::string::npos);
    const Said structured = run({"--json", "--version"});
    CHECK(structured.code == 0);
    const auto object = boost::json::parse(structured.out).as_object();
    CHECK(object.at("version").as_string() == version());
    CHECK(object.at("build").as_string() == build_id());
    CHECK(object.at("protocol").as_string() == "1");
}

TEST_CASE("import counts what goes to a pilot sector, whatever sent it there", "[cli][import]") {
    const TemporaryFolder folder;
    const auto catalogue = (folder.path / "catalogue.json").string();
    const auto mapping = (folder.path / "mapping.json").string();
    std::ofstream(mapping)
        << R"({"unmapped": "S14", "subjects": {"energy": "P01", "science": "S03"}})";
    std::ofstream(catalogue) << R"({"dataset": [
        {"identifier": "1", "title": "a", "publisher": {"name": "E"}, "theme": ["energy"]},
        {"identifier": "2", "title": "b", "publisher": {"name": "E"}, "theme": ["Energy"]},
        {"identifier": "3", "title": "c", "publisher": {"name": "E"}, "theme": ["science"]},
        {"identifier": "4", "title": "d", "publisher": {"name": "E"}, "theme": ["dragons"]}]})";
    const Said said = run({"--json", "import", "catalogue", catalogue.c_str(), "--format",
                           "dcat-us", "--mapping", mapping.c_str(), "--dry-run"});
    INFO(said.out << said.err);
    REQUIRE(said.code == 0);
    const auto counts = boost::json::parse(said.out).as_object();
    CHECK(counts.at("records").to_number<int>() == 4);
    CHECK(counts.at("pilot").to_number<int>() == 2);
    CHECK(counts.at("unmapped").to_number<int>() == 1);
}

TEST_CASE("help and the words of completion cover every group of commands", "[cli]") {
    const Said help = run({"--help"});
    CHECK(help.code == 0);
    const Said completion = run({"completion", "bash"});
    CHECK(completion.code == 0);
    for (const auto* group :
         {"network", "key", "org", "asset", "right", "market", "trade", "prove", "verify", "audit",
          "events", "explain", "dry-run", "import", "bench"}) {
        INFO(group);
        CHECK(help.out.find(std::string("  ") + group + " ") != std::string::npos);
        CHECK(completion.out.find("['sanquan " + std::string(group) + "']") != std::string::npos);
    }
}

}  // namespace
}  // namespace sanquan::cli
