#include "consensus/view_state.h"

namespace sanquan::consensus {
namespace {

std::optional<SignedVote> vote_in(const std::optional<Certificate>& certificate, VoteKind kind,
                                  ReplicaIndex signer) {
    if (!certificate || certificate->subject.kind != kind) {
        return std::nullopt;
    }
    for (const auto& [index, signature] : certificate->signatures) {
        if (index == signer) {
            return SignedVote{certificate->subject, signer, signature};
        }
    }
    return std::nullopt;
}

}  // namespace

bool OwnVotes::contains(const Vote& vote) const {
    switch (vote.kind) {
        case VoteKind::kNotarize:
            return notarize == vote.digest;
        case VoteKind::kNullify:
            return nullify;
        case VoteKind::kFinalize:
            return finalize == vote.digest;
    }
    return false;
}

void OwnVotes::add(const Vote& vote) {
    switch (vote.kind) {
        case VoteKind::kNotarize:
            notarize = vote.digest;
            break;
        case VoteKind::kNullify:
            nullify = true;
            break;
        case VoteKind::kFinalize:
            finalize = vote.digest;
            break;
    }
}

std::optional<SignedVote> ViewState::vote_of(VoteKind kind, ReplicaIndex signer) const {
    if (const auto slot = votes.find({kind, signer}); slot != votes.end()) {
        return slot->second;
    }
    if (auto vote = vote_in(notarization, kind, signer)) {
        return vote;
    }
    return vote_in(nullification, kind, signer);
}

std::size_t ViewState::count(const Vote& subject) const {
    std::size_t count = 0;
    for (const auto& [slot, vote] : votes) {
        count += vote.vote == subject ? 1U : 0U;
    }
    return count;
}

std::size_t ViewState::count_nullifies() const {
    std::size_t count = 0;
    for (const auto& [slot, vote] : votes) {
        count += slot.first == VoteKind::kNullify ? 1U : 0U;
    }
    return count;
}

Certificate ViewState::assemble(const Vote& subject) const {
    Certificate certificate{subject, {}};
    // The slots of one kind are ordered by signer, so the signers come out strictly increasing.
    for (const auto& [slot, vote] : votes) {
        if (vote.vote == subject) {
            certificate.signatures.emplace_back(slot.second, vote.signature);
        }
    }
    return certificate;
}

}  // namespace sanquan::consensus
