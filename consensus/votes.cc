// Votes of others: one slot per signer, view and kind; quorums; evidence.
#include "consensus/core.h"
#include "consensus/quorum.h"
#include "ledger/base/limits.h"

namespace sanquan::consensus {
namespace {

// What two different votes of one kind, view and signer prove.
EvidenceKind contradiction_of(VoteKind kind) {
    return kind == VoteKind::kNotarize ? EvidenceKind::kTwoNotarizes : EvidenceKind::kTwoFinalizes;
}

}  // namespace

bool Replica::Core::wants(const SignedVote& vote) const {
    const View view = vote.vote.view;
    if (!check_shape(vote.vote) || vote.signer.value >= info_.validators ||
        vote.signature.empty() || vote.signature.size() > limits::kSignatureBytesMax) {
        return false;
    }
    // SPEC 10.3: views of another epoch are other views, whatever their numbers.
    if (enforced(Rule::kEpochSeparation) && vote.vote.epoch != info_.epoch) {
        return false;
    }
    // SPEC 11.2: a member that names distant views fills no memory (S15, V13).
    if (enforced(Rule::kBoundedFuture) && view.value > view_.value + limits::kFutureViewsMax) {
        return false;
    }
    if (!above_finalized(view)) {
        return false;
    }
    const ViewState* state = find_view(view);
    if (state == nullptr) {
        return true;
    }
    if (is_own(vote.signer)) {
        return !state->own.contains(vote.vote);
    }
    if (const auto seen = state->vote_of(vote.vote.kind, vote.signer)) {
        // A repetition is nothing; a contradiction is evidence, but once: more would only buy signature checks.
        return seen->vote != vote.vote &&
               !state->reported.contains({contradiction_of(vote.vote.kind), vote.signer});
    }
    const bool settled = (vote.vote.kind == VoteKind::kNotarize && state->notarization) ||
                         (vote.vote.kind == VoteKind::kNullify && state->nullification);
    if (!settled) {
        return true;
    }
    // Not needed for the quorum any more, but it may contradict what its signer voted before.
    return (vote.vote.kind == VoteKind::kNullify &&
            state->vote_of(VoteKind::kFinalize, vote.signer)) ||
           (vote.vote.kind == VoteKind::kNotarize &&
            state->notarization->subject.digest != vote.vote.digest);
}

void Replica::Core::receive(PeerNumber from, const SignedVote& vote) {
    if (is_own(vote.signer)) {
        receive_own(vote.vote);
        return;
    }
    store_vote(vote);
    // Hearing from a view that is over: its sender is behind (SPEC 5.1).
    if (vote.vote.kind == VoteKind::kNullify && vote.vote.view < view_) {
        answer_position(from, vote.vote.epoch, vote.vote.view, finalized_.view);
    }
}

void Replica::Core::receive_own(const Vote& vote) {
    // SPEC 9.6: signed by this node, unknown to its log, above its last finalized view: the log is
    // lost or old.
    const auto threshold = thresholds_.find(info_.epoch);
    const bool covered = threshold != thresholds_.end() && vote.view < threshold->second;
    if (!covered && !abstaining() && enforced(Rule::kDetectOldLog)) {
        begin_abstaining();
    }
}

void Replica::Core::report(EvidenceKind kind, ViewState& view, const SignedVote& first,
                           const SignedVote& second) {
    if (enforced(Rule::kReportContradictions) &&
        view.reported.emplace(kind, second.signer).second) {  // SPEC 11.4
        effects_.evidence.push_back({kind, std::pair{first, second}});
    }
}

void Replica::Core::store_vote(const SignedVote& vote) {
    const Vote& subject = vote.vote;
    ViewState& view = view_state(subject.view);
    if (const auto seen = view.vote_of(subject.kind, vote.signer)) {
        if (seen->vote != subject) {
            report(contradiction_of(subject.kind), view, *seen, vote);
        }
        return;
    }
    const VoteKind opposite =
        subject.kind == VoteKind::kNullify ? VoteKind::kFinalize : VoteKind::kNullify;
    if (subject.kind != VoteKind::kNotarize) {
        if (const auto seen = view.vote_of(opposite, vote.signer)) {
            report(EvidenceKind::kNullifyAndFinalize, view, *seen, vote);
        }
    }
    view.votes.emplace(std::pair{subject.kind, vote.signer}, vote);
    if (view.count(subject) >= quorum_size(info_.validators)) {
        accept(view.assemble(subject));
    }
}

void Replica::Core::detect_lost_votes(const Certificate& certificate) {
    for (const auto& [signer, signature] : certificate.signatures) {
        if (is_own(signer)) {
            const ViewState* view = find_view(certificate.subject.view);
            if (view == nullptr || !view->own.contains(certificate.subject)) {
                receive_own(certificate.subject);
            }
            return;
        }
    }
}

}  // namespace sanquan::consensus
