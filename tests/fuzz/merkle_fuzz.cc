// Goal: no path leads from a chosen leaf to a root that nobody computed, and a stored frontier is exact. Method: the
// input is cut into a position, a size and digests.
#include <algorithm>

#include "ledger/proof/merkle.h"
#include "ledger/proof/merkle_log.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr auto kHash = sanquan::HashAlgorithm::kSha256;
    const auto bytes = sanquan::fuzz::input(data, size);
    if (const auto frontier = sanquan::MerkleFrontier::decode(bytes)) {
        REQUIRE_THAT(frontier->encode() == bytes);
    }
    if (size < 2) {
        return 0;
    }
    sanquan::MerkleProof proof;
    for (std::size_t at = 2; at + sanquan::kDigestBytes <= size; at += sanquan::kDigestBytes) {
        proof.push_back(
            sanquan::Digest::from_bytes(bytes.substr(at, sanquan::kDigestBytes)).value());
    }
    const auto leaf = sanquan::merkle_leaf_hash(kHash, "leaf");
    const sanquan::MerkleRoot unknown{};
    REQUIRE_THAT(
        !sanquan::verify_inclusion(kHash, leaf, data[0], data[1], proof, unknown).has_value());
    const sanquan::MerkleTreeHead earlier{.size = data[0] + 1U, .root = unknown};
    const sanquan::MerkleTreeHead later{
        .size = data[0] + data[1] + 2U,
        .root = sanquan::MerkleRoot::from(sanquan::merkle_leaf_hash(kHash, "other"))};
    REQUIRE_THAT(!sanquan::verify_consistency(kHash, earlier, later, proof).has_value());
    return 0;
}
