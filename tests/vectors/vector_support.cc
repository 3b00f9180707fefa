#include "tests/vectors/vector_support.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "node/vectors.h"
#include "tests/support/catch.h"

namespace sanquan::vectors_test {
namespace {

const std::filesystem::path kRoot = std::filesystem::path(SANQUAN_SOURCE_DIR) / "tests/vectors";

}  // namespace

Bytes read_file(const std::filesystem::path& path) {
    std::ifstream stream(kRoot / path, std::ios::binary);
    INFO(path.string());
    REQUIRE(stream.good());
    std::ostringstream content;
    content << stream.rdbuf();
    return content.str();
}

json::value read_json(const std::filesystem::path& path) { return json::parse(read_file(path)); }

std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder,
                                               const std::string& extension) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kRoot / folder)) {
        if (entry.is_regular_file() && entry.path().extension() == extension) {
            files.push_back(std::filesystem::relative(entry.path(), kRoot));
        }
    }
    std::sort(files.begin(), files.end());
    REQUIRE_FALSE(files.empty());
    return files;
}

std::vector<json::object> ask_all(const std::vector<json::object>& questions) {
    std::stringstream in;
    for (std::size_t i = 0; i < questions.size(); ++i) {
        json::object question = questions[i];
        question["id"] = i;
        in << json::serialize(question) << '\n';
    }
    std::stringstream out;
    REQUIRE(run_vectors(in, out, "test") == 0);
    std::vector<json::object> answers;
    std::string line;
    std::getline(out, line);
    REQUIRE(json::parse(line).at("build") == "test");
    while (std::getline(out, line)) {
        answers.push_back(json::parse(line).as_object());
        REQUIRE(answers.back().at("id").to_number<std::size_t>() == answers.size() - 1);
    }
    REQUIRE(answers.size() == questions.size());
    return answers;
}

json::object ask(const json::object& question) { return ask_all({question}).front(); }

std::string text_of(const json::object& object, const std::string& member) {
    const json::value* value = object.if_contains(member);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

bool is_ok(const json::object& answer) { return answer.at("ok").as_bool(); }

Bytes from_base64(const std::string& text) {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    Bytes bytes;
    unsigned bits = 0;
    unsigned held = 0;
    for (const char c : text) {
        const std::size_t value = kAlphabet.find(c);
        if (value == std::string_view::npos) {
            break;  // padding
        }
        bits = (bits << 6U | static_cast<unsigned>(value)) & 0xffffU;
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes.push_back(static_cast<char>(static_cast<std::uint8_t>(bits >> held)));
        }
    }
    return bytes;
}

}  // namespace sanquan::vectors_test
