// Goal: the JSON reader is strict and its choices are frozen. Method: JSONTestSuite with the policy
// below for what the RFC leaves open; the RFC 8785 inputs as honest documents.
//
// Policy for i_ files: integers and doubles of any size within a double's range are read; a number
// beyond it, a number whose exponent overflows, malformed UTF-8, UTF-16, a byte order mark, a lone
// or inverted surrogate escape and nesting beyond 32 are refused.
#include <set>

#include "tests/support/catch.h"
#include "tests/vectors/vector_support.h"

namespace sanquan::vectors_test {
namespace {

// The interface demands distinct keys, against the suite's y_.
const std::set<std::string> kDuplicateKeys = {"y_object_duplicated_key.json",
                                              "y_object_duplicated_key_and_value.json"};
const std::set<std::string> kImplementationDefinedAccepted = {
    "i_number_double_huge_neg_exp.json", "i_number_real_underflow.json",
    "i_number_too_big_neg_int.json", "i_number_too_big_pos_int.json",
    "i_number_very_big_negative_int.json"};

bool expected(const std::string& name) {
    if (name.starts_with("y_")) {
        return !kDuplicateKeys.contains(name);
    }
    return name.starts_with("i_") && kImplementationDefinedAccepted.contains(name);
}

json::object question(const Bytes& raw) {
    return {{"op", "json.check"}, {"raw", json::string(to_hex(raw))}};
}

TEST_CASE("JSONTestSuite: parsing", "[vectors][json]") {
    std::size_t count = 0;
    for (const auto& file : files_below("json-test-suite/test_parsing", ".json")) {
        const auto answer = ask(question(read_file(file)));
        CAPTURE(file.filename().string(), json::serialize(answer));
        CHECK(is_ok(answer) == expected(file.filename().string()));
        ++count;
    }
    CHECK(count == 186);
}

TEST_CASE("JSONTestSuite: what parsers disagree on", "[vectors][json]") {
    // Equal keys and lone surrogates are refused; every other text has one reading.
    const std::set<std::string> refused = {
        "object_same_key_different_values.json", "object_same_key_same_value.json",
        "object_same_key_unclear_values.json",   "string_1_escaped_invalid_codepoint.json",
        "string_1_invalid_codepoint.json",       "string_2_escaped_invalid_codepoints.json",
        "string_2_invalid_codepoints.json",      "string_3_escaped_invalid_codepoints.json",
        "string_3_invalid_codepoints.json"};
    for (const auto& file : files_below("json-test-suite/test_transform", ".json")) {
        CAPTURE(file.filename().string());
        CHECK(is_ok(ask(question(read_file(file)))) == !refused.contains(file.filename().string()));
    }
}

TEST_CASE("RFC 8785: the inputs are documents", "[vectors][json]") {
    for (const auto& file : files_below("json-canonicalization-rfc8785/testdata", ".json")) {
        CAPTURE(file.string());
        CHECK(is_ok(ask(question(read_file(file)))));
    }
}

}  // namespace
}  // namespace sanquan::vectors_test
