// Own votes: when a replica notarizes, nullifies and finalizes, and what becomes durable with each
// (SPEC 2, 3, 4, 8).
#include "consensus/core.h"

namespace sanquan::consensus {

bool Replica::Core::may_sign(View view) const {
    if (!info_.own || halted_ || diverged_ || epoch_finished_ || abstaining() ||
        !above_finalized(view)) {
        return false;
    }
    const auto threshold = thresholds_.find(info_.epoch);
    return threshold == thresholds_.end() || view >= threshold->second;
}

void Replica::Core::cast(VoteKind kind, View view, const BlockDigest& digest) {
    SANQUAN_ASSERT(may_sign(view));
    ViewState& state = view_state(view);
    const Vote vote{info_.epoch, view, kind, digest};
    if (enforced(Rule::kNoFinalizeAfterNullify)) {
        SANQUAN_ASSERT(kind != VoteKind::kFinalize || !state.own.nullify);
    }
    if (enforced(Rule::kNoNullifyAfterFinalize)) {
        SANQUAN_ASSERT(kind != VoteKind::kNullify || !state.own.finalize);
    }
    if (enforced(Rule::kOneNotarizePerView)) {
        SANQUAN_ASSERT(kind != VoteKind::kNotarize || !state.own.notarize);
    }
    if (!state.own.any() && !state.own_proposal) {
        persist_opening(view);  // SPEC 8.2
    }
    if (kind == VoteKind::kNotarize && !state.own_proposal) {
        persist_record(*state.proposal, digest);  // SPEC 8.4
    }
    if (kind == VoteKind::kFinalize && enforced(Rule::kPersistNotarization)) {
        persist_certificate(VoteKind::kNotarize, view);  // SPEC 8.3
    }
    state.own.add(vote);
    if (enforced(Rule::kPersistVotes)) {
        // ORDER: durable before it is signed (SPEC 8.1), else a crash lets this replica vote
        // differently again.
        persist_record(vote, kind == VoteKind::kNullify ? std::nullopt : std::optional(digest));
    }
    effects_.sign_votes.push_back(vote);
}

void Replica::Core::persist_record(const Record& record, std::optional<BlockDigest> block) {
    if (!enforced(Rule::kPersistBlock)) {
        block.reset();
    }
    effects_.persist.push_back({encode_record(record), block});
}

void Replica::Core::persist_opening(View view) {
    if (view.value == 1 || !enforced(Rule::kPersistOpening)) {
        return;  // the epoch's base opened view 1
    }
    const View before{view.value - 1};
    if (const ViewState* state = find_view(before);
        state != nullptr && (state->notarization_durable || state->nullification_durable)) {
        return;
    }
    if (const Certificate* opening = opening_of(view)) {
        persist_certificate(opening->subject.kind, before);
    }
}

void Replica::Core::persist_certificate(VoteKind kind, View view) {
    const Certificate* certificate = held(kind, view);
    SANQUAN_ASSERT(certificate != nullptr);
    bool* durable = &finalized_durable_;
    if (kind != VoteKind::kFinalize) {
        ViewState& state = view_state(view);
        durable = kind == VoteKind::kNotarize ? &state.notarization_durable
                                              : &state.nullification_durable;
    }
    if (!*durable) {
        *durable = true;
        persist_record(*certificate);
    }
}

void Replica::Core::on(const VoteSigned& event) {
    const Vote& vote = event.vote.vote;
    SANQUAN_ASSERT(vote.epoch != info_.epoch || is_own(event.vote.signer));
    if (vote.epoch != info_.epoch || !above_finalized(vote.view) || epoch_finished_) {
        return;  // finalized, or another epoch's, while it was being signed
    }
    SANQUAN_ASSERT(view_state(vote.view).own.contains(vote) ||
                   !enforced(Rule::kOneNotarizePerView));
    send(Everyone{}, event.vote);
    store_vote(event.vote);
}

bool Replica::Core::try_notarize() {
    bool voted = false;
    // SPEC 2.2: the current view alone. (The loop runs once; the tests' build without the rule
    // looks further.)
    const View first = enforced(Rule::kOnlyCurrentView) ? view_ : finalized_.view.next();
    for (View at = first; at <= view_; at = at.next()) {
        const auto found = views_.find(at);
        if (found == views_.end() || !may_sign(at)) {
            continue;
        }
        ViewState& state = found->second;
        if (!state.proposal || state.refused || state.own.nullify) {
            continue;
        }
        const BlockDigest digest = state.proposal->proposal.digest;
        // SPEC 2.1: one notarize per view, across restarts.
        if (enforced(Rule::kOneNotarizePerView) ? state.own.notarize.has_value()
                                                : state.own.notarize == digest) {
            continue;
        }
        if (proposal_acceptable(state)) {
            cast(VoteKind::kNotarize, at, digest);
            // Ahead of finality, so that the finalize vote need not wait for it.
            need_execution(digest);
            voted = true;
        }
    }
    return voted;
}

bool Replica::Core::proposal_acceptable(ViewState& view) {
    const Proposal& proposal = view.proposal->proposal;
    if (!parent_acceptable(view, proposal) || !header_acceptable(view, proposal)) {
        return false;
    }
    if (proposal.is_reproposal()) {
        return true;  // its bytes were checked before they were notarized
    }
    if (view.checked == false) {
        refuse(view);
    }
    return view.checked == true;
}

// SPEC 2.3, 2.4: the parent is notarized, not below the last finalized view, and every view between
// is nullified.
bool Replica::Core::parent_acceptable(ViewState& view, const Proposal& proposal) {
    if (proposal.parent_view < finalized_.view ||
        (proposal.parent_view == finalized_.view && proposal.parent != finalized_.digest)) {
        refuse(view);
        return false;
    }
    bool complete = true;
    if (enforced(Rule::kParentNotarized) && !certified(proposal.parent_view, proposal.parent)) {
        if (held(VoteKind::kNotarize, proposal.parent_view) != nullptr) {
            refuse(view);  // another block is notarized there, so this parent never is
            return false;
        }
        complete = false;
    }
    if (enforced(Rule::kNullificationsBetween)) {
        for (View at = proposal.parent_view.next(); complete && at < proposal.view;
             at = at.next()) {
            // "Pruned" is not "held": nothing above the last finalized view is ever pruned.
            complete = held(VoteKind::kNullify, at) != nullptr;
        }
    }
    if (!complete && !view.certificates_asked && enforced(Rule::kAskForMissing)) {
        view.certificates_asked = true;
        ask_certificates(proposal.leader, proposal.parent_view, View{proposal.view.value - 1});
    }
    return complete;
}

// SPEC 2.6, 10.1, 10.2: the header says what the proposal says, and nothing follows a boundary
// block.
bool Replica::Core::header_acceptable(ViewState& view, const Proposal& proposal) {
    const auto facts = blocks_.facts(proposal.digest);
    if (!facts) {
        if (proposal.is_reproposal()) {
            need_block(proposal.digest);
        }
        return false;
    }
    bool fits = facts->epoch == proposal.epoch && facts->height == proposal.height &&
                blocks_.executed(proposal.digest) != false;
    if (proposal.is_reproposal()) {
        fits = fits && facts->view <= proposal.parent_view &&
               (facts->boundary || !enforced(Rule::kReproposeBoundaryOnly));
    } else {
        const auto parent = blocks_.facts(proposal.parent);
        if (!parent) {
            need_block(proposal.parent);
            return false;
        }
        fits = fits && facts->view == proposal.view && facts->parent == proposal.parent &&
               parent->height.next() == facts->height &&
               (!parent->boundary || !enforced(Rule::kBoundaryIsLast)) &&
               blocks_.executed(proposal.parent) != false;
    }
    if (!fits && enforced(Rule::kHeaderMatches)) {
        refuse(view);
        return false;
    }
    return true;
}

void Replica::Core::refuse(ViewState& view) {
    view.refused = true;
    const View at = view.proposal->proposal.view;
    if (at == view_ && may_sign(at) && !view.own.nullify && !view.own.finalize) {
        cast(VoteKind::kNullify, at, {});
    }
}

void Replica::Core::on_view_timeout() {
    if (!may_sign(view_)) {
        return;
    }
    const OwnVotes own = view_state(view_).own;
    // SPEC 3.1: never after finalize (which cannot stand in the current view, but is asked all the
    // same).
    if (!own.nullify && !own.finalize) {
        cast(VoteKind::kNullify, view_, {});
    }
}

bool Replica::Core::try_nullify_late() {
    if (!enforced(Rule::kLateNullify)) {
        return false;
    }
    bool voted = false;
    for (auto& [at, state] : views_) {
        // SPEC 3.2: a block that cannot be executed must not keep its view from being nullified.
        const bool impossible =
            state.notarization && blocks_.executed(state.notarization->subject.digest) == false;
        const bool finalized_here =
            state.own.finalize.has_value() && enforced(Rule::kNoNullifyAfterFinalize);
        if (impossible && !state.nullification && !state.own.nullify && !finalized_here &&
            may_sign(at)) {
            cast(VoteKind::kNullify, at, {});
            voted = true;
        }
    }
    return voted;
}

bool Replica::Core::try_finalize() {
    bool voted = false;
    for (auto& [at, state] : views_) {
        if (!state.notarization || state.own.finalize || !may_sign(at)) {
            continue;
        }
        if (state.nullification && enforced(Rule::kNoFinalizeAfterNullify)) {
            continue;  // a quorum gave up on this view: it can never be finalized
        }
        const BlockDigest digest = state.notarization->subject.digest;
        // SPEC 4.1: no nullify(v) in the log. SPEC 4.2: executed here, invariants held. Being late
        // is safe.
        if (state.own.nullify && enforced(Rule::kNoFinalizeAfterNullify)) {
            continue;
        }
        if (blocks_.executed(digest) == true || !enforced(Rule::kFinalizeExecutedOnly)) {
            cast(VoteKind::kFinalize, at, digest);
            voted = true;
        }
    }
    return voted;
}

}  // namespace sanquan::consensus
