// RFC 6962 trees over SHA-256.
#include <array>

#include "ledger/proof/merkle.h"
#include "node/vectors/groups.h"

namespace sanquan::vectors {
namespace {

constexpr HashAlgorithm kHash = HashAlgorithm::kSha256;

// A hash of another length can be part of no proof.
Result<Digest> digest_of(ByteView bytes) {
    auto digest = Digest::from_bytes(bytes);
    return digest ? digest : Result<Digest>(fail(Code::kProofInvalid, "a hash has 32 bytes"));
}

// A root of another length is replaced by its hash, which is the root of no tree here: the verdict,
// equality of two such roots included, stays the verifier's own.
Result<MerkleRoot> root_field(const Question& question, std::string_view field) {
    SANQUAN_TRY_ASSIGN(const Bytes bytes, hex_field(question, field));
    const auto root = MerkleRoot::from_bytes(bytes);
    return root ? *root : MerkleRoot::from(hash(kHash, {"not a root", bytes}));
}

Result<MerkleProof> proof_field(const Question& question) {
    SANQUAN_TRY_ASSIGN(const std::vector<Bytes> hashes, hex_list_field(question, "proof"));
    MerkleProof proof;
    for (const Bytes& bytes : hashes) {
        SANQUAN_TRY_ASSIGN(const Digest digest, digest_of(bytes));
        proof.push_back(digest);
    }
    return proof;
}

Result<Answer> root_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const std::vector<Bytes> leaves, hex_list_field(question, "leaves"));
    return Answer::accepted_text(merkle_root_of_leaves(kHash, leaves).hex());
}

Result<Answer> inclusion_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const std::uint64_t index, number_field(question, "leaf_index"));
    SANQUAN_TRY_ASSIGN(const std::uint64_t size, number_field(question, "tree_size"));
    SANQUAN_TRY_ASSIGN(const MerkleRoot root, root_field(question, "root"));
    SANQUAN_TRY_ASSIGN(const Bytes leaf_bytes, hex_field(question, "leaf_hash"));
    SANQUAN_TRY_ASSIGN(const Digest leaf, digest_of(leaf_bytes));
    SANQUAN_TRY_ASSIGN(const MerkleProof proof, proof_field(question));
    return Answer::of(verify_inclusion(kHash, leaf, index, size, proof, root));
}

Result<Answer> consistency_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const std::uint64_t earlier, number_field(question, "size1"));
    SANQUAN_TRY_ASSIGN(const std::uint64_t later, number_field(question, "size2"));
    SANQUAN_TRY_ASSIGN(const MerkleRoot earlier_root, root_field(question, "root1"));
    SANQUAN_TRY_ASSIGN(const MerkleRoot later_root, root_field(question, "root2"));
    SANQUAN_TRY_ASSIGN(const MerkleProof proof, proof_field(question));
    return Answer::of(
        verify_consistency(kHash, {earlier, earlier_root}, {later, later_root}, proof));
}

}  // namespace

std::span<const OpEntry> merkle_ops() {
    static constexpr auto kOps = std::to_array<OpEntry>({
        {"merkle.root", root_op},
        {"merkle.inclusion", inclusion_op},
        {"merkle.consistency", consistency_op},
    });
    return kOps;
}

}  // namespace sanquan::vectors
