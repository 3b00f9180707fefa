// RFC 6962 (and RFC 9162, section 2.1) Merkle trees: roots, inclusion proofs, consistency proofs.
//
// Blocks' transactions and receipts, and the log of all blocks, are such trees. Leaf hashes carry
// 0x00 in front and inner nodes 0x01, and an odd node is carried up, not doubled, so that no two
// lists of leaves share a root. Verification trusts nothing: a proof longer than its tree is high
// is refused before any hashing. Stateless; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ledger/base/ids.h"
#include "ledger/crypto/digest.h"

namespace sanquan {

using MerkleProof = std::vector<Digest>;

constexpr std::size_t kMerkleProofHashesMax = 64;  // a tree of 2^64 leaves is 64 high

// H(0x00 || leaf)
Digest merkle_leaf_hash(HashAlgorithm algorithm, ByteView leaf);
// H(0x01 || left || right)
Digest merkle_node_hash(HashAlgorithm algorithm, const Digest& left, const Digest& right);

// The root over leaf hashes; of no leaves, the hash of nothing.
MerkleRoot merkle_root(HashAlgorithm algorithm, std::span<const Digest> leaf_hashes);
// The root over raw leaves.
MerkleRoot merkle_root_of_leaves(HashAlgorithm algorithm, std::span<const Bytes> leaves);

// The proof that leaf `index` belongs to the tree over `leaf_hashes`; `index` lies within it.
MerkleProof make_inclusion_proof(HashAlgorithm algorithm, std::span<const Digest> leaf_hashes,
                                 std::uint64_t index);
// The proof that the tree over the first `size` leaf hashes is a prefix of the whole; 0 < `size` <=
// their number.
MerkleProof make_consistency_proof(HashAlgorithm algorithm, std::span<const Digest> leaf_hashes,
                                   std::uint64_t size);

// Whether `proof` leads from leaf `index` of a tree of `size` leaves to `root`; kProofInvalid.
Status verify_inclusion(HashAlgorithm algorithm, const Digest& leaf_hash, std::uint64_t index,
                        std::uint64_t size, std::span<const Digest> proof, const MerkleRoot& root);

struct MerkleTreeHead {
    std::uint64_t size = 0;
    MerkleRoot root;
    bool operator==(const MerkleTreeHead&) const = default;
};

// Whether `proof` shows that `earlier` is a prefix of `later`; kProofInvalid. Equal sizes need
// equal roots and an empty proof; for an empty earlier tree there is no proof (RFC 9162, 2.1.4: 0 <
// m).
Status verify_consistency(HashAlgorithm algorithm, const MerkleTreeHead& earlier,
                          const MerkleTreeHead& later, std::span<const Digest> proof);

}  // namespace sanquan
