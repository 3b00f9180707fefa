#include "ledger/proof/state_entry.h"

#include "ledger/base/assert.h"
#include "ledger/base/limits.h"
#include "ledger/proof/big_endian.h"

namespace sanquan {
namespace {

constexpr std::size_t kFixedHeadBytes = 1 + 8 + 8 + 8;

constexpr std::string_view kLeafTag("\0", 1);
constexpr std::string_view kNodeTag("\1", 1);
constexpr std::string_view kTwigTag("\2", 1);
constexpr std::string_view kUpperTag("\3", 1);
constexpr std::string_view kRootTag("\4", 1);
constexpr std::string_view kValueTag("\5", 1);

Result<ByteView> take_key(ByteView& bytes) {
    if (bytes.empty()) {
        return fail(Code::kBadEncoding, "a state entry ends before its keys");
    }
    const auto length = static_cast<std::uint8_t>(bytes.front());
    if (bytes.size() - 1 < length) {
        return fail(Code::kBadEncoding, "a state entry ends inside a key");
    }
    const ByteView key = bytes.substr(1, length);
    bytes.remove_prefix(1U + length);
    return key;
}

}  // namespace

static_assert(limits::kStateKeyBytesMax == 255, "a key's length stands in one byte");

void append_head(Bytes& out, const EntryHead& head) {
    SANQUAN_ASSERT(head.key.size() <= limits::kStateKeyBytesMax);
    SANQUAN_ASSERT(head.next_key.size() <= limits::kStateKeyBytesMax);
    out.push_back(static_cast<char>(head.kind));
    append_u64(out, head.height.value);
    append_u64(out, head.since.value);
    append_u64(out, head.previous);
    out.push_back(static_cast<char>(head.key.size()));
    out.append(head.key);
    out.push_back(static_cast<char>(head.next_key.size()));
    out.append(head.next_key);
}

Result<EntryHead> take_head(ByteView& bytes) {
    if (bytes.size() < kFixedHeadBytes) {
        return fail(Code::kBadEncoding, "a state entry is shorter than its fixed part");
    }
    EntryHead head;
    const auto kind = static_cast<std::uint8_t>(bytes.front());
    if (kind != 1 && kind != 2) {
        return fail(Code::kBadEncoding, "a state entry has kind " + std::to_string(kind));
    }
    head.kind = static_cast<EntryKind>(kind);
    head.height.value = load_u64(bytes.substr(1));
    head.since.value = load_u64(bytes.substr(9));
    head.previous = load_u64(bytes.substr(17));
    bytes.remove_prefix(kFixedHeadBytes);
    SANQUAN_TRY_ASSIGN(head.key, take_key(bytes));
    SANQUAN_TRY_ASSIGN(head.next_key, take_key(bytes));
    if (head.since > head.height || (!head.next_key.empty() && head.next_key <= head.key)) {
        return fail(Code::kBadEncoding, "a state entry contradicts itself");
    }
    if (head.kind == EntryKind::kTombstone &&
        (!head.next_key.empty() || head.key.empty() || head.since != head.height ||
         head.previous == kNoPosition)) {
        return fail(Code::kBadEncoding, "a tombstone has fields of a value");
    }
    return head;
}

StateHasher::StateHasher(HashAlgorithm algorithm) : algorithm_(algorithm) {
    for (std::uint32_t level = 0; level < kTwigDepth; ++level) {
        node_[level + 1] = node(node_[level], node_[level]);
    }
    for (std::size_t level = 0; level + 1 < upper_.size(); ++level) {
        upper_[level + 1] = upper(upper_[level], upper_[level]);
    }
}

Digest StateHasher::value(ByteView value) const { return hash(algorithm_, {kValueTag, value}); }

Digest StateHasher::leaf(ByteView head, const Digest& value_digest) const {
    return hash(algorithm_, {kLeafTag, head, value_digest.view()});
}

Digest StateHasher::node(const Digest& left, const Digest& right) const {
    return hash(algorithm_, {kNodeTag, left.view(), right.view()});
}

Digest StateHasher::twig(const Digest& leaves, const Bitmap& bitmap) const {
    return hash(algorithm_, {kTwigTag, leaves.view(), as_view(bitmap.data(), bitmap.size())});
}

Digest StateHasher::upper(const Digest& left, const Digest& right) const {
    return hash(algorithm_, {kUpperTag, left.view(), right.view()});
}

StateRoot StateHasher::root(std::uint64_t entries, std::uint64_t floor, const Digest& upper) const {
    Bytes numbers;
    append_u64(numbers, entries);
    append_u64(numbers, floor);
    return StateRoot::from(hash(algorithm_, {kRootTag, numbers, upper.view()}));
}

const StateHasher& state_hasher(HashAlgorithm algorithm) {
    static const StateHasher sha256(HashAlgorithm::kSha256);
    static const StateHasher sm3(HashAlgorithm::kSm3);
    return algorithm == HashAlgorithm::kSm3 ? sm3 : sha256;
}

}  // namespace sanquan
