// Goal: keys and signatures of all three algorithms round trip, and nothing near them passes.
// Method: generated keys, one-byte changes, cross use of algorithms.
#include "ledger/crypto/signature.h"

#include "ledger/crypto/ec_signature.h"
#include "ledger/crypto/signing_key.h"
#include "tests/support/catch.h"

namespace sanquan {
namespace {

constexpr auto kAlgorithms = {KeyAlgorithm::kEd25519, KeyAlgorithm::kSm2, KeyAlgorithm::kEcdsaP256};

TEST_CASE("a signature verifies for its key and message alone", "[crypto][signature]") {
    for (const auto algorithm : kAlgorithms) {
        CAPTURE(name(algorithm));
        const SigningKey key = SigningKey::generate(algorithm);
        const SigningKey other = SigningKey::generate(algorithm);
        const Bytes signature = key.sign("message");
        CHECK(signature.size() <= kSignatureBytesMax);
        CHECK(verify(key.public_key(), "message", signature));
        CHECK(verify(key.public_key(), "massage", signature).error().code == Code::kSigInvalid);
        CHECK_FALSE(verify(other.public_key(), "message", signature));
        CHECK_FALSE(verify(key.public_key(), "message", signature + "x"));
        CHECK_FALSE(verify(key.public_key(), "message", ""));
        CHECK(check_key_admissible(key.public_key()));
        for (std::size_t i = 0; i < signature.size(); ++i) {
            Bytes changed = signature;
            changed[i] = static_cast<char>(changed[i] ^ 0x20);
            CAPTURE(i);
            CHECK_FALSE(verify(key.public_key(), "message", changed));
        }
    }
}

TEST_CASE("the empty message can be signed", "[crypto][signature]") {
    for (const auto algorithm : kAlgorithms) {
        const SigningKey key = SigningKey::generate(algorithm);
        CHECK(verify(key.public_key(), "", key.sign("")));
    }
}

TEST_CASE("encoded keys decode to themselves and nothing else decodes", "[crypto][signature]") {
    for (const auto algorithm : kAlgorithms) {
        const PublicKey key = SigningKey::generate(algorithm).public_key();
        const Bytes encoded = key.encode();
        CHECK(PublicKey::decode(encoded).value() == key);
        CHECK(KeyId::parse(key.id().hex()).value() == key.id());
        CHECK(parse_key_algorithm(name(algorithm)).value() == algorithm);
        for (const Bytes& bad : {Bytes(), encoded + "x", encoded.substr(0, encoded.size() - 1),
                                 "\x04" + encoded.substr(1), Bytes(1, '\0') + encoded.substr(1)}) {
            CHECK(PublicKey::decode(bad).error().code == Code::kKeyInvalid);
        }
    }
    CHECK_FALSE(parse_key_algorithm("Ed25519"));
    CHECK(KeyId::parse("00").error().code == Code::kBadLength);
}

TEST_CASE("the same point under another algorithm is another key", "[crypto][signature]") {
    const SigningKey key = SigningKey::generate(KeyAlgorithm::kSm2);
    PublicKey relabelled = key.public_key();
    relabelled.algorithm = KeyAlgorithm::kEcdsaP256;
    CHECK(relabelled.id() != key.id());
    CHECK(check_key_admissible(relabelled).error().code == Code::kKeyInvalid);
    CHECK(verify(relabelled, "message", key.sign("message")).error().code == Code::kKeyInvalid);
}

TEST_CASE("curve points have one registered spelling", "[crypto][signature]") {
    const SigningKey key = SigningKey::generate(KeyAlgorithm::kEcdsaP256);
    const Bytes& point = key.public_key().bytes;
    const bool odd = (static_cast<unsigned>(point.back()) & 1U) != 0;
    const Bytes compressed = (odd ? "\x03" : "\x02") + point.substr(1, 32);
    const Bytes hybrid = (odd ? "\x07" : "\x06") + point.substr(1);
    const Bytes signature = key.sign("message");
    CHECK(ecdsa_p256_verify(compressed, "message", signature));
    CHECK(ecdsa_p256_check_admissible(compressed).error().code == Code::kKeyInvalid);
    CHECK(ecdsa_p256_verify(hybrid, "message", signature).error().code == Code::kKeyInvalid);
    CHECK(ecdsa_p256_verify(Bytes(1, '\0'), "message", signature).error().code ==
          Code::kKeyInvalid);
    Bytes off_curve = point;
    off_curve.back() = static_cast<char>(off_curve.back() ^ 1);
    CHECK(ecdsa_p256_check_admissible(off_curve).error().code == Code::kKeyInvalid);
}

TEST_CASE("SM2 signatures are bound to the signer identifier", "[crypto][signature]") {
    const SigningKey key = SigningKey::generate(KeyAlgorithm::kSm2);
    const Bytes signature = key.sign("message");
    const Bytes& point = key.public_key().bytes;
    CHECK(sm2_verify(point, "message", signature));
    CHECK_FALSE(sm2_verify(point, "message", signature, "ALICE123@YAHOO.COM"));
    CHECK_FALSE(sm2_verify(point, "message", signature, ""));
    CHECK(sm2_verify(point, "message", signature, std::string(9'000, 'a')).error().code ==
          Code::kTooLong);
}

// RFC 6979, A.2.5: P-256, SHA-256, message "sample".
TEST_CASE("a published P-256 signature verifies in both forms", "[crypto][signature]") {
    const Bytes point = from_hex(
                            "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                            "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299")
                            .value();
    const Bytes raw = from_hex(
                          "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                          "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8")
                          .value();
    CHECK(ecdsa_p256_verify_p1363(point, "sample", raw));
    CHECK_FALSE(ecdsa_p256_verify_p1363(point, "sample", raw.substr(1)));
    CHECK_FALSE(ecdsa_p256_verify_p1363(point, "sample", Bytes(64, '\0')));
    CHECK_FALSE(ecdsa_p256_verify(point, "sample", raw));
}

// GM/T 0003.5-2012 (the curve of the standard): message "message digest".
TEST_CASE("a published SM2 signature verifies", "[crypto][signature]") {
    const Bytes point = from_hex(
                            "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
                            "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13")
                            .value();
    const Bytes signature =
        from_hex(
            "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
            "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa")
            .value();
    CHECK(sm2_verify(point, "message digest", signature));
    CHECK_FALSE(sm2_verify(point, "message digesT", signature));
}

}  // namespace
}  // namespace sanquan
