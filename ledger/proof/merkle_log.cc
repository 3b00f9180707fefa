#include "ledger/proof/merkle_log.h"

#include <bit>

#include "ledger/base/assert.h"

namespace sanquan {
namespace {

// Leaves [begin, begin + size): `begin` is a multiple of the largest power of two that is at least
// `size`, as every range is that RFC 6962 cuts from a tree.
struct Range {
    std::uint64_t begin = 0;
    std::uint64_t size = 0;

    [[nodiscard]] Range left() const { return {begin, std::bit_floor(size - 1)}; }
    [[nodiscard]] Range right() const {
        const std::uint64_t split = std::bit_floor(size - 1);
        return {begin + split, size - split};
    }
};

// At most 64 reads: the complete subtrees of the range, joined from the right.
Result<Digest> range_hash(HashAlgorithm algorithm, const MerkleNodeReader& read, Range range) {
    std::vector<Digest> peaks;
    while (range.size != 0) {
        const std::uint64_t width = std::bit_floor(range.size);
        const auto level = static_cast<std::uint32_t>(std::countr_zero(width));
        SANQUAN_TRY_ASSIGN(const Digest peak, read({level, range.begin >> level}));
        peaks.push_back(peak);
        range = {range.begin + width, range.size - width};
    }
    Digest reached = peaks.back();
    for (std::size_t i = peaks.size() - 1; i > 0; --i) {
        reached = merkle_node_hash(algorithm, peaks[i - 1], reached);
    }
    return reached;
}

Result<MerkleProof> hashes_of(HashAlgorithm algorithm, const MerkleNodeReader& read,
                              const std::vector<Range>& ranges) {
    MerkleProof proof;
    proof.reserve(ranges.size());
    for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
        SANQUAN_TRY_ASSIGN(const Digest digest, range_hash(algorithm, read, *range));
        proof.push_back(digest);
    }
    SANQUAN_ASSERT(proof.size() <= kMerkleProofHashesMax + 1);
    return proof;
}

}  // namespace

std::vector<MerkleNode> MerkleFrontier::append(const Digest& leaf_hash) {
    std::vector<MerkleNode> finished{{{0, size_}, leaf_hash}};
    Digest carried = leaf_hash;
    std::uint64_t index = size_;
    for (std::uint32_t level = 1; (index & 1U) != 0; ++level) {
        index >>= 1U;
        carried = merkle_node_hash(algorithm_, peaks_.back(), carried);
        peaks_.pop_back();
        finished.push_back({{level, index}, carried});
    }
    peaks_.push_back(carried);
    ++size_;
    SANQUAN_ASSERT(peaks_.size() == static_cast<std::size_t>(std::popcount(size_)));
    return finished;
}

MerkleRoot MerkleFrontier::root() const {
    if (peaks_.empty()) {
        return merkle_root(algorithm_, {});
    }
    Digest reached = peaks_.back();
    for (std::size_t i = peaks_.size() - 1; i > 0; --i) {
        reached = merkle_node_hash(algorithm_, peaks_[i - 1], reached);
    }
    return MerkleRoot::from(reached);
}

Bytes MerkleFrontier::encode() const {
    Bytes encoded(1, static_cast<char>(algorithm_));
    for (unsigned shift = 64; shift != 0; shift -= 8) {
        encoded.push_back(static_cast<char>(static_cast<std::uint8_t>(size_ >> (shift - 8))));
    }
    for (const Digest& peak : peaks_) {
        encoded.append(peak.view());
    }
    return encoded;
}

Result<MerkleFrontier> MerkleFrontier::decode(ByteView encoded) {
    constexpr std::size_t kHeaderBytes = 9;
    if (encoded.size() < kHeaderBytes) {
        return fail(Code::kBadLength, "a frontier has at least 9 bytes");
    }
    const auto algorithm = static_cast<HashAlgorithm>(encoded.front());
    if (algorithm != HashAlgorithm::kSha256 && algorithm != HashAlgorithm::kSm3) {
        return fail(Code::kBadEncoding, "unknown hash algorithm");
    }
    MerkleFrontier frontier(algorithm);
    for (const char octet : encoded.substr(1, 8)) {
        frontier.size_ = (frontier.size_ << 8U) | static_cast<std::uint8_t>(octet);
    }
    encoded.remove_prefix(kHeaderBytes);
    if (encoded.size() != kDigestBytes * static_cast<std::size_t>(std::popcount(frontier.size_))) {
        return fail(Code::kBadLength, "one hash per set bit of the size is expected");
    }
    for (; !encoded.empty(); encoded.remove_prefix(kDigestBytes)) {
        SANQUAN_TRY_ASSIGN(const Digest peak, Digest::from_bytes(encoded.substr(0, kDigestBytes)));
        frontier.peaks_.push_back(peak);
    }
    return frontier;
}

Result<MerkleRoot> log_root(HashAlgorithm algorithm, const MerkleNodeReader& read,
                            std::uint64_t size) {
    if (size == 0) {
        return merkle_root(algorithm, {});
    }
    SANQUAN_TRY_ASSIGN(const Digest root, range_hash(algorithm, read, {0, size}));
    return MerkleRoot::from(root);
}

Result<MerkleProof> log_inclusion_proof(HashAlgorithm algorithm, const MerkleNodeReader& read,
                                        std::uint64_t index, std::uint64_t size) {
    if (index >= size) {
        return fail(Code::kProofInvalid, "the index lies outside the log");
    }
    // RFC 9162, 2.1.3.1, from the root down; the proof lists the siblings from the leaf up.
    std::vector<Range> siblings;
    for (Range range{0, size}; range.size > 1;) {
        const bool goes_left = index < range.right().begin;
        siblings.push_back(goes_left ? range.right() : range.left());
        range = goes_left ? range.left() : range.right();
    }
    return hashes_of(algorithm, read, siblings);
}

Result<MerkleProof> log_consistency_proof(HashAlgorithm algorithm, const MerkleNodeReader& read,
                                          std::uint64_t earlier, std::uint64_t later) {
    if (earlier > later) {
        return fail(Code::kProofInvalid, "the earlier log is the larger one");
    }
    if (earlier == later) {
        return MerkleProof{};
    }
    if (earlier == 0) {
        return fail(Code::kProofInvalid, "nothing can be shown about an empty log");
    }
    // RFC 9162, 2.1.4.1, from the root down to where the earlier log ends with a complete range.
    std::vector<Range> ranges;
    Range range{0, later};
    bool whole = true;
    while (range.begin + range.size != earlier) {
        if (earlier <= range.right().begin) {
            ranges.push_back(range.right());
            range = range.left();
        } else {
            ranges.push_back(range.left());
            range = range.right();
            whole = false;
        }
    }
    if (!whole) {
        ranges.push_back(range);
    }
    return hashes_of(algorithm, read, ranges);
}

}  // namespace sanquan
