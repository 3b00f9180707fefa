// The leader: one proposal per view, on a parent that every voter can accept (SPEC 1.2, 1.3, 10.2).
#include "consensus/core.h"
#include "ledger/base/limits.h"

namespace sanquan::consensus {

bool Replica::Core::try_propose() {
    if (!may_sign(view_) || !is_own(leader(view_)) || !work_pending()) {
        return false;
    }
    ViewState& state = view_state(view_);
    if (state.building || state.own.nullify || state.own_proposal) {
        return false;
    }
    // SPEC 1.2: across restarts too. A restored proposal is repeated, never replaced.
    if (state.own.notarize && enforced(Rule::kOneProposalPerView)) {
        return false;
    }
    // SPEC 7.4: with work at hand, at once. If only a finalization is outstanding, votes are
    // probably on their way: proposing at once would answer every last block with one more, and the
    // network would never fall silent.
    const bool urgent =
        node_pending_ || (pacemaker_.heartbeat_due() && !notarized_above_finalized());
    const bool waits = enforced(Rule::kLetFinalizationArrive) && !pacemaker_.settled();
    if (!urgent && waits) {
        return false;
    }
    const auto parent = choose_parent();
    if (!parent || (blocks_.is_boundary(parent->digest) && waits)) {
        return false;
    }
    const auto facts = blocks_.facts(parent->digest);
    SANQUAN_ASSERT(facts.has_value());
    if (facts->boundary) {
        record_proposal({info_.epoch, view_, parent->digest, facts->height, parent->digest,
                         parent->view, *info_.own},
                        *facts);
        return true;
    }
    const Height height = facts->height.next();
    state.building = BuildPayload{
        info_.epoch,
        view_,
        height,
        parent->digest,
        parent->view,
        /*empty_only=*/height.value - committed_.height.value > limits::kUnfinalizedDepthMax};
    effects_.build.push_back(*state.building);
    return true;
}

// The highest certified block that is executed here, with a nullification of every view above it.
std::optional<Replica::Core::ParentChoice> Replica::Core::choose_parent() {
    for (View at{view_.value - 1};; at = View{at.value - 1}) {
        if (at == finalized_.view) {
            if (blocks_.executed(finalized_.digest) == true && blocks_.facts(finalized_.digest)) {
                return ParentChoice{at, finalized_.digest};
            }
            return std::nullopt;
        }
        const Certificate* notarization = held(VoteKind::kNotarize, at);
        const Certificate* nullification = held(VoteKind::kNullify, at);
        if (notarization != nullptr) {
            const BlockDigest& digest = notarization->subject.digest;
            if (blocks_.executed(digest) == true && blocks_.facts(digest)) {
                return ParentChoice{at, digest};
            }
        }
        if (nullification == nullptr) {
            // Either the block is still being executed, or this leader never saw how the view
            // ended: it asks.
            if (notarization == nullptr && missing_attempt_ == 0 &&
                enforced(Rule::kLeaderFetches)) {
                missing_attempt_ = 1;
                ask_certificates(Everyone{}, finalized_.view.next(), at);
            }
            return std::nullopt;
        }
    }
}

void Replica::Core::on(const PayloadBuilt& event) {
    const auto found = views_.find(event.view);
    if (found == views_.end() || !found->second.building || event.facts.epoch != info_.epoch) {
        return;
    }
    ViewState& state = found->second;
    const BuildPayload asked = *std::exchange(state.building, std::nullopt);
    if (event.view != view_ || !may_sign(view_) || state.own.nullify || state.own_proposal ||
        !certified(asked.parent_view, asked.parent)) {
        return;
    }
    SANQUAN_ASSERT(event.facts.view == asked.view && event.facts.height == asked.height &&
                   event.facts.parent == asked.parent && !event.digest.is_zero());
    record_proposal({info_.epoch, asked.view, event.digest, asked.height, asked.parent,
                     asked.parent_view, *info_.own},
                    event.facts);
}

void Replica::Core::record_proposal(const Proposal& proposal, const BlockFacts& facts) {
    ViewState& state = view_state(proposal.view);
    blocks_.entry(proposal.digest).facts = facts;
    if (enforced(Rule::kOneProposalPerView)) {
        persist_opening(proposal.view);
        persist_record(proposal, proposal.digest);
    }
    state.own_proposal = proposal;
    state.checked = true;
    effects_.sign_proposals.push_back(proposal);
    // One sync covers the proposal and the leader's own vote for it.
    if (!state.own.notarize) {
        cast(VoteKind::kNotarize, proposal.view, proposal.digest);
    }
    need_execution(proposal.digest);
}

void Replica::Core::on(const ProposalSigned& event) {
    const Proposal& proposal = event.proposal.proposal;
    if (proposal.epoch != info_.epoch || !above_finalized(proposal.view)) {
        return;
    }
    ViewState& state = view_state(proposal.view);
    SANQUAN_ASSERT(state.own_proposal == proposal);
    state.proposal = event.proposal;
    send_proposal(state);
}

void Replica::Core::send_proposal(const ViewState& view) {
    if (view.proposal->proposal.view != view_) {
        return;
    }
    // The certificate that opened the view goes ahead, so that whoever formed none of its own can
    // vote at once.
    if (const Certificate* opening = opening_of(view_)) {
        send(Everyone{}, *opening);
    }
    send(Everyone{}, *view.proposal);
}

}  // namespace sanquan::consensus
