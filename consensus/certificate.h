// Quorum certificates: one subject, and the signatures of a quorum of one epoch's validators over
// exactly it.
#pragma once

#include <compare>
#include <utility>
#include <vector>

#include "consensus/vote.h"
#include "ledger/base/result.h"

namespace sanquan::consensus {

// A notarization, nullification or finalization, by the kind of its subject. Signers are strictly
// increasing.
struct Certificate {
    Vote subject;
    std::vector<std::pair<ReplicaIndex, Bytes>> signatures;
    auto operator<=>(const Certificate&) const = default;
};

// Whether `certificate` has the shape of a certificate of an epoch with `validators` members:
// bounded signers in strictly increasing order, at least a quorum of them, a digest exactly where
// its kind wants one, a view in range. kCertificateInvalid otherwise. Signatures are the caller's
// business (node/verifier). In release builds too.
[[nodiscard]] Status check_shape(const Certificate& certificate, Epoch epoch,
                                 std::uint16_t validators);

// Whether a vote's own fields fit together (digest present or absent, view in range); kBadRequest
// otherwise.
[[nodiscard]] Status check_shape(const Vote& vote);

}  // namespace sanquan::consensus
