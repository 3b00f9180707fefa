// The authenticated state's bytes and hashes: entries, twigs, the upper tree, the root (design D6).
//
//   head   := kind (1) ‖ height (8) ‖ since (8) ‖ previous (8) ‖ key_length (1) ‖ key ‖ next_length
//   (1) ‖ next key
//             numbers big-endian; kind 1 = value, 2 = tombstone; previous = all ones when there is
//             none
//   leaf   := H(00 ‖ head ‖ H(05 ‖ value))
//   node   := H(01 ‖ left ‖ right)         inside a twig: 2,048 leaves, absent ones count as 32
//   zero bytes twig   := H(02 ‖ node over all leaves ‖ bitmap)     bitmap: 256 bytes, bit i of the
//   twig = byte i/8, bit i%8 upper  := H(03 ‖ left ‖ right)         over twigs, filled up to a
//   power of two with 32 zero bytes root   := H(04 ‖ entries (8) ‖ floor (8) ‖ upper)
//             entries: number ever appended; floor: no entry before this position is current
//
// The value enters by its digest, so that absence and history proofs show no one else's value.
// Shared by the store (ledger/state) and by clients that verify; depends on the hash alone.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "ledger/base/ids.h"
#include "ledger/crypto/digest.h"

namespace sanquan {

constexpr std::uint32_t kTwigDepth = 11;
constexpr std::uint32_t kTwigEntries = 1U << kTwigDepth;
constexpr std::uint32_t kBitmapBytes = kTwigEntries / 8;
constexpr std::uint64_t kNoPosition = ~std::uint64_t{0};

enum class EntryKind : std::uint8_t { kValue = 1, kTombstone = 2 };

// One entry; views point into the buffer that it was decoded from. Positions count all entries ever
// appended.
struct EntryHead {
    EntryKind kind = EntryKind::kValue;
    Height height;                         // of the block that appended it
    Height since;                          // of the block that set the value
    std::uint64_t previous = kNoPosition;  // the key's entry before this one
    ByteView key;                          // empty only for the sentinel, which every state holds
    ByteView next_key;                     // the next greater key; empty when there is none
};

using Bitmap = std::array<std::uint8_t, kBitmapBytes>;

void append_head(Bytes& out, const EntryHead& head);
// Reads a head from the front of `bytes` and removes it; kBadEncoding, kTooLong. Every field is
// checked for range.
Result<EntryHead> take_head(ByteView& bytes);

// Hashes of one algorithm, with the constants for absent parts worked out once.
class StateHasher {
  public:
    explicit StateHasher(HashAlgorithm algorithm);
    [[nodiscard]] HashAlgorithm algorithm() const { return algorithm_; }
    [[nodiscard]] Digest value(ByteView value) const;
    [[nodiscard]] Digest leaf(ByteView head, const Digest& value_digest) const;
    [[nodiscard]] Digest node(const Digest& left, const Digest& right) const;
    [[nodiscard]] Digest twig(const Digest& leaves, const Bitmap& bitmap) const;
    [[nodiscard]] Digest upper(const Digest& left, const Digest& right) const;
    [[nodiscard]] StateRoot root(std::uint64_t entries, std::uint64_t floor,
                                 const Digest& upper) const;
    // The digest of a subtree of `level` without any leaf (inside a twig; of the upper tree).
    [[nodiscard]] const Digest& absent_node(std::uint32_t level) const { return node_[level]; }
    [[nodiscard]] const Digest& absent_upper(std::uint32_t level) const { return upper_[level]; }

  private:
    HashAlgorithm algorithm_;
    std::array<Digest, kTwigDepth + 1> node_;
    std::array<Digest, 64> upper_;
};

// The hasher of an algorithm; made once per process.
const StateHasher& state_hasher(HashAlgorithm algorithm);

constexpr std::uint64_t twig_of(std::uint64_t position) { return position >> kTwigDepth; }
constexpr std::uint32_t slot_of(std::uint64_t position) {
    return static_cast<std::uint32_t>(position & (kTwigEntries - 1));
}
constexpr std::uint64_t twig_count(std::uint64_t entries) {
    return (entries + kTwigEntries - 1) >> kTwigDepth;
}
// Levels of the upper tree above its leaves.
constexpr std::uint32_t upper_depth(std::uint64_t twigs) {
    return twigs <= 1 ? 0 : static_cast<std::uint32_t>(std::bit_width(twigs - 1));
}
inline bool bit(const Bitmap& bitmap, std::uint32_t slot) {
    return ((bitmap[slot / 8] >> (slot % 8)) & 1U) != 0;
}
inline void set_bit(Bitmap& bitmap, std::uint32_t slot, bool value) {
    const auto mask = static_cast<std::uint8_t>(1U << (slot % 8));
    std::uint8_t& octet = bitmap[slot / 8];
    octet = static_cast<std::uint8_t>(value ? octet | mask : octet & ~mask);
}

}  // namespace sanquan
