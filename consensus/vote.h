// Votes, proposals and reports: what validators sign. Plain values; the node turns them into wire
// bytes and back.
//
// Names beside the Simplex paper's (eprint 2023/463): view = iteration, notarize = vote, nullify =
// vote for the dummy block, finalize = finalize. A view number is meaningful only together with its
// epoch; views count from 1 in every epoch, and the epoch's base block (genesis, or the boundary
// block of the epoch before) stands in view 0.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "ledger/base/bytes.h"
#include "ledger/base/ids.h"

namespace sanquan::consensus {

enum class VoteKind : std::uint8_t { kNotarize = 1, kNullify = 2, kFinalize = 3 };

// "notarize", "nullify" or "finalize".
std::string_view to_string(VoteKind kind);

// What one vote says. `digest` is zero for nullify, never zero otherwise.
struct Vote {
    Epoch epoch;
    View view;
    VoteKind kind = VoteKind::kNotarize;
    BlockDigest digest;
    auto operator<=>(const Vote&) const = default;
};

struct SignedVote {
    Vote vote;
    ReplicaIndex signer;
    Bytes signature;
    auto operator<=>(const SignedVote&) const = default;
};

// A leader's proposal for one view. The block itself travels beside it and is known here by digest
// only. A re-proposal of an epoch's boundary block names that block both as payload and as parent,
// and the view of one of its notarizations as parent view: digest == parent (SPEC 9.2).
struct Proposal {
    Epoch epoch;
    View view;
    BlockDigest digest;
    Height height;
    BlockDigest parent;
    View parent_view;
    ReplicaIndex leader;
    auto operator<=>(const Proposal&) const = default;

    [[nodiscard]] bool is_reproposal() const { return digest == parent; }
};

// `signature` is the leader's and covers every field of `proposal`.
struct SignedProposal {
    Proposal proposal;
    Bytes signature;
    auto operator<=>(const SignedProposal&) const = default;
};

}  // namespace sanquan::consensus
