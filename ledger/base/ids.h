// Strong types for everything that could be mixed up: numbers that count different things, digests of different things.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>

#include "ledger/base/assert.h"
#include "ledger/base/bytes.h"

namespace sanquan {

// A number with a meaning; no conversion, no arithmetic but next().
template <typename Tag, typename Number = std::uint64_t>
struct StrongNumber {
    Number value = 0;
    constexpr auto operator<=>(const StrongNumber&) const = default;
    [[nodiscard]] constexpr StrongNumber next() const { return {static_cast<Number>(value + 1)}; }
};

using Height = StrongNumber<struct HeightTag>;
using View = StrongNumber<struct ViewTag>;
using Epoch = StrongNumber<struct EpochTag>;
using Tick = StrongNumber<struct TickTag>;
// Position of a validator in its epoch's validator set.
using ReplicaIndex = StrongNumber<struct ReplicaIndexTag, std::uint16_t>;
// Milliseconds since 1970-01-01T00:00:00Z, from block headers only.
using TimeMs = StrongNumber<struct TimeMsTag>;

constexpr std::size_t kDigestBytes = 32;

// 32 bytes of a hash; Tag says of what.
template <typename Tag>
struct TypedDigest {
    std::array<std::uint8_t, kDigestBytes> octets{};
    auto operator<=>(const TypedDigest&) const = default;

    [[nodiscard]] ByteView view() const { return as_view(octets.data(), octets.size()); }
    [[nodiscard]] Bytes bytes() const { return Bytes(view()); }
    [[nodiscard]] std::string hex() const { return to_hex(view()); }
    // First eight hexadecimal digits: for logs, never for identity.
    [[nodiscard]] std::string short_hex() const { return to_hex(view().substr(0, 4)); }
    [[nodiscard]] bool is_zero() const { return *this == TypedDigest{}; }

    // kBadLength unless `bytes` are exactly 32.
    static Result<TypedDigest> from_bytes(ByteView bytes) {
        if (bytes.size() != kDigestBytes) {
            return fail(Code::kBadLength, "a digest has 32 bytes");
        }
        TypedDigest digest;
        std::memcpy(digest.octets.data(), bytes.data(), kDigestBytes);
        return digest;
    }
    template <typename Other>
    static TypedDigest from(const TypedDigest<Other>& other) {
        return TypedDigest{other.octets};
    }
};

using Digest = TypedDigest<struct PlainTag>;
using ChainId = TypedDigest<struct ChainIdTag>;  // the genesis digest
using TransactionId = TypedDigest<struct TransactionIdTag>;
using BlockDigest = TypedDigest<struct BlockDigestTag>;
using StateRoot = TypedDigest<struct StateRootTag>;
using MerkleRoot = TypedDigest<struct MerkleRootTag>;  // of an RFC 6962 tree
using ValidatorSetDigest = TypedDigest<struct ValidatorSetDigestTag>;

}  // namespace sanquan
