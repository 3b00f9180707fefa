// Certificates: accepted, stored, served; they alone open views (SPEC 1.1, 5).
#include "consensus/core.h"
#include "consensus/quorum.h"
#include "ledger/base/limits.h"

namespace sanquan::consensus {

bool Replica::Core::wants(const Certificate& certificate) const {
    if (enforced(Rule::kCertificateShape) &&
        !check_shape(certificate, info_.epoch, info_.validators)) {
        return false;
    }
    const View view = certificate.subject.view;
    if (!above_finalized(view)) {
        return false;
    }
    const Certificate* seen = held(certificate.subject.kind, view);
    return seen == nullptr || seen->subject != certificate.subject;
}

void Replica::Core::receive(PeerNumber /*from*/, const Certificate& certificate) {
    detect_lost_votes(certificate);
    accept(certificate);
}

void Replica::Core::accept(const Certificate& certificate) {
    switch (certificate.subject.kind) {
        case VoteKind::kNotarize:
            accept_notarization(certificate);
            break;
        case VoteKind::kNullify:
            accept_nullification(certificate);
            break;
        case VoteKind::kFinalize:
            accept_finalization(certificate);
            break;
    }
}

void Replica::Core::accept_notarization(const Certificate& certificate) {
    const View view = certificate.subject.view;
    ViewState& state = view_state(view);
    if (state.notarization) {
        if (state.notarization->subject != certificate.subject) {
            conflict(*state.notarization, certificate);
        }
        return;
    }
    state.notarization = certificate;
    need_block(certificate.subject.digest);
    need_execution(certificate.subject.digest);
    pacemaker_.on_leader_result(leader(view), /*succeeded=*/true);
    if (leaves(view)) {
        enter_view(view.next());
    }
}

void Replica::Core::accept_nullification(const Certificate& certificate) {
    const View view = certificate.subject.view;
    ViewState& state = view_state(view);
    if (state.nullification) {
        return;
    }
    state.nullification = certificate;
    if (!state.notarization) {
        pacemaker_.on_leader_result(leader(view), /*succeeded=*/false);
    }
    if (leaves(view)) {
        ++views_failed_;
        enter_view(view.next());
    }
}

void Replica::Core::accept_finalization(const Certificate& certificate) {
    const View view = certificate.subject.view;
    if (const ViewState* state = find_view(view); state != nullptr) {
        if (state->nullification) {
            conflict(*state->nullification, certificate);
            return;
        }
        if (state->notarization &&
            state->notarization->subject.digest != certificate.subject.digest) {
            conflict(*state->notarization, certificate);
            return;
        }
    }
    finalized_ = {view, certificate.subject.digest, Height{}, /*boundary=*/false, certificate};
    finalized_durable_ = false;
    uncommitted_.emplace(view, certificate);
    // BOUND: only the newest finalizations wait; each covers every older block.
    while (uncommitted_.size() > limits::kFetchDepthMax) {
        uncommitted_.erase(uncommitted_.begin());
    }
    ++views_succeeded_;
    pacemaker_.on_finalized();
    need_block(certificate.subject.digest);
    need_execution(certificate.subject.digest);
    if (leaves(view)) {
        enter_view(view.next());
    }
    prune();
}

// SPEC 1.1: a certificate of any view from the current one on moves this replica beyond it.
bool Replica::Core::leaves(View view) const {
    return enforced(Rule::kJumpAhead) ? view >= view_ : view == view_;
}

void Replica::Core::enter_view(View view) {
    SANQUAN_ASSERT(view > view_ || (view == view_ && view.value == 1));
    view_ = view;
    missing_attempt_ = 0;
    pacemaker_.enter_view(leader(view));
    if (const auto state = views_.find(view); state != views_.end() && state->second.proposal &&
                                              !state->second.check_asked &&
                                              !state->second.proposal->proposal.is_reproposal()) {
        state->second.check_asked = true;
        effects_.check.push_back({state->second.proposal->proposal});
    }
}

void Replica::Core::conflict(const Certificate& first, const Certificate& second) {
    // More than f validators signed both: nothing this replica signs can be safe any more.
    if (!halted_) {
        halted_ = true;
        effects_.evidence.push_back(
            {EvidenceKind::kConflictingCertificates, std::pair{first, second}});
    }
}

const Certificate* Replica::Core::held(VoteKind kind, View view) const {
    if (kind == VoteKind::kFinalize) {
        return finalized_.certificate && finalized_.certificate->subject.epoch == info_.epoch &&
                       finalized_.view == view
                   ? &*finalized_.certificate
                   : nullptr;
    }
    const ViewState* state = find_view(view);
    if (state == nullptr) {
        return nullptr;
    }
    const auto& certificate =
        kind == VoteKind::kNotarize ? state->notarization : state->nullification;
    return certificate ? &*certificate : nullptr;
}

const Certificate* Replica::Core::opening_of(View view) const {
    const View before{view.value - 1};
    for (const VoteKind kind : {VoteKind::kFinalize, VoteKind::kNotarize, VoteKind::kNullify}) {
        if (const Certificate* certificate = held(kind, before)) {
            return certificate;
        }
    }
    return nullptr;
}

bool Replica::Core::certified(View view, const BlockDigest& digest) const {
    if (view == finalized_.view) {
        return finalized_.digest == digest;
    }
    const Certificate* notarization = held(VoteKind::kNotarize, view);
    return notarization != nullptr && notarization->subject.digest == digest;
}

bool Replica::Core::notarized_above_finalized() const {
    for (const auto& [view, state] : views_) {
        if (state.notarization) {
            return true;
        }
    }
    return false;
}

}  // namespace sanquan::consensus
