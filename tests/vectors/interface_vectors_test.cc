// Goal: one line in, one line out, whatever comes. Method: malformed lines, wrong fields, lines
// over the limit.
#include <sstream>

#include "node/vectors.h"
#include "tests/support/catch.h"
#include "tests/vectors/vector_support.h"

namespace sanquan::vectors_test {
namespace {

std::vector<std::string> lines_of(const std::string& input) {
    std::istringstream in(input);
    std::ostringstream out;
    REQUIRE(run_vectors(in, out, "build-1") == 0);
    std::istringstream answers(out.str());
    std::vector<std::string> lines;
    std::string line;
    while (std::getline(answers, line)) {
        lines.push_back(line);
    }
    return lines;
}

TEST_CASE("the first line names build and operations", "[vectors][interface]") {
    const auto lines = lines_of("");
    REQUIRE(lines.size() == 1);
    const json::value head = json::parse(lines[0]);
    CHECK(head.at("build") == "build-1");
    CHECK(head.at("ops").as_array().size() >= 14);
}

TEST_CASE("malformed lines are answered and the next one is served", "[vectors][interface]") {
    const std::string good = R"({"id":"g","op":"hash","alg":"sha256","msg":""})"
                             "\n";
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"", R"({"id":null,"ok":false,"code":"BAD_REQUEST"})"},
        {"{", R"({"id":null,"ok":false,"code":"BAD_REQUEST"})"},
        {"[]", R"({"id":null,"ok":false,"code":"BAD_REQUEST"})"},
        {R"({"op":"hash"})", R"({"id":null,"ok":false,"code":"BAD_REQUEST"})"},
        {R"({"id":{},"op":"hash"})", R"({"id":null,"ok":false,"code":"BAD_REQUEST"})"},
        {R"({"id":"a"})", R"({"id":"a","ok":false,"code":"BAD_REQUEST"})"},
        {R"({"id":7,"op":"nope"})", R"({"id":7,"ok":false,"code":"UNSUPPORTED"})"},
        {R"({"id":"a","op":"hash","alg":"sha256","msg":"AB"})",
         R"({"id":"a","ok":false,"code":"BAD_REQUEST"})"},
        {R"({"id":"a","op":"hash","alg":"sha256","msg":1})",
         R"({"id":"a","ok":false,"code":"BAD_REQUEST"})"},
        {R"({"id":"a","op":"hash","alg":"md5","msg":""})",
         R"({"id":"a","ok":false,"code":"UNSUPPORTED"})"},
        {R"({"id":"a","op":"merkle.inclusion","leaf_index":-1})",
         R"({"id":"a","ok":false,"code":"BAD_REQUEST"})"},
        {R"({"id":"a","op":"merkle.root","leaves":[1]})",
         R"({"id":"a","ok":false,"code":"BAD_REQUEST"})"},
        {R"({"id":"a","op":"ed25519.sign","seed":"00","msg":""})",
         R"({"id":"a","ok":false,"code":"KEY_INVALID"})"},
        {R"({"id":"a","op":"x509.verify","chain":[],"roots":[],"time":"now"})",
         R"({"id":"a","ok":false,"code":"BAD_ENCODING"})"},
        {R"({"id":"a","op":"x509.verify","chain":["x"],"roots":[]})",
         R"({"id":"a","ok":false,"code":"BAD_ENCODING"})"},
        {R"({"id":"a","op":"x509.verify","chain":[],"roots":[]})",
         R"({"id":"a","ok":false,"code":"X509_INVALID"})"},
    };
    for (const auto& [line, answer] : cases) {
        CAPTURE(line);
        const auto lines = lines_of(line + "\n" + good);
        REQUIRE(lines.size() == 3);
        CHECK(lines[1] == answer);
        CHECK(lines[2].starts_with(R"({"id":"g","ok":true)"));
    }
}

TEST_CASE("a line over the limit is refused and skipped", "[vectors][interface]") {
    const std::string good = R"({"id":"g","op":"utf8.check","raw":"61"})";
    const auto lines = lines_of(std::string((16U << 20U) + 10, ' ') + "\n" + good);
    REQUIRE(lines.size() == 3);
    CHECK(lines[1] == R"({"id":null,"ok":false,"code":"BAD_REQUEST"})");
    CHECK(lines[2] == R"({"id":"g","ok":true,"out":{"name":"OK","free_text":"OK"}})");
}

TEST_CASE("money and organisation codes", "[vectors][interface]") {
    const auto split = [](const char* total, const char* shares) {
        return json::serialize(
            ask({{"op", "money.split"}, {"total", total}, {"shares_bp", json::parse(shares)}}));
    };
    CHECK(split("100", "[3333,3333,3334]") == R"({"id":0,"ok":true,"out":["33","33","34"]})");
    CHECK(split("10", "[3333,3333,3334]") == R"({"id":0,"ok":true,"out":["3","3","4"]})");
    CHECK(split("1", "[5000,5000]") == R"({"id":0,"ok":true,"out":["1","0"]})");
    CHECK(
        split("170141183460469231731687303715884105727", "[1,9999]") ==
        R"({"id":0,"ok":true,"out":["17014118346046923173168730371588411","170124169342123184808514134985512517316"]})");
    CHECK(split("170141183460469231731687303715884105728", "[10000]") ==
          R"({"id":0,"ok":false,"code":"AMOUNT_OVERFLOW"})");
    CHECK(split("1", "[5000]") == R"({"id":0,"ok":false,"code":"BAD_SHARES"})");
    CHECK(split("1", "[0.5]") == R"({"id":0,"ok":false,"code":"BAD_SHARES"})");
    CHECK(split("-1", "[10000]") == R"({"id":0,"ok":false,"code":"BAD_AMOUNT"})");
    CHECK(is_ok(ask({{"op", "social_credit_code.check"}, {"code", "91350100M000100Y43"}})));
    CHECK_FALSE(is_ok(ask({{"op", "social_credit_code.check"}, {"code", "91350100M000100Y44"}})));
}

}  // namespace
}  // namespace sanquan::vectors_test
