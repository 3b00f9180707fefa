// Public keys and signature checks: an algorithm tag beside every key, several algorithms on one
// chain (D2).
//
// Called by the node's verifier, by admission and by the client's proof checks. Everything here is
// stateless and may be called from any thread. What is signed is always domain_message() of
// digest.h.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"

namespace sanquan {

enum class KeyAlgorithm : std::uint8_t {
    kEd25519 = 1,    // RFC 8032 with the acceptance rule of ed25519.h
    kSm2 = 2,        // GB/T 32918.2-2016 with SM3, DER signatures
    kEcdsaP256 = 3,  // FIPS 186-4 on P-256 with SHA-256, DER signatures
};

// "ed25519", "sm2", "ecdsa-p256": the spelling of genesis files, configuration and APIs.
std::string_view name(KeyAlgorithm algorithm);
// The algorithm of that name; kKeyInvalid.
Result<KeyAlgorithm> parse_key_algorithm(std::string_view name);

constexpr std::size_t kKeyIdBytes = 16;
constexpr std::size_t kEd25519KeyBytes = 32;
constexpr std::size_t kEcPointBytes = 65;  // SEC 1, uncompressed
constexpr std::size_t kEd25519SignatureBytes = 64;
constexpr std::size_t kSignatureBytesMax = 80;  // DER of two 256-bit integers takes at most 72

// The first 16 bytes of SHA-256 over algorithm tag and key bytes; names a key on the ledger and in
// files.
struct KeyId {
    std::array<std::uint8_t, kKeyIdBytes> octets{};
    auto operator<=>(const KeyId&) const = default;

    [[nodiscard]] ByteView view() const { return as_view(octets.data(), octets.size()); }
    [[nodiscard]] Bytes bytes() const { return Bytes(view()); }
    [[nodiscard]] std::string hex() const { return to_hex(view()); }
    // kBadLength unless `bytes` are exactly 16.
    static Result<KeyId> from_bytes(ByteView bytes);
    // kBadHex, kBadLength.
    static Result<KeyId> parse(std::string_view hex);
};

// grammar: encoded key = algorithm tag (1 byte) || key bytes (32 for Ed25519, 65 for the curves of
// SEC 1)
struct PublicKey {
    KeyAlgorithm algorithm = KeyAlgorithm::kEd25519;
    Bytes bytes;
    auto operator<=>(const PublicKey&) const = default;

    [[nodiscard]] Bytes encode() const;
    [[nodiscard]] KeyId id() const;
    // Checks tag and length, not the point (check_key_admissible does); kKeyInvalid.
    static Result<PublicKey> decode(ByteView encoded);
};

// Whether `signature` by `key` covers `message`; kSigInvalid, or kKeyInvalid when the key is no key
// at all.
Status verify(const PublicKey& key, ByteView message, ByteView signature);

// Whether the ledger may register `key`: one spelling, a point of the curve, for Ed25519 of prime
// order; kKeyInvalid.
Status check_key_admissible(const PublicKey& key);

}  // namespace sanquan
