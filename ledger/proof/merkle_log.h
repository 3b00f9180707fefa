// A long append-only RFC 6962 log that keeps only its frontier in memory and its nodes in a store.
//
// The frontier (one hash per set bit of the size) gives the root after every append; finished nodes
// go to the owner's store by (level, index) and come back through a small reader when a proof is
// asked for. Single-threaded; the owner guards it.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "ledger/proof/merkle.h"

namespace sanquan {

// A complete subtree of 2^level leaves: the index-th of its level, counted from the left. Its hash
// never changes.
struct MerkleNodePosition {
    std::uint32_t level = 0;
    std::uint64_t index = 0;
    auto operator<=>(const MerkleNodePosition&) const = default;
};

struct MerkleNode {
    MerkleNodePosition position;
    Digest digest;
};

class MerkleFrontier {
  public:
    explicit MerkleFrontier(HashAlgorithm algorithm) : algorithm_(algorithm) {}

    // Appends a leaf hash and returns every node that it finished, the leaf itself first: to be
    // stored by the owner.
    std::vector<MerkleNode> append(const Digest& leaf_hash);
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] MerkleRoot root() const;
    [[nodiscard]] MerkleTreeHead head() const { return {size_, root()}; }

    // grammar: algorithm (1 byte) || size (8 bytes, big-endian) || one 32-byte hash per set bit of
    // size, high bit first
    [[nodiscard]] Bytes encode() const;
    // kBadEncoding, kBadLength.
    static Result<MerkleFrontier> decode(ByteView encoded);

  private:
    HashAlgorithm algorithm_;
    std::uint64_t size_ = 0;
    std::vector<Digest> peaks_;  // roots of the complete subtrees, largest first
};

// Reads the hash of a finished node; an error (kNotFound, kCorrupt, kIo) is passed on.
using MerkleNodeReader = std::function<Result<Digest>(const MerkleNodePosition&)>;

// The root that the log had at `size` leaves.
Result<MerkleRoot> log_root(HashAlgorithm algorithm, const MerkleNodeReader& read,
                            std::uint64_t size);
// The proof that leaf `index` belongs to the log's first `size` leaves; kProofInvalid when it does
// not lie there.
Result<MerkleProof> log_inclusion_proof(HashAlgorithm algorithm, const MerkleNodeReader& read,
                                        std::uint64_t index, std::uint64_t size);
// The proof that the log at `earlier` leaves is a prefix of the log at `later` leaves, empty for
// equal sizes; kProofInvalid when `earlier` > `later`, or is 0 and `later` is not.
Result<MerkleProof> log_consistency_proof(HashAlgorithm algorithm, const MerkleNodeReader& read,
                                          std::uint64_t earlier, std::uint64_t later);

}  // namespace sanquan
