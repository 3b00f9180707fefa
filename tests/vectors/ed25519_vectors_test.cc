// Goal: the one Ed25519 rule, case by case. Method: CCTV's edge cases judged by their flags (an
// independent statement of the rule) and by libsodium where installed; RFC 8032's signatures
// reproduced byte for byte.
#include <dlfcn.h>

#include <set>
#include <sstream>

#include "tests/support/catch.h"
#include "tests/vectors/vector_support.h"

namespace sanquan::vectors_test {
namespace {

// D2 in the words of the collection: canonical A and R, neither of small order, the cofactorless
// equation.
bool rule_accepts(const json::object& test) {
    const json::value& flags = test.at("flags");
    if (flags.is_null()) {
        return true;
    }
    const std::set<std::string> forbidden = {"low_order_A",       "low_order_R",
                                             "low_order_residue", "non_canonical_A",
                                             "non_canonical_R",   "reencoded_k"};
    for (const json::value& flag : flags.as_array()) {
        if (forbidden.contains(std::string(flag.as_string()))) {
            return false;
        }
    }
    return true;
}

TEST_CASE("CCTV: every edge case gets the rule's verdict", "[vectors][ed25519]") {
    using SodiumVerify = int (*)(const unsigned char*, const unsigned char*, unsigned long long,
                                 const unsigned char*);
    void* library = dlopen("libsodium.so.23", RTLD_NOW);
    const auto sodium =
        library == nullptr
            ? nullptr
            : reinterpret_cast<SodiumVerify>(dlsym(library, "crypto_sign_verify_detached"));
    std::size_t accepted = 0;
    const json::value document = read_json("cctv-ed25519/ed25519vectors.dev.json");
    for (const json::value& entry : document.as_array()) {
        const json::object& test = entry.as_object();
        const std::string message = text_of(test, "msg");
        const std::string key = text_of(test, "key");
        const auto answer = ask({{"op", "ed25519.verify"},
                                 {"key", key},
                                 {"msg", to_hex(message)},
                                 {"sig", text_of(test, "sig")}});
        CAPTURE(test.at("number"));
        CHECK(is_ok(answer) == rule_accepts(test));
        accepted += is_ok(answer) ? 1U : 0U;
        if (sodium != nullptr) {
            const Bytes key_bytes = from_hex(key).value();
            const Bytes signature = from_hex(text_of(test, "sig")).value();
            CHECK(is_ok(answer) == (sodium(as_octets(signature), as_octets(message), message.size(),
                                           as_octets(key_bytes)) == 0));
        }
        // Keys with a torsion component may verify, but are never registered.
        const bool torsion =
            json::serialize(test.at("flags")).find("component_A") != std::string::npos;
        if (torsion) {
            CHECK_FALSE(is_ok(ask({{"op", "ed25519.key_admissible"}, {"key", key}})));
        }
    }
    CHECK(accepted > 0);
}

TEST_CASE("RFC 8032: signatures are reproduced byte for byte", "[vectors][ed25519]") {
    std::istringstream lines(read_file("rfc8032-ed25519/TESTVECTORS"));
    std::string line;
    std::size_t count = 0;
    while (std::getline(lines, line)) {
        std::istringstream fields(line);
        std::string secret;
        std::string key;
        std::string message;
        std::string signed_message;
        std::getline(fields, secret, ':');
        std::getline(fields, key, ':');
        std::getline(fields, message, ':');
        std::getline(fields, signed_message, ':');
        const std::string signature = signed_message.substr(0, 128);
        CAPTURE(count);
        CHECK(
            text_of(ask({{"op", "ed25519.sign"}, {"seed", secret.substr(0, 64)}, {"msg", message}}),
                    "out") == signature);
        CHECK(is_ok(
            ask({{"op", "ed25519.verify"}, {"key", key}, {"msg", message}, {"sig", signature}})));
        CHECK(is_ok(ask({{"op", "ed25519.key_admissible"}, {"key", key}})));
        ++count;
    }
    CHECK(count == 128);
}

}  // namespace
}  // namespace sanquan::vectors_test
