// Goal: what llhttp refuses, the gateway refuses too. Method: every request of the collection, as
// llhttp's own runner reads the blocks; the files about its lenient options and about pausing are
// left out (ORIGIN.md).
//
// The other direction is not asked: the gateway wants a Host, one request at a time and HTTP/1.1,
// which most of these requests are not. Those that are must pass.
#include <sstream>

#include "tests/support/catch.h"
#include "tests/vectors/vector_support.h"

namespace sanquan::vectors_test {
namespace {

struct Case {
    std::string title;
    std::string request;
    std::string log;
};

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

// The collection's notation: an escaped line end joins lines, every other one is CRLF, \r \n \t
// stand for themselves.
std::string request_of(std::string block) {
    if (block.ends_with('\n')) {
        block.pop_back();
    }
    replace_all(block, "\\\n", "");
    replace_all(block, "\n", "\r\n");
    replace_all(block, "\\r", "\r");
    replace_all(block, "\\n", "\n");
    replace_all(block, "\\t", "\t");
    replace_all(block, "\\f", "\f");
    return block;
}

std::vector<Case> cases_of(const std::filesystem::path& file) {
    std::istringstream lines(read_file(file));
    std::vector<Case> cases;
    Case current;
    std::string* block = nullptr;
    std::string line;
    while (std::getline(lines, line)) {
        if (line == "```http") {
            current.request.clear();
            block = &current.request;
        } else if (line == "```log") {
            current.log.clear();
            block = &current.log;
        } else if (line == "```") {
            if (block == &current.log) {
                cases.push_back(current);
            }
            block = nullptr;
        } else if (block != nullptr) {
            block->append(line).append("\n");
        } else if (line.starts_with("#")) {
            current.title = line;
        }
    }
    REQUIRE_FALSE(cases.empty());
    return cases;
}

TEST_CASE("llhttp: what it refuses is refused", "[vectors][http]") {
    std::size_t refused = 0;
    std::size_t accepted = 0;
    for (const auto& file : files_below("llhttp/test/request", ".md")) {
        const std::string name = file.filename().string();
        if (name.starts_with("lenient") || name == "pausing.md") {
            continue;
        }
        for (const Case& item : cases_of(file)) {
            const std::string request = request_of(item.request);
            const auto answer = ask({{"op", "http.check"}, {"raw", to_hex(request)}});
            CAPTURE(name, item.title, request, json::serialize(answer));
            if (item.log.find("error code=") != std::string::npos) {
                CHECK_FALSE(is_ok(answer));
                ++refused;
            }
            accepted += is_ok(answer) ? 1U : 0U;
        }
    }
    CHECK(refused > 10);
    CHECK(accepted > 3);
}

}  // namespace
}  // namespace sanquan::vectors_test
