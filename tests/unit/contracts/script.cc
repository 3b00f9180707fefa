#include "tests/unit/contracts/script.h"

#include <google/protobuf/text_format.h>

#include <fstream>
#include <sstream>

#include "tests/support/catch.h"

namespace sanquan::contracts::testing {

namespace {

constexpr std::uint64_t kStart = 1'800'000'000'000;

class Runner {
  public:
    Runner(std::string path, const Vocabulary& vocabulary)
        : path_(std::move(path)), vocabulary_(vocabulary) {}

    std::set<std::string> run() {
        std::ifstream file(path_);
        REQUIRE(file.good());
        std::string text;
        while (std::getline(file, text)) {
            ++line_;
            read(text);
        }
        REQUIRE(definition_.empty());
        end_story();
        return seen_;
    }

  private:
    // A line that ends with a backslash goes on in the next.
    void read(std::string text) {
        if (const auto comment = text.find("//"); comment != std::string::npos) {
            text.erase(comment);
        }
        while (!text.empty() && text.back() == ' ') {
            text.pop_back();
        }
        if (!text.empty() && text.back() == '\\') {
            text.pop_back();
            pending_ += text;
            return;
        }
        text = pending_ + text;
        text.erase(0, text.find_first_not_of(' '));
        pending_.clear();
        if (text.find_first_not_of(' ') == std::string::npos) {
            return;
        }
        if (text == "end") {
            definition_.clear();
        } else if (text.starts_with("define ")) {
            definition_ = text.substr(7);
            definitions_[definition_].clear();
        } else if (!definition_.empty()) {
            definitions_[definition_].push_back(text);
        } else {
            execute(text);
        }
    }

    // Whatever happened, every invariant holds over all that it left.
    void end_story() const {
        if (world_ != nullptr) {
            INFO(path_ << ":" << line_ << ": after [" << title_ << "]");
            CHECK(whole_breach_of(world_->state()) == "");
        }
    }

    void execute(const std::string& raw) {
        const std::string text = call_functions(expand(raw));
        INFO(path_ << ":" << line_ << ": [" << title_ << "] " << text);
        std::istringstream words(text);
        std::string command;
        words >> command;
        if (command == "==") {
            end_story();
            title_ = text.substr(3);
            world_ = std::make_unique<World>();
            names_.clear();
        } else if (command == "call") {
            std::string name;
            words >> name;
            REQUIRE(definitions_.contains(name));
            for (const std::string& line : std::vector<std::string>(definitions_[name])) {
                execute(line);
            }
        } else if (command == "tick") {
            std::uint64_t milliseconds = 0;
            words >> milliseconds;
            world_->tick(milliseconds);
        } else if (command == "franchise") {
            std::string sector, platform;
            std::uint64_t until = 0;
            words >> sector >> platform >> until;
            world_->franchise(sector, platform, kStart + until);
        } else if (command == "balance") {
            std::string organisation, currency;
            std::uint64_t amount = 0;
            words >> organisation >> currency >> amount;
            world_->balance(organisation, currency, amount);
        } else if (command == "freeze") {
            std::string key;
            std::uint64_t until = 0;
            words >> key >> until;
            world_->freeze(key, kStart + until);
        } else if (command == "accredit") {
            std::string organisation, kind;
            words >> organisation >> kind;
            world_->role(organisation, wire::SERVICE_PROVIDER, kind);
        } else if (command == "parameter") {
            std::string name;
            std::uint64_t value = 0;
            words >> name >> value;
            world_->parameter(name, value);
        } else if (command == "serial") {
            std::string region, sector;
            std::uint64_t last = 0;
            words >> region >> sector >> last;
            world_->serial(region, sector, last);
        } else if (command == "repeat" || command == "crowd") {
            repeat(words, command == "crowd");
        } else if (command == "ask") {
            ask(text.substr(4));
        } else if (vocabulary_.commands.contains(command)) {
            vocabulary_.commands.at(command)(*world_, rest_of(words));
        } else {
            operate(text);
        }
    }

    static std::vector<std::string> rest_of(std::istringstream& words) {
        std::vector<std::string> arguments;
        for (std::string word; words >> word;) {
            arguments.push_back(word);
        }
        return arguments;
    }

    // Replaces every {{FUNCTION ARGUMENTS}}.
    std::string call_functions(std::string text) {
        for (auto at = text.find("{{"); at != std::string::npos; at = text.find("{{", at)) {
            const auto end = text.find("}}", at);
            REQUIRE(end != std::string::npos);
            std::istringstream words(text.substr(at + 2, end - at - 2));
            std::string function;
            words >> function;
            REQUIRE(vocabulary_.functions.contains(function));
            const std::string made = vocabulary_.functions.at(function)(*world_, rest_of(words));
            text.replace(at, end + 2 - at, made);
            at += made.size();
        }
        return text;
    }

    // `repeat N LINE`; `crowd N LINE` with % replaced by an organisation of its own each time.
    void repeat(std::istringstream& words, bool crowd) {
        std::uint64_t times = 0;
        words >> times;
        std::string line;
        std::getline(words >> std::ws, line);
        for (std::uint64_t i = 0; i < times; ++i) {
            std::string one = line;
            if (crowd) {
                const std::string party = "CROWD" + std::to_string(i);
                world_->organisation(party, "530000", 1);
                one.replace(one.find('%'), 1, party);
            }
            operate(one);
        }
    }

    // Splits "… = CODE [as NAME]" off the end of a line.
    struct Expected {
        std::string head;
        std::string code;
        std::string name;
    };
    Expected split(const std::string& text) {
        const auto at = text.rfind(" = ");
        REQUIRE(at != std::string::npos);
        Expected expected;
        expected.head = text.substr(0, at);
        std::istringstream tail(text.substr(at + 3));
        std::string as;
        tail >> expected.code >> as >> expected.name;
        seen_.insert(expected.code);
        return expected;
    }

    void ask(const std::string& text) {
        const Expected expected = split(text);
        std::istringstream words(expected.head);
        std::string function;
        words >> function;
        const std::vector<std::string> arguments = rest_of(words);
        REQUIRE(vocabulary_.questions.contains(function));
        CHECK(vocabulary_.questions.at(function)(*world_, arguments) == expected.code);
    }

    void operate(const std::string& text) {
        const Expected expected = split(text);
        const auto colon = expected.head.find(": ");
        REQUIRE(colon != std::string::npos);
        std::istringstream parties(expected.head.substr(0, colon));
        std::string sender;
        std::set<std::string> signers;
        std::getline(parties, sender, '+');
        for (std::string signer; std::getline(parties, signer, '+');) {
            signers.insert(signer);
        }
        wire::Operation operation;
        REQUIRE(google::protobuf::TextFormat::ParseFromString(expected.head.substr(colon + 2),
                                                              &operation));
        const Ran ran = world_->run(sender, signers, operation);
        std::string facts;
        for (const Fact& fact : ran.facts) {
            facts += " " + fact.name + "=" + fact.value;
        }
        for (const Fact& fact : ran.would_pass) {
            facts += " would pass: " + fact.name + "=" + fact.value;
        }
        INFO("facts:" << facts);
        CHECK(std::string(sanquan::text(ran.code)) == expected.code);
        if (!expected.name.empty()) {
            names_[expected.name] = ran.subject;
        }
    }

    std::string expand(const std::string& raw) {
        std::string text;
        for (std::size_t i = 0; i < raw.size(); ++i) {
            if (raw[i] == '#' && i + 1 < raw.size()) {
                text += std::string(32, raw[++i]);
            } else if (raw[i] == '@') {
                std::uint64_t offset = 0;
                while (i + 1 < raw.size() && std::isdigit(raw[i + 1]) != 0) {
                    offset = offset * 10 + static_cast<std::uint64_t>(raw[++i] - '0');
                }
                text += std::to_string(kStart + offset);
            } else if (raw[i] == '$') {
                std::string name;
                while (i + 1 < raw.size() && std::isalnum(raw[i + 1]) != 0) {
                    name += raw[++i];
                }
                INFO("$" << name);
                REQUIRE(names_.contains(name));
                text += names_[name];
            } else {
                text += raw[i];
            }
        }
        return text;
    }

    std::string path_;
    const Vocabulary& vocabulary_;
    int line_ = 0;
    std::string pending_;
    std::string title_;
    std::string definition_;
    std::map<std::string, std::vector<std::string>> definitions_;
    std::map<std::string, std::string> names_;
    std::set<std::string> seen_;
    std::unique_ptr<World> world_;
};

}  // namespace

std::set<std::string> run_script(const std::string& path, const Vocabulary& vocabulary) {
    return Runner(path, vocabulary).run();
}

}  // namespace sanquan::contracts::testing
