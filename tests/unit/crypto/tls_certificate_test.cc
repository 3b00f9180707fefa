// Goal: a node's certificate carries its key, and its pin is the key's alone. Method: make, parse,
// compare.
#include "ledger/crypto/tls_certificate.h"

#include "tests/support/catch.h"

namespace sanquan {
namespace {

constexpr std::int64_t kStart = 1'767'225'600;  // 2026-01-01
constexpr std::int64_t kYear = 31'536'000;

TEST_CASE("the pin of a certificate is the pin of its key", "[crypto][tls_certificate]") {
    for (const auto algorithm : {KeyAlgorithm::kEd25519, KeyAlgorithm::kEcdsaP256}) {
        const SigningKey key = SigningKey::generate(algorithm);
        const auto first = make_self_signed_certificate(key, "validator-0", kStart, kStart + kYear);
        const auto second =
            make_self_signed_certificate(key, "renewed", kStart, kStart + 2 * kYear);
        REQUIRE(first);
        REQUIRE(second);
        CHECK(*first != *second);
        CHECK(spki_hash(*first).value() == spki_hash(key).value());
        CHECK(spki_hash(*second).value() == spki_hash(key).value());
        const SigningKey other = SigningKey::generate(algorithm);
        CHECK(spki_hash(other).value() != spki_hash(key).value());
    }
}

TEST_CASE("certificates that could not be used are not made", "[crypto][tls_certificate]") {
    const SigningKey key = SigningKey::generate();
    const auto code = [&](std::string_view name, std::int64_t from, std::int64_t to) {
        return make_self_signed_certificate(key, name, from, to).error().code;
    };
    CHECK(code("", kStart, kStart + 1) == Code::kBadText);
    CHECK(code("a,CA:TRUE", kStart, kStart + 1) == Code::kBadText);
    CHECK(code(std::string(65, 'a'), kStart, kStart + 1) == Code::kBadText);
    CHECK(code("a", kStart, kStart) == Code::kBadRequest);
    CHECK(code("a", -1, kStart) == Code::kBadRequest);
    CHECK(code("a", kStart, INT64_MAX) == Code::kBadRequest);
    CHECK(make_self_signed_certificate(SigningKey::generate(KeyAlgorithm::kSm2), "a", kStart,
                                       kStart + 1)
              .error()
              .code == Code::kKeyInvalid);
}

TEST_CASE("what is no certificate has no pin", "[crypto][tls_certificate]") {
    CHECK(spki_hash("").error().code == Code::kBadEncoding);
    CHECK(
        spki_hash("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").error().code ==
        Code::kBadEncoding);
    CHECK(spki_hash_of_der("0").error().code == Code::kBadEncoding);
    CHECK(spki_hash(Bytes(100'000, 'A')).error().code == Code::kTooLong);
}

}  // namespace
}  // namespace sanquan
