#include "ledger/crypto/signature.h"

#include <algorithm>
#include <optional>

#include "ledger/base/assert.h"
#include "ledger/crypto/digest.h"
#include "ledger/crypto/ec_signature.h"
#include "ledger/crypto/ed25519.h"

namespace sanquan {
namespace {

std::optional<KeyAlgorithm> algorithm_of_tag(std::uint8_t tag) {
    for (const auto algorithm :
         {KeyAlgorithm::kEd25519, KeyAlgorithm::kSm2, KeyAlgorithm::kEcdsaP256}) {
        if (tag == static_cast<std::uint8_t>(algorithm)) {
            return algorithm;
        }
    }
    return std::nullopt;
}

std::size_t key_bytes(KeyAlgorithm algorithm) {
    return algorithm == KeyAlgorithm::kEd25519 ? kEd25519KeyBytes : kEcPointBytes;
}

}  // namespace

std::string_view name(KeyAlgorithm algorithm) {
    switch (algorithm) {
        case KeyAlgorithm::kEd25519:
            return "ed25519";
        case KeyAlgorithm::kSm2:
            return "sm2";
        case KeyAlgorithm::kEcdsaP256:
            return "ecdsa-p256";
    }
    SANQUAN_ASSERT(false);
}

Result<KeyAlgorithm> parse_key_algorithm(std::string_view name_text) {
    for (const auto algorithm :
         {KeyAlgorithm::kEd25519, KeyAlgorithm::kSm2, KeyAlgorithm::kEcdsaP256}) {
        if (name(algorithm) == name_text) {
            return algorithm;
        }
    }
    return fail(Code::kKeyInvalid, "expected ed25519, sm2 or ecdsa-p256");
}

Result<KeyId> KeyId::from_bytes(ByteView bytes) {
    if (bytes.size() != kKeyIdBytes) {
        return fail(Code::kBadLength, "a key id has 16 bytes");
    }
    KeyId id;
    std::copy_n(as_octets(bytes), kKeyIdBytes, id.octets.begin());
    return id;
}

Result<KeyId> KeyId::parse(std::string_view hex) {
    SANQUAN_TRY_ASSIGN(const Bytes bytes, from_hex(hex));
    return from_bytes(bytes);
}

Bytes PublicKey::encode() const {
    Bytes encoded(1, static_cast<char>(algorithm));
    return encoded.append(bytes);
}

KeyId PublicKey::id() const {
    const auto tag = static_cast<char>(algorithm);
    const Digest digest = hash(HashAlgorithm::kSha256, {ByteView(&tag, 1), bytes});
    KeyId id;
    std::copy_n(digest.octets.begin(), kKeyIdBytes, id.octets.begin());
    return id;
}

Result<PublicKey> PublicKey::decode(ByteView encoded) {
    if (encoded.empty()) {
        return fail(Code::kKeyInvalid, "empty");
    }
    const auto algorithm = algorithm_of_tag(static_cast<std::uint8_t>(encoded.front()));
    if (!algorithm) {
        return fail(Code::kKeyInvalid, "unknown algorithm tag");
    }
    const ByteView bytes = encoded.substr(1);
    if (bytes.size() != key_bytes(*algorithm)) {
        return fail(Code::kKeyInvalid, "wrong length for " + std::string(name(*algorithm)));
    }
    return PublicKey{*algorithm, Bytes(bytes)};
}

Status verify(const PublicKey& key, ByteView message, ByteView signature) {
    switch (key.algorithm) {
        case KeyAlgorithm::kEd25519:
            return ed25519_verify(key.bytes, message, signature);
        case KeyAlgorithm::kSm2:
            return sm2_verify(key.bytes, message, signature);
        case KeyAlgorithm::kEcdsaP256:
            return ecdsa_p256_verify(key.bytes, message, signature);
    }
    return fail(Code::kKeyInvalid, "unknown algorithm");
}

Status check_key_admissible(const PublicKey& key) {
    switch (key.algorithm) {
        case KeyAlgorithm::kEd25519:
            return ed25519_check_admissible(key.bytes);
        case KeyAlgorithm::kSm2:
            return sm2_check_admissible(key.bytes);
        case KeyAlgorithm::kEcdsaP256:
            return ecdsa_p256_check_admissible(key.bytes);
    }
    return fail(Code::kKeyInvalid, "unknown algorithm");
}

}  // namespace sanquan
