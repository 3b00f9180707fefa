// Goal: the client-port profile agrees with x509-limbo wherever the case is about certification
// paths and not about the Web PKI's own rules. Method: every case; deviations stand below by id
// with the reason.
#include <map>

#include "tests/support/catch.h"
#include "tests/vectors/vector_support.h"

namespace sanquan::vectors_test {
namespace {

const std::map<std::string, std::string> kDeviations = {
    {"pathlen::max-chain-depth-0-exhausted",
     "a maximum depth per question is not part of the interface"},
    {"rfc5280::ca-as-leaf",
     "contradicts webpki::ca-as-leaf; an issuer's key does not speak on connections"},
    {"webpki::cn::case-mismatch", "the common name is never read (RFC 9525, 6.3)"},
    {"webpki::cn::punycode-not-in-san", "the common name is never read (RFC 9525, 6.3)"},
    {"webpki::cn::utf8-vs-punycode-mismatch", "the common name is never read (RFC 9525, 6.3)"},
};

json::object question(const json::object& test) {
    json::array chain{test.at("peer_certificate")};
    for (const json::value& intermediate : test.at("untrusted_intermediates").as_array()) {
        chain.push_back(intermediate);
    }
    const json::value& name = test.at("expected_peer_name");
    return {{"op", "x509.verify"},
            {"chain", chain},
            {"roots", test.at("trusted_certs")},
            // The cases without a time are valid from 1970 to 2969.
            {"time", test.at("validation_time").is_null() ? json::value("2026-01-01T00:00:00Z")
                                                          : test.at("validation_time")},
            {"name", name.is_null() ? json::value() : name.at("value")}};
}

TEST_CASE("x509-limbo: the profile's verdicts", "[vectors][x509]") {
    const json::value document = read_json("x509-limbo/limbo.dev.json");
    std::size_t agreed = 0;
    std::size_t count = 0;
    for (const json::value& entry : document.at("testcases").as_array()) {
        const json::object& test = entry.as_object();
        const std::string id = text_of(test, "id");
        const auto answer = ask(question(test));
        const bool agrees = is_ok(answer) == (text_of(test, "expected_result") == "SUCCESS");
        CAPTURE(id, json::serialize(answer));
        CHECK(agrees == !kDeviations.contains(id));
        agreed += agrees ? 1U : 0U;
        ++count;
    }
    CHECK(agreed + kDeviations.size() == count);
}

}  // namespace
}  // namespace sanquan::vectors_test
