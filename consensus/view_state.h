// What a replica knows about one view above the last finalized one: proposal, votes, certificates,
// own votes.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "consensus/certificate.h"
#include "consensus/effects.h"
#include "consensus/vote.h"

namespace sanquan::consensus {

// Own votes as recorded in the vote log, signed or not yet. They decide what may still be voted.
struct OwnVotes {
    std::optional<BlockDigest> notarize;
    bool nullify = false;
    std::optional<BlockDigest> finalize;

    [[nodiscard]] bool any() const {
        return notarize.has_value() || nullify || finalize.has_value();
    }
    // Whether `vote` is one of them.
    [[nodiscard]] bool contains(const Vote& vote) const;
    void add(const Vote& vote);
};

struct ViewState {
    // The first proposal of the view's leader; a second one is evidence and nothing else
    // (SPEC 2.7).
    std::optional<SignedProposal> proposal;
    std::optional<Proposal> own_proposal;  // recorded, maybe not yet signed
    std::optional<BuildPayload> building;  // asked of the node, not answered yet
    bool check_asked = false;
    std::optional<bool> checked;      // the node's verdict on `proposal`
    bool refused = false;             // the proposal can never get this replica's vote
    bool certificates_asked = false;  // the proposer was asked for what the vote needs

    // First signed vote of each signer and kind. BOUND: three slots per validator; never
    // overwritten (S7).
    std::map<std::pair<VoteKind, ReplicaIndex>, SignedVote> votes;
    std::set<std::pair<EvidenceKind, ReplicaIndex>> reported;

    std::optional<Certificate> notarization;
    std::optional<Certificate> nullification;
    bool notarization_durable = false;
    bool nullification_durable = false;
    OwnVotes own;

    // The vote of `signer` of this kind, from its slot or from a certificate; empty if not seen.
    [[nodiscard]] std::optional<SignedVote> vote_of(VoteKind kind, ReplicaIndex signer) const;
    // How many signers voted exactly `subject`.
    [[nodiscard]] std::size_t count(const Vote& subject) const;
    [[nodiscard]] std::size_t count_nullifies() const;
    // The certificate of every counted vote for `subject`.
    [[nodiscard]] Certificate assemble(const Vote& subject) const;
};

}  // namespace sanquan::consensus
