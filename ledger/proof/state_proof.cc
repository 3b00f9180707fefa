#include "ledger/proof/state_proof.h"

#include <cstring>
#include <memory>

#include "ledger/base/assert.h"
#include "ledger/base/limits.h"
#include "ledger/proof/big_endian.h"

namespace sanquan {
namespace {

constexpr char kVersion = 1;
// BOUND: entries stay below this, so an upper path is at most 48 - 11 digests long.
constexpr std::uint64_t kEntriesMax = std::uint64_t{1} << 48U;

bool shows_value(StateClaim claim) {
    return claim == StateClaim::kHeld || claim == StateClaim::kHeldAt;
}
bool is_of_the_past(StateClaim claim) {
    return claim == StateClaim::kHeldAt || claim == StateClaim::kAbsentAt;
}

void append_place(Bytes& out, const StatePlace& place, bool with_value) {
    append_u64(out, place.position);
    out.append(place.head);
    if (with_value) {
        append_u32(out, static_cast<std::uint32_t>(place.value.size()));
        out.append(place.value);
    } else {
        out.append(place.value_digest.view());
    }
    out.append(as_view(place.bitmap.data(), place.bitmap.size()));
    for (const Digest& digest : place.path) {
        out.append(digest.view());
    }
    for (const Digest& digest : place.upper_path) {
        out.append(digest.view());
    }
}

Result<ByteView> take(ByteView& bytes, std::size_t count) {
    if (bytes.size() < count) {
        return fail(Code::kBadEncoding, "a state proof ends early");
    }
    const ByteView taken = bytes.substr(0, count);
    bytes.remove_prefix(count);
    return taken;
}

Result<Digest> take_digest(ByteView& bytes) {
    SANQUAN_TRY_ASSIGN(const ByteView taken, take(bytes, kDigestBytes));
    return Digest::from_bytes(taken);
}

Result<StatePlace> take_place(ByteView& bytes, std::uint64_t entries, bool with_value) {
    StatePlace place;
    SANQUAN_TRY_ASSIGN(const ByteView position, take(bytes, 8));
    place.position = load_u64(position);
    if (place.position >= entries) {
        return fail(Code::kBadEncoding, "the place lies beyond the number of entries");
    }
    const ByteView at_head = bytes;
    SANQUAN_TRY(take_head(bytes));
    place.head = Bytes(at_head.substr(0, at_head.size() - bytes.size()));
    if (with_value) {
        SANQUAN_TRY_ASSIGN(const ByteView length, take(bytes, 4));
        if (load_u32(length) > limits::kStateValueBytesMax) {
            return fail(Code::kTooLong, "the value is longer than any state value");
        }
        SANQUAN_TRY_ASSIGN(const ByteView value, take(bytes, load_u32(length)));
        place.value = Bytes(value);
    } else {
        SANQUAN_TRY_ASSIGN(place.value_digest, take_digest(bytes));
    }
    SANQUAN_TRY_ASSIGN(const ByteView bitmap, take(bytes, kBitmapBytes));
    std::memcpy(place.bitmap.data(), bitmap.data(), kBitmapBytes);
    for (Digest& digest : place.path) {
        SANQUAN_TRY_ASSIGN(digest, take_digest(bytes));
    }
    place.upper_path.resize(upper_depth(twig_count(entries)));
    for (Digest& digest : place.upper_path) {
        SANQUAN_TRY_ASSIGN(digest, take_digest(bytes));
    }
    return place;
}

// The root to which the place leads.
StateRoot root_of(const StateHasher& hasher, const StatePlace& place, std::uint64_t entries,
                  std::uint64_t floor) {
    Digest digest = hasher.leaf(place.head, place.value_digest);
    std::uint64_t index = slot_of(place.position);
    for (const Digest& sibling : place.path) {
        digest = (index & 1U) != 0 ? hasher.node(sibling, digest) : hasher.node(digest, sibling);
        index >>= 1U;
    }
    digest = hasher.twig(digest, place.bitmap);
    index = twig_of(place.position);
    for (const Digest& sibling : place.upper_path) {
        digest = (index & 1U) != 0 ? hasher.upper(sibling, digest) : hasher.upper(digest, sibling);
        index >>= 1U;
    }
    return hasher.root(entries, floor, digest);
}

// A proof whose places are bound to the root.
struct Checked {
    StateProof proof;
    EntryHead head;  // views into proof.place.head
    bool current = false;
    std::optional<EntryHead> follower;
};

Status check_place(const StateHasher& hasher, const StateProof& proof, StatePlace& place,
                   bool with_value, const StateRoot& root) {
    if (with_value) {
        place.value_digest = hasher.value(place.value);
    }
    if (root_of(hasher, place, proof.entries, proof.floor) != root) {
        return fail(Code::kProofInvalid, "the proof does not lead to the state root");
    }
    return {};
}

EntryHead head_of(const StatePlace& place) {
    ByteView bytes = place.head;
    const Result<EntryHead> head = take_head(bytes);
    SANQUAN_ASSERT(head.has_value() && bytes.empty());
    return *head;
}

Result<std::unique_ptr<Checked>> check(HashAlgorithm hash, const StateRoot& root, StateClaim claim,
                                       ByteView bytes) {
    auto checked = std::make_unique<Checked>();
    SANQUAN_TRY_ASSIGN(checked->proof, decode_state_proof(bytes));
    StateProof& proof = checked->proof;
    if (proof.claim != claim) {
        return fail(Code::kProofInvalid, "the proof makes another claim");
    }
    const StateHasher& hasher = state_hasher(hash);
    SANQUAN_TRY(check_place(hasher, proof, proof.place, shows_value(claim), root));
    checked->head = head_of(proof.place);
    checked->current = bit(proof.place.bitmap, slot_of(proof.place.position));
    if (checked->head.kind != EntryKind::kValue) {
        return fail(Code::kProofInvalid, "a tombstone holds no value");
    }
    if (proof.follower) {
        SANQUAN_TRY(check_place(hasher, proof, *proof.follower, /*with_value=*/false, root));
        checked->follower = head_of(*proof.follower);
        if (checked->follower->previous != proof.place.position ||
            checked->follower->key != checked->head.key) {
            return fail(Code::kProofInvalid, "the second entry does not follow the first");
        }
    } else if (!checked->current) {
        return fail(Code::kProofInvalid, "the entry is no longer current");
    }
    return checked;
}

Status check_key(ByteView key) {
    if (key.empty() || key.size() > limits::kStateKeyBytesMax) {
        return fail(Code::kBadLength, "a state key has 1 to 255 bytes");
    }
    return {};
}

Status check_holds(const EntryHead& head, ByteView key) {
    if (head.key != key) {
        return fail(Code::kProofInvalid, "the proof is of another key");
    }
    return {};
}

Status check_skips(const EntryHead& head, ByteView key) {
    if (head.key >= key || (!head.next_key.empty() && head.next_key <= key)) {
        return fail(Code::kProofInvalid, "the entry does not stand around the key");
    }
    return {};
}

// That the entry was the key's newest one at the end of block `at`.
Status check_time(const Checked& checked, Height root_height, Height at) {
    if (at > root_height) {
        return fail(Code::kProofInvalid, "the height lies after the proven state");
    }
    if (checked.head.height > at) {
        return fail(Code::kProofInvalid, "the entry is younger than the height");
    }
    if (checked.follower && checked.follower->height <= at) {
        return fail(Code::kProofInvalid, "the entry was replaced before the height");
    }
    return {};
}

}  // namespace

Bytes encode_state_proof(const StateProof& proof) {
    Bytes out;
    out.push_back(kVersion);
    out.push_back(static_cast<char>(proof.claim));
    append_u64(out, proof.entries);
    append_u64(out, proof.floor);
    append_place(out, proof.place, shows_value(proof.claim));
    if (is_of_the_past(proof.claim)) {
        out.push_back(proof.follower ? '\1' : '\0');
        if (proof.follower) {
            append_place(out, *proof.follower, /*with_value=*/false);
        }
    } else {
        SANQUAN_ASSERT(!proof.follower);
    }
    return out;
}

Result<StateClaim> claim_of(ByteView proof) {
    if (proof.size() < 2 || proof[0] != kVersion || proof[1] < 1 || proof[1] > 4) {
        return fail(Code::kBadEncoding, "not a state proof of version 1");
    }
    return static_cast<StateClaim>(proof[1]);
}

Result<StateProof> decode_state_proof(ByteView bytes) {
    StateProof proof;
    SANQUAN_TRY_ASSIGN(proof.claim, claim_of(bytes));
    bytes.remove_prefix(2);
    SANQUAN_TRY_ASSIGN(const ByteView numbers, take(bytes, 16));
    proof.entries = load_u64(numbers);
    proof.floor = load_u64(numbers.substr(8));
    if (proof.entries > kEntriesMax) {
        return fail(Code::kTooLong, "no state has so many entries");
    }
    SANQUAN_TRY_ASSIGN(proof.place, take_place(bytes, proof.entries, shows_value(proof.claim)));
    if (is_of_the_past(proof.claim)) {
        SANQUAN_TRY_ASSIGN(const ByteView flag, take(bytes, 1));
        if (flag[0] != 0 && flag[0] != 1) {
            return fail(Code::kBadEncoding, "a flag of a state proof is neither 0 nor 1");
        }
        if (flag[0] == 1) {
            SANQUAN_TRY_ASSIGN(StatePlace follower,
                               take_place(bytes, proof.entries, /*with_value=*/false));
            proof.follower = std::move(follower);
        }
    }
    if (!bytes.empty()) {
        return fail(Code::kBadEncoding, "bytes follow the state proof");
    }
    return proof;
}

Result<HeldValue> verify_held(HashAlgorithm hash, const StateRoot& root, ByteView key,
                              ByteView proof) {
    SANQUAN_TRY(check_key(key));
    SANQUAN_TRY_ASSIGN(const auto checked, check(hash, root, StateClaim::kHeld, proof));
    SANQUAN_TRY(check_holds(checked->head, key));
    return HeldValue{std::move(checked->proof.place.value), checked->head.since};
}

Status verify_absent(HashAlgorithm hash, const StateRoot& root, ByteView key, ByteView proof) {
    SANQUAN_TRY(check_key(key));
    SANQUAN_TRY_ASSIGN(const auto checked, check(hash, root, StateClaim::kAbsent, proof));
    return check_skips(checked->head, key);
}

Result<HeldValue> verify_held_at(HashAlgorithm hash, const StateRoot& root, Height root_height,
                                 ByteView key, Height at, ByteView proof) {
    SANQUAN_TRY(check_key(key));
    SANQUAN_TRY_ASSIGN(const auto checked, check(hash, root, StateClaim::kHeldAt, proof));
    SANQUAN_TRY(check_holds(checked->head, key));
    SANQUAN_TRY(check_time(*checked, root_height, at));
    return HeldValue{std::move(checked->proof.place.value), checked->head.since};
}

Status verify_absent_at(HashAlgorithm hash, const StateRoot& root, Height root_height, ByteView key,
                        Height at, ByteView proof) {
    SANQUAN_TRY(check_key(key));
    SANQUAN_TRY_ASSIGN(const auto checked, check(hash, root, StateClaim::kAbsentAt, proof));
    SANQUAN_TRY(check_skips(checked->head, key));
    return check_time(*checked, root_height, at);
}

}  // namespace sanquan
