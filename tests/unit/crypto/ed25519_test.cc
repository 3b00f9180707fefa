// Goal: Ed25519 follows its written rule. Method: honest signatures against OpenSSL; every
// single-bit change refused; keys of small order and with torsion refused at registration;
// libsodium's verdict, where it is installed, as oracle.
#include "ledger/crypto/ed25519.h"

#include <dlfcn.h>
#include <openssl/evp.h>

#include <memory>

#include "ledger/crypto/digest.h"
#include "ledger/crypto/signing_key.h"
#include "tests/support/catch.h"

namespace sanquan {
namespace {

bool openssl_accepts(const Bytes& key, const Bytes& message, const Bytes& signature) {
    EVP_PKEY* parsed = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, as_octets(key), 32);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const bool accepted = parsed != nullptr &&
                          EVP_DigestVerifyInit(context, nullptr, nullptr, nullptr, parsed) == 1 &&
                          EVP_DigestVerify(context, as_octets(signature), signature.size(),
                                           as_octets(message), message.size()) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(parsed);
    return accepted;
}

Bytes seed_of(int number) {
    return hash(HashAlgorithm::kSha256, {"seed " + std::to_string(number)}).bytes();
}

TEST_CASE("honest signatures verify here and in OpenSSL", "[crypto][ed25519]") {
    for (int i = 0; i < 50; ++i) {
        const SigningKey key = SigningKey::from_seed(seed_of(i)).value();
        const Bytes message(static_cast<std::size_t>(i * 7), 'm');
        const Bytes signature = key.sign(message);
        CHECK(ed25519_verify(key.public_key().bytes, message, signature));
        CHECK(openssl_accepts(key.public_key().bytes, message, signature));
        CHECK(check_key_admissible(key.public_key()));
    }
}

TEST_CASE("every changed bit of a signature is refused", "[crypto][ed25519]") {
    const SigningKey key = SigningKey::from_seed(seed_of(1)).value();
    const Bytes signature = key.sign("message");
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
        Bytes changed = signature;
        changed[bit / 8] =
            static_cast<char>(static_cast<unsigned>(changed[bit / 8]) ^ (1U << bit % 8));
        CAPTURE(bit);
        CHECK(ed25519_verify(key.public_key().bytes, "message", changed).error().code ==
              Code::kSigInvalid);
    }
    CHECK_FALSE(ed25519_verify(key.public_key().bytes, "message", signature + '\0'));
    CHECK_FALSE(ed25519_verify(key.public_key().bytes, "message", signature.substr(1)));
    CHECK_FALSE(ed25519_verify(key.public_key().bytes, "message", ""));
}

TEST_CASE("S + L is refused", "[crypto][ed25519]") {
    const SigningKey key = SigningKey::from_seed(seed_of(2)).value();
    Bytes signature = key.sign("message");
    const Bytes order =
        from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
    unsigned carry = 0;
    for (std::size_t i = 0; i < 32; ++i) {
        const unsigned sum = static_cast<std::uint8_t>(signature[32 + i]) +
                             static_cast<unsigned>(static_cast<std::uint8_t>(order[i])) + carry;
        signature[32 + i] = static_cast<char>(static_cast<std::uint8_t>(sum));
        carry = sum >> 8U;
    }
    CHECK(ed25519_verify(key.public_key().bytes, "message", signature).error().code ==
          Code::kSigInvalid);
}

TEST_CASE("keys that no honest signer makes are not admissible", "[crypto][ed25519]") {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"identity", "0100000000000000000000000000000000000000000000000000000000000000"},
        {"order 2", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
        {"order 4", "0000000000000000000000000000000000000000000000000000000000000000"},
        {"order 4, sign set", "0000000000000000000000000000000000000000000000000000000000000080"},
        {"order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"},
        {"order 8, other", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"},
        {"zero as p", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
        {"one as p + 1", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
        {"3 as p + 3", "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
        {"no point has y = 2", "0200000000000000000000000000000000000000000000000000000000000000"},
        // order 8L: the base point plus a point of order 8; order 2L: the base point plus (0, -1)
        {"torsion 8", "da99e28ba529cdde35a25fba9059e78ecaee239f99755b9b1aa4f65df00803e2"},
        {"torsion 4", "5252cc0a7f208133b620acbd4537eba2a4123bf0a8c2e4f980c3b31bb69765ea"},
        {"torsion 2", "9599999999999999999999999999999999999999999999999999999999999999"},
    };
    for (const auto& [why, hex] : cases) {
        CAPTURE(why);
        CHECK(ed25519_check_admissible(from_hex(hex).value()).error().code == Code::kKeyInvalid);
    }
    CHECK(ed25519_check_admissible(
        from_hex("5866666666666666666666666666666666666666666666666666666666666666").value()));
    CHECK_FALSE(ed25519_check_admissible(Bytes(31, 'k')));
}

using SodiumVerify = int (*)(const unsigned char*, const unsigned char*, unsigned long long,
                             const unsigned char*);

TEST_CASE("random corruptions get libsodium's verdict", "[crypto][ed25519][differential]") {
    void* library = dlopen("libsodium.so.23", RTLD_NOW);
    if (library == nullptr) {
        WARN("libsodium is not installed; the comparison is left out");
        return;
    }
    const auto oracle =
        reinterpret_cast<SodiumVerify>(dlsym(library, "crypto_sign_verify_detached"));
    REQUIRE(oracle != nullptr);
    const SigningKey key = SigningKey::from_seed(seed_of(3)).value();
    const Bytes signature = key.sign("message");
    for (int i = 0; i < 2'000; ++i) {
        const Digest noise = hash(HashAlgorithm::kSha256, {"noise " + std::to_string(i)});
        Bytes changed_key = key.public_key().bytes;
        Bytes changed = signature;
        Bytes& target = i % 3 == 0 ? changed_key : changed;
        const auto at = static_cast<std::size_t>(noise.octets[0]) % target.size();
        target[at] = static_cast<char>(noise.octets[1]);
        if (i % 5 == 0) {
            changed.replace(0, 32, noise.bytes());
        }
        const bool expected =
            oracle(as_octets(changed), as_octets("message"), 7, as_octets(changed_key)) == 0;
        CAPTURE(i, to_hex(changed_key), to_hex(changed));
        CHECK(ed25519_verify(changed_key, "message", changed).has_value() == expected);
    }
    dlclose(library);
}

}  // namespace
}  // namespace sanquan
