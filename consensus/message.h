// Messages between replicas, and Verified<T>: the proof in the type system that a signature was
// checked.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "consensus/certificate.h"
#include "consensus/vote.h"

namespace sanquan::node {
class Verifier;
}

namespace sanquan::consensus {

// Names one connection of the node. The replica only ever echoes it: answers go back to where the
// question came from.
using PeerNumber = StrongNumber<struct PeerNumberTag, std::uint32_t>;

// 16 random bytes, drawn by the node.
using Nonce = std::array<std::uint8_t, 16>;

// A value whose signatures (nested certificates included) were checked against `epoch`'s validator
// set. Only node/verifier makes one; VerifiedAccess is the tests' way in and lives in
// tests/support.
template <typename T>
class Verified {
  public:
    const T& operator*() const { return value_; }
    const T* operator->() const { return &value_; }

  private:
    friend class ::sanquan::node::Verifier;
    friend struct VerifiedAccess;
    explicit Verified(T value) : value_(std::move(value)) {}
    T value_;
};

// "Send what you hold for the views first..last of this epoch": notarizations, nullifications,
// finalizations. At most limits::kFetchViewsMax views. Unsigned: it costs the answerer a bounded
// answer and changes nothing.
struct FetchCertificates {
    Epoch epoch;
    View first;
    View last;
    auto operator<=>(const FetchCertificates&) const = default;
};

// "Send the leader's proposal of this view, and the block with it."
struct FetchProposal {
    Epoch epoch;
    View view;
    auto operator<=>(const FetchProposal&) const = default;
};

// Where the sender stands. Sent with every repetition, so that whoever is further on can answer
// with a certificate. Unsigned, believed by nobody: only certificates move a replica.
struct StatusHint {
    Epoch epoch;
    View view;
    View finalized;
    auto operator<=>(const StatusHint&) const = default;
};

// The question of a replica that lost its vote log (SPEC 8).
struct ViewQuery {
    Epoch epoch;
    Nonce nonce;
    auto operator<=>(const ViewQuery&) const = default;
};

// The answer: the reporter's view at this moment, with the certificate that opened it (none for
// view 1).
struct ViewReport {
    Epoch epoch;
    ReplicaIndex reporter;
    Nonce nonce;
    View view;
    std::optional<Certificate> opening;
    auto operator<=>(const ViewReport&) const = default;
};

// `signature` is the reporter's and covers every field but `opening`, which proves itself.
struct SignedViewReport {
    ViewReport report;
    Bytes signature;
    auto operator<=>(const SignedViewReport&) const = default;
};

// What leaves a replica ready to send (signed where signatures are due).
using Message = std::variant<SignedProposal, SignedVote, Certificate, FetchCertificates,
                             FetchProposal, StatusHint, ViewQuery, SignedViewReport>;

// What may enter it.
using Incoming = std::variant<Verified<SignedProposal>, Verified<SignedVote>, Verified<Certificate>,
                              FetchCertificates, FetchProposal, StatusHint, ViewQuery,
                              Verified<SignedViewReport>>;

}  // namespace sanquan::consensus
