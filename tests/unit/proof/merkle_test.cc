// Goal: roots and proofs are those of RFC 6962 and nothing forged passes. Method: the RFC's own
// small trees, all pairs up to 33 leaves, every field of every proof changed.
#include "ledger/proof/merkle.h"

#include <set>

#include "tests/support/catch.h"

namespace sanquan {
namespace {

constexpr HashAlgorithm kHash = HashAlgorithm::kSha256;

std::vector<Digest> leaves_of(std::size_t count) {
    std::vector<Digest> leaves;
    for (std::size_t i = 0; i < count; ++i) {
        leaves.push_back(merkle_leaf_hash(kHash, "leaf " + std::to_string(i)));
    }
    return leaves;
}

TEST_CASE("roots of the reference tree", "[proof][merkle]") {
    // The test tree of the Certificate Transparency reference implementation.
    const std::vector<Bytes> leaves = {"",
                                       Bytes(1, '\0'),
                                       "\x10",
                                       "\x20\x21",
                                       "\x30\x31",
                                       "\x40\x41\x42\x43",
                                       from_hex("5051525354555657").value(),
                                       from_hex("606162636465666768696a6b6c6d6e6f").value()};
    const std::vector<std::string> roots = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    for (std::size_t size = 0; size < roots.size(); ++size) {
        CHECK(merkle_root_of_leaves(kHash, std::span(leaves).first(size)).hex() == roots[size]);
    }
}

TEST_CASE("every inclusion proof verifies, for its leaf and place alone", "[proof][merkle]") {
    for (std::size_t size = 1; size <= 33; ++size) {
        const auto leaves = leaves_of(size);
        const MerkleRoot root = merkle_root(kHash, leaves);
        for (std::size_t index = 0; index < size; ++index) {
            const MerkleProof proof = make_inclusion_proof(kHash, leaves, index);
            CAPTURE(size, index);
            REQUIRE(verify_inclusion(kHash, leaves[index], index, size, proof, root));
            for (std::size_t other = 0; other < size + 2; ++other) {
                if (other != index) {
                    CHECK_FALSE(verify_inclusion(kHash, leaves[index], other, size, proof, root));
                }
            }
            MerkleProof longer = proof;
            longer.push_back(leaves[0]);
            CHECK_FALSE(verify_inclusion(kHash, leaves[index], index, size, longer, root));
            for (std::size_t i = 0; i < proof.size(); ++i) {
                MerkleProof changed = proof;
                changed[i].octets[i] ^= 1U;
                CHECK_FALSE(verify_inclusion(kHash, leaves[index], index, size, changed, root));
                MerkleProof shorter = proof;
                shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
                CHECK_FALSE(verify_inclusion(kHash, leaves[index], index, size, shorter, root));
            }
        }
    }
}

TEST_CASE("every consistency proof verifies, for its sizes alone", "[proof][merkle]") {
    constexpr std::size_t kSizeMax = 33;
    const auto leaves = leaves_of(kSizeMax);
    std::vector<MerkleRoot> roots;
    for (std::size_t size = 0; size <= kSizeMax; ++size) {
        roots.push_back(merkle_root(kHash, std::span(leaves).first(size)));
    }
    for (std::size_t later = 1; later <= kSizeMax; ++later) {
        for (std::size_t earlier = 1; earlier <= later; ++earlier) {
            const MerkleProof proof =
                make_consistency_proof(kHash, std::span(leaves).first(later), earlier);
            const MerkleTreeHead from{earlier, roots[earlier]};
            const MerkleTreeHead to{later, roots[later]};
            CAPTURE(earlier, later);
            REQUIRE(verify_consistency(kHash, from, to, proof));
            CHECK_FALSE(verify_consistency(kHash, {earlier, roots[earlier - 1]}, to, proof));
            CHECK_FALSE(verify_consistency(kHash, from, {later, roots[later - 1]}, proof));
            MerkleProof longer = proof;
            longer.push_back(leaves[0]);
            CHECK_FALSE(verify_consistency(kHash, from, to, longer));
            for (std::size_t i = 0; i < proof.size(); ++i) {
                MerkleProof changed = proof;
                changed[i].octets[31] ^= 0x80U;
                CHECK_FALSE(verify_consistency(kHash, from, to, changed));
            }
            if (!proof.empty()) {
                CHECK_FALSE(verify_consistency(kHash, from, to, std::span(proof).subspan(1)));
            }
        }
    }
}

TEST_CASE("the corners of consistency", "[proof][merkle]") {
    const auto leaves = leaves_of(3);
    const MerkleTreeHead empty{0, merkle_root(kHash, {})};
    const MerkleTreeHead three{3, merkle_root(kHash, leaves)};
    CHECK_FALSE(verify_consistency(kHash, empty, three, {}));
    CHECK(verify_consistency(kHash, empty, empty, {}));
    CHECK_FALSE(verify_consistency(kHash, {0, three.root}, three, {}));
    CHECK_FALSE(verify_consistency(kHash, empty, three, leaves));
    CHECK_FALSE(verify_consistency(kHash, three, empty, {}));
    CHECK_FALSE(verify_consistency(kHash, three, {UINT64_MAX, three.root}, {}));
}

TEST_CASE("absurd sizes and lengths are refused at once", "[proof][merkle]") {
    const auto leaves = leaves_of(1);
    const MerkleRoot root = merkle_root(kHash, leaves);
    const MerkleProof many(100'000, leaves[0]);
    CHECK(verify_inclusion(kHash, leaves[0], 0, UINT64_MAX, many, root).error().code ==
          Code::kProofInvalid);
    CHECK_FALSE(verify_inclusion(kHash, leaves[0], 0, 0, {}, root));
    CHECK_FALSE(verify_inclusion(kHash, leaves[0], UINT64_MAX, UINT64_MAX, {}, root));
    CHECK_FALSE(verify_inclusion(kHash, leaves[0], 0, UINT64_MAX, std::span(many).first(64), root));
}

// CVE-2012-2459 doubled the last leaf; CVE-2023-46132 moved bytes between neighbours.
TEST_CASE("distinct lists have distinct roots", "[proof][merkle]") {
    const std::vector<std::vector<Bytes>> lists = {{},
                                                   {""},
                                                   {"", ""},
                                                   {"a"},
                                                   {"a", "a"},
                                                   {"a", "b", "c"},
                                                   {"a", "b", "c", "c"},
                                                   {"ab", "c"},
                                                   {"a", "bc"},
                                                   {"abc"},
                                                   {"b", "a"},
                                                   {"a", "b", "c", "c", "c"},
                                                   {"a", "b"},
                                                   {"a", "b", "a", "b"}};
    std::set<MerkleRoot> roots;
    for (const auto& list : lists) {
        CHECK(roots.insert(merkle_root_of_leaves(kHash, list)).second);
    }
    // An inner node offered as a leaf.
    const auto leaves = leaves_of(2);
    const Bytes joined = leaves[0].bytes() + leaves[1].bytes();
    CHECK(merkle_leaf_hash(kHash, joined) != merkle_node_hash(kHash, leaves[0], leaves[1]));
}

TEST_CASE("SM3 trees are other trees", "[proof][merkle]") {
    const std::vector<Bytes> leaves = {"a", "b", "c"};
    CHECK(merkle_root_of_leaves(HashAlgorithm::kSm3, leaves) !=
          merkle_root_of_leaves(kHash, leaves));
}

}  // namespace
}  // namespace sanquan
