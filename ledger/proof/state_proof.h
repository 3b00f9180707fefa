// State proofs: that a key has a value, has none, had one at an earlier height, or had none then.
//
// A proof is checked against a state root alone; whoever calls takes the root from a certified
// header. Every byte of a proof is bound by the root or by the decoder: no two encodings of one
// proof exist. Pure; used by client and node.
//
//   proof  := version 01 ‖ kind (1) ‖ entries (8) ‖ floor (8) ‖ place [ ‖ follower ]      numbers
//   big-endian kind   := 1 held now · 2 absent now · 3 held at a height · 4 absent at a height
//   place  := position (8) ‖ head ‖ content ‖ bitmap (256) ‖ 11 digests ‖ upper_depth digests
//   content := value_length (4) ‖ value   for kinds 1 and 3
//            | digest of the value (32)    for kinds 2 and 4 and for followers
//   follower := 00 | 01 ‖ place            kinds 3 and 4 only: the entry that replaced it; 00 = it
//   is still current
#pragma once

#include <optional>
#include <vector>

#include "ledger/proof/state_entry.h"

namespace sanquan {

enum class StateClaim : std::uint8_t { kHeld = 1, kAbsent = 2, kHeldAt = 3, kAbsentAt = 4 };

// What a valid proof shows about the value.
struct HeldValue {
    Bytes value;
    Height since;  // the block that set this value
};

// All four answer kBadEncoding, kTooLong or kNotCanonical for bytes that are no proof,
// kProofInvalid for a proof of something else. `root_height` is the height whose execution gave
// `root`; a claim about a later height is refused.
Result<HeldValue> verify_held(HashAlgorithm hash, const StateRoot& root, ByteView key,
                              ByteView proof);
Status verify_absent(HashAlgorithm hash, const StateRoot& root, ByteView key, ByteView proof);
Result<HeldValue> verify_held_at(HashAlgorithm hash, const StateRoot& root, Height root_height,
                                 ByteView key, Height at, ByteView proof);
Status verify_absent_at(HashAlgorithm hash, const StateRoot& root, Height root_height, ByteView key,
                        Height at, ByteView proof);
// The claim that the proof makes by its kind byte; kBadEncoding.
Result<StateClaim> claim_of(ByteView proof);

// One entry with its path to the root: what provers fill in.
struct StatePlace {
    std::uint64_t position = 0;
    Bytes head;           // canonical head bytes
    Bytes value;          // the value, where the claim shows it
    Digest value_digest;  // else its digest
    Bitmap bitmap{};
    std::array<Digest, kTwigDepth> path{};
    std::vector<Digest> upper_path;
};

struct StateProof {
    StateClaim claim = StateClaim::kHeld;
    std::uint64_t entries = 0;  // appended up to the proven state
    std::uint64_t floor = 0;    // of the proven state
    StatePlace place;
    std::optional<StatePlace> follower;
};

Bytes encode_state_proof(const StateProof& proof);
// Strict and bounded; kBadEncoding, kTooLong.
Result<StateProof> decode_state_proof(ByteView bytes);

}  // namespace sanquan
