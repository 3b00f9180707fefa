// Goal: one text, one meaning. Method: what RFC 8259 leaves open is refused; values arrive unchanged.
#include "ledger/codec/strict_json.h"

#include <boost/json/serialize.hpp>
#include <vector>

#include "tests/support/catch.h"

namespace sanquan {
namespace {

TEST_CASE("documents arrive with their values", "[codec][strict_json]") {
    const auto value = parse_strict_json(
        R"( {"a": [1, -2, 18446744073709551615, 1.5, true, null], "b": {"a": "中\u0041\ud83d\ude00"}} )");
    REQUIRE(value);
    CHECK(boost::json::serialize(*value) ==
          R"({"a":[1,-2,18446744073709551615,1.5E0,true,null],"b":{"a":"中A😀"}})");
    CHECK(parse_strict_json("\"lonely\""));
    CHECK(parse_strict_json("0"));
    CHECK(parse_strict_json("[]"));
}

TEST_CASE("refusals carry their reason", "[codec][strict_json]") {
    const std::vector<std::pair<std::string, Code>> cases = {
        {"", Code::kBadEncoding},
        {" ", Code::kBadEncoding},
        {"{", Code::kBadEncoding},
        {"[1,]", Code::kBadEncoding},
        {"[1] 2", Code::kBadEncoding},
        {"// x\n1", Code::kBadEncoding},
        {"NaN", Code::kBadEncoding},
        {"[01]", Code::kBadEncoding},
        {"[1.]", Code::kBadEncoding},
        {"\xef\xbb\xbf{}", Code::kBadEncoding},
        {"\"\\ud800\"", Code::kBadEncoding},
        {"\"\\udc00\\ud800\"", Code::kBadEncoding},
        {"\"\t\"", Code::kBadEncoding},
        {"\"\xff\"", Code::kBadUtf8},
        {"\"\xed\xa0\x80\"", Code::kBadUtf8},
        {std::string("{\0}", 3), Code::kBadEncoding},
        {R"({"a":1,"a":1})", Code::kDuplicateKey},
        {R"({"a":1,"\u0061":2})", Code::kDuplicateKey},
        {R"([{"x":{"k":1,"l":2,"k":3}}])", Code::kDuplicateKey},
        {R"({"":1,"":2})", Code::kDuplicateKey},
        {"1e400", Code::kBadNumber},
        {"-1e400", Code::kBadNumber},
        {"[1e999999999999999999999]", Code::kBadNumber},
        {std::string(33, '[') + std::string(33, ']'), Code::kTooDeep},
        {std::string(100'000, '['), Code::kTooDeep},
    };
    for (const auto& [text, code] : cases) {
        CAPTURE(text.substr(0, 60));
        const auto value = parse_strict_json(text);
        REQUIRE_FALSE(value);
        CHECK(value.error().code == code);
    }
    CHECK(parse_strict_json("[1]", 2).error().code == Code::kTooLong);
    CHECK(parse_strict_json(std::string(32, '[') + std::string(32, ']')));
}

TEST_CASE("the same key in different objects is fine", "[codec][strict_json]") {
    CHECK(parse_strict_json(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})"));
}

TEST_CASE("keys longer than the parser's buffer are compared whole", "[codec][strict_json]") {
    const std::string key(10'000, 'k');
    CHECK(parse_strict_json("{\"" + key + "\\n\":1,\"" + key + "\":2}"));
    CHECK(parse_strict_json("{\"" + key + "\\n\":1,\"" + key + "\\n\":2}").error().code ==
          Code::kDuplicateKey);
}

}  // namespace
}  // namespace sanquan
