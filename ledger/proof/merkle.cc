#include "ledger/proof/merkle.h"

#include <bit>

#include "ledger/base/assert.h"

namespace sanquan {
namespace {

constexpr ByteView kLeafPrefix("\x00", 1);
constexpr ByteView kNodePrefix("\x01", 1);

// The largest power of two below `size`: where RFC 6962 splits a tree of `size` > 1 leaves.
std::uint64_t split_point(std::uint64_t size) { return std::bit_floor(size - 1); }

Digest subtree(HashAlgorithm algorithm, std::span<const Digest> leaves) {
    if (leaves.size() == 1) {
        return leaves.front();
    }
    const std::uint64_t split = split_point(leaves.size());
    return merkle_node_hash(algorithm, subtree(algorithm, leaves.first(split)),
                            subtree(algorithm, leaves.subspan(split)));
}

// RFC 9162, 2.1.3.1: PATH(index, leaves), nearest sibling first.
void append_path(HashAlgorithm algorithm, std::span<const Digest> leaves, std::uint64_t index,
                 MerkleProof& proof) {
    if (leaves.size() == 1) {
        return;
    }
    const std::uint64_t split = split_point(leaves.size());
    const auto left = leaves.first(split);
    const auto right = leaves.subspan(split);
    if (index < split) {
        append_path(algorithm, left, index, proof);
        proof.push_back(subtree(algorithm, right));
    } else {
        append_path(algorithm, right, index - split, proof);
        proof.push_back(subtree(algorithm, left));
    }
}

// RFC 9162, 2.1.4.1: SUBPROOF(size, leaves, whole); `whole` while the earlier tree is a complete
// subtree known to the verifier.
void append_subproof(HashAlgorithm algorithm, std::span<const Digest> leaves, std::uint64_t size,
                     bool whole, MerkleProof& proof) {
    if (size == leaves.size()) {
        if (!whole) {
            proof.push_back(subtree(algorithm, leaves));
        }
        return;
    }
    const std::uint64_t split = split_point(leaves.size());
    const auto left = leaves.first(split);
    const auto right = leaves.subspan(split);
    if (size <= split) {
        append_subproof(algorithm, left, size, whole, proof);
        proof.push_back(subtree(algorithm, right));
    } else {
        append_subproof(algorithm, right, size - split, /*whole=*/false, proof);
        proof.push_back(subtree(algorithm, left));
    }
}

tl::unexpected<Error> proof_length() {
    return fail(Code::kProofInvalid, "the proof has the wrong number of hashes");
}

tl::unexpected<Error> other_root() {
    return fail(Code::kProofInvalid, "the hashes lead to another root");
}

// Both roots that a consistency proof leads to, by RFC 9162, 2.1.4.2.
struct TwoRoots {
    Digest earlier;
    Digest later;
};

Result<TwoRoots> roots_of_consistency(HashAlgorithm algorithm, std::uint64_t earlier_size,
                                      std::uint64_t later_size, const Digest& start,
                                      std::span<const Digest> proof) {
    std::uint64_t fn = earlier_size - 1;
    std::uint64_t sn = later_size - 1;
    const int shift = std::countr_one(fn);
    fn >>= static_cast<unsigned>(shift);
    sn >>= static_cast<unsigned>(shift);
    TwoRoots roots{start, start};
    for (const Digest& sibling : proof) {
        if (sn == 0) {
            return proof_length();
        }
        if ((fn & 1U) != 0 || fn == sn) {
            roots.earlier = merkle_node_hash(algorithm, sibling, roots.earlier);
            roots.later = merkle_node_hash(algorithm, sibling, roots.later);
            while ((fn & 1U) == 0 && fn != 0) {
                fn >>= 1U;
                sn >>= 1U;
            }
        } else {
            roots.later = merkle_node_hash(algorithm, roots.later, sibling);
        }
        fn >>= 1U;
        sn >>= 1U;
    }
    if (sn != 0) {
        return proof_length();
    }
    return roots;
}

}  // namespace

Digest merkle_leaf_hash(HashAlgorithm algorithm, ByteView leaf) {
    return hash(algorithm, {kLeafPrefix, leaf});
}

Digest merkle_node_hash(HashAlgorithm algorithm, const Digest& left, const Digest& right) {
    return hash(algorithm, {kNodePrefix, left.view(), right.view()});
}

MerkleRoot merkle_root(HashAlgorithm algorithm, std::span<const Digest> leaf_hashes) {
    return MerkleRoot::from(leaf_hashes.empty() ? hash(algorithm, {})
                                                : subtree(algorithm, leaf_hashes));
}

MerkleRoot merkle_root_of_leaves(HashAlgorithm algorithm, std::span<const Bytes> leaves) {
    std::vector<Digest> hashes;
    hashes.reserve(leaves.size());
    for (const Bytes& leaf : leaves) {
        hashes.push_back(merkle_leaf_hash(algorithm, leaf));
    }
    return merkle_root(algorithm, hashes);
}

MerkleProof make_inclusion_proof(HashAlgorithm algorithm, std::span<const Digest> leaf_hashes,
                                 std::uint64_t index) {
    SANQUAN_ASSERT(index < leaf_hashes.size());
    MerkleProof proof;
    append_path(algorithm, leaf_hashes, index, proof);
    return proof;
}

MerkleProof make_consistency_proof(HashAlgorithm algorithm, std::span<const Digest> leaf_hashes,
                                   std::uint64_t size) {
    SANQUAN_ASSERT(size > 0 && size <= leaf_hashes.size());
    MerkleProof proof;
    append_subproof(algorithm, leaf_hashes, size, /*whole=*/true, proof);
    return proof;
}

Status verify_inclusion(HashAlgorithm algorithm, const Digest& leaf_hash, std::uint64_t index,
                        std::uint64_t size, std::span<const Digest> proof, const MerkleRoot& root) {
    if (index >= size) {
        return fail(Code::kProofInvalid, "the index lies outside the tree");
    }
    if (proof.size() > kMerkleProofHashesMax) {
        return proof_length();
    }
    // RFC 9162, 2.1.3.2.
    std::uint64_t fn = index;
    std::uint64_t sn = size - 1;
    Digest reached = leaf_hash;
    for (const Digest& sibling : proof) {
        if (sn == 0) {
            return proof_length();
        }
        if ((fn & 1U) != 0 || fn == sn) {
            reached = merkle_node_hash(algorithm, sibling, reached);
            while ((fn & 1U) == 0 && fn != 0) {
                fn >>= 1U;
                sn >>= 1U;
            }
        } else {
            reached = merkle_node_hash(algorithm, reached, sibling);
        }
        fn >>= 1U;
        sn >>= 1U;
    }
    if (sn != 0) {
        return proof_length();
    }
    if (MerkleRoot::from(reached) != root) {
        return other_root();
    }
    return {};
}

Status verify_consistency(HashAlgorithm algorithm, const MerkleTreeHead& earlier,
                          const MerkleTreeHead& later, std::span<const Digest> proof) {
    if (earlier.size > later.size) {
        return fail(Code::kProofInvalid, "the earlier tree is the larger one");
    }
    if (proof.size() > kMerkleProofHashesMax) {
        return proof_length();
    }
    if (earlier.size == later.size) {
        if (!proof.empty()) {
            return proof_length();
        }
        return earlier.root == later.root ? Status() : Status(other_root());
    }
    if (earlier.size == 0) {
        return fail(Code::kProofInvalid, "nothing can be shown about an empty tree");
    }
    if (proof.empty()) {
        return proof_length();
    }
    // The earlier root is itself the first node when the earlier tree is a complete subtree of the
    // later one.
    const bool complete = std::has_single_bit(earlier.size);
    const Digest start = complete ? Digest::from(earlier.root) : proof.front();
    SANQUAN_TRY_ASSIGN(const TwoRoots roots,
                       roots_of_consistency(algorithm, earlier.size, later.size, start,
                                            complete ? proof : proof.subspan(1)));
    if (MerkleRoot::from(roots.earlier) != earlier.root ||
        MerkleRoot::from(roots.later) != later.root) {
        return other_root();
    }
    return {};
}

}  // namespace sanquan
