// Goal: the frontier and the stored nodes give the same roots and proofs as the whole tree. Method:
// every size up to 70 against merkle.h; damage to the encoding and to the store.
#include "ledger/proof/merkle_log.h"

#include <map>

#include "tests/support/catch.h"

namespace sanquan {
namespace {

constexpr HashAlgorithm kHash = HashAlgorithm::kSha256;

struct StoredLog {
    MerkleFrontier frontier{kHash};
    std::map<MerkleNodePosition, Digest> nodes;
    std::vector<Digest> leaves;

    void append() {
        leaves.push_back(merkle_leaf_hash(kHash, "leaf " + std::to_string(leaves.size())));
        for (const MerkleNode& node : frontier.append(leaves.back())) {
            REQUIRE(nodes.emplace(node.position, node.digest).second);  // written once, never again
        }
    }
    [[nodiscard]] MerkleNodeReader reader() const {
        return [this](const MerkleNodePosition& position) -> Result<Digest> {
            const auto found = nodes.find(position);
            if (found == nodes.end()) {
                return fail(Code::kNotFound);
            }
            return found->second;
        };
    }
};

TEST_CASE("a log agrees with the whole tree", "[proof][merkle_log]") {
    StoredLog log;
    CHECK(log.frontier.root() == merkle_root(kHash, {}));
    for (std::size_t size = 1; size <= 70; ++size) {
        log.append();
        const MerkleRoot root = merkle_root(kHash, log.leaves);
        CAPTURE(size);
        CHECK(log.frontier.head() == MerkleTreeHead{size, root});
        CHECK(log_root(kHash, log.reader(), size).value() == root);
        for (std::size_t index = 0; index < size; ++index) {
            CHECK(log_inclusion_proof(kHash, log.reader(), index, size).value() ==
                  make_inclusion_proof(kHash, log.leaves, index));
        }
        for (std::size_t earlier = 1; earlier <= size; ++earlier) {
            CHECK(log_consistency_proof(kHash, log.reader(), earlier, size).value() ==
                  make_consistency_proof(kHash, log.leaves, earlier));
        }
    }
    // Proofs of the past come from the same store.
    CHECK(log_inclusion_proof(kHash, log.reader(), 3, 10).value() ==
          make_inclusion_proof(kHash, std::span(log.leaves).first(10), 3));
    CHECK(log_consistency_proof(kHash, log.reader(), 10, 10).value().empty());
    CHECK(log_consistency_proof(kHash, log.reader(), 0, 10).error().code == Code::kProofInvalid);
}

TEST_CASE("what lies outside the log has no proof", "[proof][merkle_log]") {
    StoredLog log;
    for (int i = 0; i < 5; ++i) {
        log.append();
    }
    CHECK(log_inclusion_proof(kHash, log.reader(), 5, 5).error().code == Code::kProofInvalid);
    CHECK(log_inclusion_proof(kHash, log.reader(), 0, 0).error().code == Code::kProofInvalid);
    CHECK(log_consistency_proof(kHash, log.reader(), 6, 5).error().code == Code::kProofInvalid);
    CHECK(log_inclusion_proof(kHash, log.reader(), 0, 6).error().code == Code::kNotFound);
    CHECK(log_root(kHash, log.reader(), UINT64_MAX).error().code == Code::kNotFound);
}

TEST_CASE("a frontier continues from its encoding", "[proof][merkle_log]") {
    StoredLog log;
    for (int i = 0; i < 40; ++i) {
        const auto copy = MerkleFrontier::decode(log.frontier.encode());
        REQUIRE(copy);
        CHECK(copy->head() == log.frontier.head());
        log.append();
    }
    MerkleFrontier copy = MerkleFrontier::decode(log.frontier.encode()).value();
    log.append();
    copy.append(log.leaves.back());
    CHECK(copy.head() == log.frontier.head());

    const Bytes encoded = log.frontier.encode();
    CHECK(MerkleFrontier::decode(encoded + "x").error().code == Code::kBadLength);
    CHECK(MerkleFrontier::decode(encoded.substr(0, 40)).error().code == Code::kBadLength);
    CHECK(MerkleFrontier::decode("").error().code == Code::kBadLength);
    CHECK(MerkleFrontier::decode("\x07" + encoded.substr(1)).error().code == Code::kBadEncoding);
    CHECK(MerkleFrontier::decode(Bytes("\x01\xff\xff\xff\xff\xff\xff\xff\xff", 9)).error().code ==
          Code::kBadLength);
}

}  // namespace
}  // namespace sanquan
