// Goal: ECDSA P-256 accepts what Wycheproof calls valid and nothing else. Method: every case as
// DER; as r||s none of them verifies.
#include "tests/support/catch.h"
#include "tests/vectors/vector_support.h"

namespace sanquan::vectors_test {
namespace {

TEST_CASE("Wycheproof: ECDSA P-256 with SHA-256", "[vectors][ecdsa]") {
    const json::value document = read_json("wycheproof/ecdsa_secp256r1_sha256_test.json");
    std::size_t count = 0;
    for (const json::value& entry : document.at("testGroups").as_array()) {
        const std::string key = text_of(entry.at("publicKey").as_object(), "uncompressed");
        for (const json::value& item : entry.at("tests").as_array()) {
            const json::object& test = item.as_object();
            const auto answer = ask({{"op", "ecdsa_p256.verify"},
                                     {"key", key},
                                     {"msg", text_of(test, "msg")},
                                     {"sig", text_of(test, "sig")},
                                     {"form", "der"}});
            CAPTURE(test.at("tcId"), text_of(test, "comment"));
            CHECK(is_ok(answer) == (text_of(test, "result") == "valid"));
            // The DER bytes are not 64 bytes of r||s, but for the odd case by accident, which then
            // is another signature.
            const auto raw = ask({{"op", "ecdsa_p256.verify"},
                                  {"key", key},
                                  {"msg", text_of(test, "msg")},
                                  {"sig", text_of(test, "sig")},
                                  {"form", "p1363"}});
            CHECK_FALSE(is_ok(raw));
            ++count;
        }
    }
    CHECK(count == 484);
}

}  // namespace
}  // namespace sanquan::vectors_test
