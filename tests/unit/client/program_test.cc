// Goal: the command line teaches: every command has an example of its own, every wrong word a next step and the promised
// exit code. Method: the whole tree of commands is walked; then command lines are run as a person types them.
#include "client/cli/program.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/parse.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "client/cli/command.h"
#include "client/cli/network_files.h"
#include "client/cli/record_json.h"
#include "ledger/model/genesis.h"
#include "ledger/proof/trust.h"
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

bool holds_chinese(const std::string& text) {
    // Ideographs of the plane's main block are three bytes in UTF-8, the first E4 to E9.
    return std::any_of(text.begin(), text.end(), [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return byte >= 0xe4 && byte <= 0xe9;
    });
}

void check_chinese(const CLI::App& app, const std::string& path) {
    INFO(path);
    CHECK(holds_chinese(app.get_description()));
    CHECK(holds_chinese(app.get_footer()));
    for (const auto* option : app.get_options()) {
        INFO(option->get_name());
        CHECK(holds_chinese(option->get_description()));
        CHECK(holds_chinese(option->get_group()));
    }
    for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
        CHECK(holds_chinese(sub->get_group()));
        check_chinese(*sub, path + " " + sub->get_name());
    }
}

TEST_CASE("with --lang zh every text of every help page is Chinese", "[cli][chinese]") {
    Context context;
    context.chinese = true;
    CLI::App app("数据交换账本", "sanquan");
    add_commands(app, context);
    check_chinese(app, "sanquan");
    const Said help = run({"--lang", "zh", "asset", "grade", "--help"});
    CHECK(help.code == 0);
    for (const auto* english : {"Usage", "OPTIONS", "Options", "REQUIRED", "Example", "Print"}) {
        INFO(help.out);
        CHECK(help.out.find(english) == std::string::npos);
    }
}

TEST_CASE("with --lang zh wrong command lines are told in Chinese", "[cli][chinese]") {
    struct Row {
        std::vector<const char*> words;
        const char* says;
    };
    const std::vector<Row> rows = {
        {{"stauts"}, "是否想用 `sanquan status`？"},
        {{"supply"}, "可用命令："},
        {{"asset"}, "须给出子命令"},
        {{"asset", "show"}, "缺少必填项 asset"},
        {{"status", "--nope"}, "无法识别的参数：--nope"},
        {{"--lang", "fr", "status"}, "不接受取值 fr；可选：en,zh"},
        {{"events", "--after", "-1"}, "--after 的取值“-1”不是高度"},
        {{"asset", "list", "--limit", "501"}, "--limit 的取值 501 不在 1 至 500 之间"},
        {{"network", "start", "--dir", "x", "--timeout", "soon"}, "--timeout 的取值无效：soon"},
        {{"key", "new", "X", "--algorithm"}, "--algorithm 缺少取值"},
        {{"verify", "x", "--anchor", "7:8", "--genesis-digest", "9"}, "不能与"}};
    ::setenv("LC_ALL", "zh_CN.UTF-8", 1);
    for (const Row& row : rows) {
        std::string line;
        for (const auto* word : row.words) {
            line += std::string(" ") + word;
        }
        const Said said = run(row.words);
        INFO("sanquan" << line << "\n" << said.err);
        CHECK(said.code == 2);
        CHECK(said.err.find(row.says) != std::string::npos);
        CHECK(said.err.find("下一步：") != std::string::npos);
    }
    ::unsetenv("LC_ALL");
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

TEST_CASE("the language is --lang's, else the profile's, else the environment's",
          "[cli][chinese]") {
    const auto chinese = [](const std::vector<const char*>& words) {
        return holds_chinese(run(words).out.substr(0, 200));
    };
    const TemporaryFolder folder;
    const std::string profile = (folder.path / "client.toml").string();
    std::ofstream(profile) << "chain_id = \"" << std::string(64, 'a')
                           << "\"\nhash = \"sha256\"\nprofile = \"demo\"\ngenesis = \"g\"\n"
                              "keys_dir = \"k\"\npassphrase_file = \"p\"\nlanguage = \"zh\"\n"
                              "[[nodes]]\nname = \"n\"\naddress = \"h:1\"\ntls_pin = \""
                           << std::string(64, 'b') << "\"\n";
    CHECK_FALSE(chinese({"status", "--help"}));
    CHECK(chinese({"--profile", profile.c_str(), "status", "--help"}));
    CHECK_FALSE(chinese({"--profile", profile.c_str(), "--lang=en", "status", "--help"}));
    ::setenv("LANG", "zh_CN.UTF-8", 1);
    CHECK(chinese({"status", "--help"}));
    ::setenv("LC_ALL", "C.UTF-8", 1);
    CHECK_FALSE(chinese({"status", "--help"}));
    ::unsetenv("LC_ALL");
    ::unsetenv("LANG");
}

TEST_CASE("submit prints an example of an operation without a network", "[cli]") {
    const Said said = run({"submit", "--example", "process_asset"});
    CHECK(said.code == 0);
    const auto document = boost::json::parse(said.out).as_object();
    CHECK(document.at("operations").at(0).as_object().contains("process_asset"));
    CHECK(run({"submit", "--example", "no_such_operation"}).code == 2);
}

TEST_CASE("an example says which words the reader replaces", "[cli]") {
    const Said said = run({"submit", "--example", "add_key"});
    CHECK(said.code == 0);
    CHECK(said.out.find("\"PUBLIC-KEY\"") != std::string::npos);
    CHECK(said.err.find("PUBLIC-KEY, POSSESSION") != std::string::npos);
    CHECK(run({"submit", "--example", "issue_money"}).err.empty());
    CHECK(run({"--lang", "zh", "submit", "--example", "revoke_key"})
              .err.find("替换为您的值：KEY-ID") != std::string::npos);
    CHECK(run({"org", "add-key", "--help"})
              .out.find("Replace by your own in the example: PUBLIC-KEY") != std::string::npos);
    CHECK(run({"key", "new", "--help"}).out.find("signs nothing until the ledger lists it") !=
          std::string::npos);
    CHECK(run({"--lang", "zh", "key", "new", "--help"}).out.find("登记") != std::string::npos);
}

TEST_CASE("a trust file is verified with its assumption, and from genesis only", "[cli][verify]") {
    const TemporaryFolder folder;
    NetworkOptions options;
    options.directory = folder.path / "net";
    options.demo = true;
    options.network_name = "demo";
    REQUIRE(create_network(options));
    std::ifstream stream(options.directory / "genesis.bin", std::ios::binary);
    const Bytes bytes{std::istreambuf_iterator<char>(stream), {}};
    const auto genesis = decode_genesis(bytes);
    REQUIRE(genesis);
    const std::string file = folder.path / "demo.trust";
    std::ofstream(file, std::ios::binary) << make_trust_file(*genesis);
    const std::string chain = genesis->chain.id.hex();

    const Said told = run({"--json", "verify", file.c_str(), "--genesis-digest", chain.c_str()});
    REQUIRE(told.code == 0);
    const auto answer = boost::json::parse(told.out).as_object();
    CHECK(answer.at("file").as_string() == file);
    CHECK(answer.at("profile").as_string() == "demo");
    const auto& assumed = answer.at("assumptions").as_object();
    CHECK(assumed.at("anchor").as_string() == "genesis " + chain);
    CHECK(assumed.at("set_changes").to_number<int>() == 0);
    CHECK_FALSE(assumed.at("sentence").as_string().empty());
    const Said text = run({"verify", file.c_str(), "--genesis-digest", chain.c_str()});
    CHECK(text.out.find("This assumes:") != std::string::npos);
    CHECK(text.out.find("DEMO CHAIN") != std::string::npos);

    const std::string anchor = "1:" + chain;
    const Said anchored =
        run({"verify", file.c_str(), "--anchor", anchor.c_str(), "--checkpoint", file.c_str()});
    CHECK(anchored.code == 3);
    CHECK(anchored.err.find("--genesis-digest") != std::string::npos);
    const std::string other(64, '0');
    const Said wrong = run({"verify", file.c_str(), "--genesis-digest", other.c_str()});
    CHECK(wrong.code == 3);
    CHECK(wrong.err.find("GENESIS_INVALID") != std::string::npos);
}

TEST_CASE("stopping what is no network is refused", "[cli]") {
    const Said said = run({"network", "stop", "--dir", "/nonexistent"});
    CHECK(said.code == 1);
    CHECK(said.err.find("DIRECTORY_MISSING") != std::string::npos);
}

// What the shell function offers after these words, the last of which is being typed.
std::string completed(const std::string& words) {
    const TemporaryFolder folder;
    const auto script = folder.path / "completion.bash";
    std::ofstream(script) << run({"completion", "bash"}).out;
    const std::string command =
        "bash -c 'source " + script.string() + "; COMP_WORDS=(" + words +
        " \"\"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _sanquan; echo \"${COMPREPLY[*]}\"'";
    FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string offered;
    for (int letter = std::fgetc(pipe); letter != EOF; letter = std::fgetc(pipe)) {
        offered += static_cast<char>(letter);
    }
    CHECK(::pclose(pipe) == 0);
    return offered;
}

TEST_CASE("bash completes values where a value stands", "[cli]") {
    CHECK(completed("sanquan --lang") == "en zh\n");
    CHECK(completed("sanquan network create --kind") == "demo production\n");
    CHECK(completed("sanquan submit --mode") == "ATOMIC INDEPENDENT\n");
    CHECK(completed("sanquan trade settle --wait") == "admitted final sealed\n");
    CHECK(completed("sanquan asset grade --level") == "GENERAL IMPORTANT CORE\n");
    CHECK(completed("sanquan asset grade --lang") == "en zh\n");
    CHECK(completed("sanquan network create --dir") == "\n");  // the shell offers files
    CHECK(completed("sanquan --profile network").find("asset ") != std::string::npos);
    CHECK(completed("sanquan network").find("create ") == 0);
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
