// Questions of peers, repetition while stuck, and asking for what is missing (SPEC 2.5, 5, 11.3).
//
// BOUND: every answer costs the peer's budget of this tick; a question changes no state.
#include <algorithm>

#include "consensus/core.h"
#include "ledger/base/limits.h"

namespace sanquan::consensus {
namespace {

constexpr std::uint32_t kAnswersPerTick = 2;
constexpr std::size_t kRepeatedVotesMax = 64;
constexpr std::uint32_t kCatchUpWaitTicks = 50;

}  // namespace

void Replica::Core::send(const Target& to, Message message) {
    effects_.send.push_back({to, std::move(message)});
}

bool Replica::Core::may_answer(PeerNumber to) {
    // BOUND: one entry per connection that asked within this tick; the node bounds its connections.
    return ++answered_[to] <= kAnswersPerTick || !enforced(Rule::kAnswerBudget);  // SPEC 11.3
}

// What helps a peer that stands in `view` and knows finality up to `finalized`.
void Replica::Core::answer_position(PeerNumber to, Epoch epoch, View view, View finalized) {
    if (!enforced(Rule::kAnswerStale) || !may_answer(to)) {
        return;
    }
    if (epoch < info_.epoch) {
        // SPEC 10.5: leaving validators learn here that their epoch is over.
        if (info_.base_certificate && epoch.next() == info_.epoch &&
            enforced(Rule::kServeOldEpoch)) {
            send(to, *info_.base_certificate);
        }
        send(to, StatusHint{info_.epoch, view_, finalized_.view});
        return;
    }
    const Certificate* highest = held(VoteKind::kFinalize, finalized_.view);
    if (finalized < finalized_.view && highest != nullptr) {
        send(to, *highest);
    }
    if (view >= view_) {
        return;
    }
    // SPEC 5.1: the certificates that left its view, both when they are split; then the way into
    // this view.
    if (above_finalized(view)) {
        const Certificate* notarization = held(VoteKind::kNotarize, view);
        const Certificate* nullification = held(VoteKind::kNullify, view);
        if (notarization != nullptr) {
            send(to, *notarization);
        }
        if (nullification != nullptr && (notarization == nullptr || enforced(Rule::kServeBoth))) {
            send(to, *nullification);
        }
    }
    const Certificate* opening = opening_of(view_);
    if (opening != nullptr && opening->subject.view > view && opening != highest) {
        send(to, *opening);
    }
}

void Replica::Core::receive(PeerNumber from, const StatusHint& hint) {
    if (hint.epoch > info_.epoch) {
        ask_catch_up(from, hint.epoch, hint.view);
        return;
    }
    if (hint.epoch < info_.epoch || hint.view < view_ || hint.finalized < finalized_.view) {
        answer_position(from, hint.epoch, hint.view, hint.finalized);
    }
}

void Replica::Core::receive(PeerNumber from, const FetchCertificates& request) {
    if (request.epoch != info_.epoch) {
        answer_position(from, request.epoch, request.first, View{});
        return;
    }
    if (request.first > request.last || request.first > view_ || !may_answer(from)) {
        return;
    }
    const View last{std::min(
        {request.last.value, view_.value, request.first.value + (limits::kFetchViewsMax - 1)})};
    const Certificate* highest = held(VoteKind::kFinalize, finalized_.view);
    if (request.first <= finalized_.view && highest != nullptr) {
        send(from, *highest);  // SPEC 5.1: whoever has pruned answers with its highest finalization
    }
    for (auto at = views_.lower_bound(request.first); at != views_.end() && at->first <= last;
         ++at) {
        const ViewState& view = at->second;
        if (view.notarization) {
            send(from, *view.notarization);
        }
        if (view.nullification && (!view.notarization || enforced(Rule::kServeBoth))) {
            send(from, *view.nullification);
        }
    }
}

void Replica::Core::receive(PeerNumber from, const FetchProposal& request) {
    if (request.epoch != info_.epoch) {
        return;
    }
    const ViewState* view = find_view(request.view);
    if (view != nullptr && view->proposal && may_answer(from)) {
        send(from, *view->proposal);
    }
}

void Replica::Core::repeat() {
    const ViewState* current = find_view(view_);
    if (!enforced(Rule::kRepeatWhenStuck) && current != nullptr && current->own.nullify) {
        return;
    }
    if (abstaining()) {
        ask_views();
    }
    if (const Certificate* highest = held(VoteKind::kFinalize, finalized_.view)) {
        send(Everyone{}, *highest);
    }
    // The newest notarization makes work pending everywhere (SPEC 7.2); the opening lets others
    // follow.
    const Certificate* opening = opening_of(view_);
    for (auto at = views_.rbegin(); at != views_.rend(); ++at) {
        if (at->second.notarization) {
            if (&*at->second.notarization != opening) {
                send(Everyone{}, *at->second.notarization);
            }
            break;
        }
    }
    if (opening != nullptr && opening->subject.kind != VoteKind::kFinalize) {
        send(Everyone{}, *opening);
    }
    repeat_votes();
    if (current != nullptr && current->own_proposal && current->proposal && may_sign(view_)) {
        send(Everyone{}, *current->proposal);
    }
    send(Everyone{}, StatusHint{info_.epoch, view_, finalized_.view});
    ask_for_missing();
}

// Recorded votes only: nothing is voted here that was not voted before (S1).
void Replica::Core::repeat_votes() {
    if (!info_.own || abstaining()) {
        return;
    }
    std::size_t repeated = 0;
    for (auto at = views_.rbegin(); at != views_.rend() && repeated < kRepeatedVotesMax; ++at) {
        const auto& [number, view] = *at;
        for (const VoteKind kind : {VoteKind::kNotarize, VoteKind::kNullify, VoteKind::kFinalize}) {
            const bool settled = (kind == VoteKind::kNotarize && view.notarization) ||
                                 (kind == VoteKind::kNullify && view.nullification);
            const auto own = view.votes.find({kind, *info_.own});
            if (own != view.votes.end() && (!settled || number == view_)) {
                send(Everyone{}, own->second);
                ++repeated;
            }
        }
    }
}

// What the vote or the proposal of the current view waits for. The proposer was asked at once; now
// everybody is.
void Replica::Core::ask_for_missing() {
    ++missing_attempt_;
    const ViewState* current = find_view(view_);
    if (current == nullptr || !current->proposal) {
        // Somebody voted for a block whose proposal never came: its voters have it.
        std::vector<ReplicaIndex> voters;
        if (current != nullptr) {
            for (const auto& [slot, vote] : current->votes) {
                if (slot.first == VoteKind::kNotarize && !is_own(slot.second)) {
                    voters.push_back(slot.second);
                }
            }
        }
        if (!voters.empty()) {
            send(voters[missing_attempt_ % voters.size()], FetchProposal{info_.epoch, view_});
        }
    }
    const bool leading = info_.own && is_own(leader(view_));
    if (leading && !enforced(Rule::kLeaderFetches)) {
        return;
    }
    if (!leading && !enforced(Rule::kAskForMissing)) {
        return;
    }
    for (View at = finalized_.view.next(); at < view_; at = at.next()) {
        const ViewState* view = find_view(at);
        const bool voting =
            current != nullptr && current->proposal && !current->own.notarize && !current->refused;
        // A voter may lack the one of two split certificates that the proposal builds on.
        const bool lacking = view == nullptr || (!view->notarization && !view->nullification) ||
                             (voting && (!view->notarization || !view->nullification));
        if (lacking) {
            ask_certificates(Everyone{}, at, View{view_.value - 1});
            return;
        }
    }
}

void Replica::Core::ask_certificates(const Target& whom, View first, View last) {
    if (first.value + limits::kFetchViewsMax <= last.value) {
        last = View{first.value + (limits::kFetchViewsMax - 1)};
    }
    send(whom, FetchCertificates{info_.epoch, first, last});
}

void Replica::Core::fetch_blocks() {
    for (auto& [digest, block] : blocks_.all()) {
        if (!block.wanted || block.facts || block.fetch_wait > 0) {
            continue;
        }
        // One after the other, so that a silent peer delays a block but cannot withhold it (V20).
        ReplicaIndex from{
            static_cast<std::uint16_t>((digest.octets[0] + block.fetches) % info_.validators)};
        if (is_own(from) && info_.validators > 1) {
            ++block.fetches;
            from.value = static_cast<std::uint16_t>((from.value + 1) % info_.validators);
        }
        effects_.fetch.push_back({digest, from});
        ++block.fetches;
        block.fetch_wait = pacemaker_.timing().retransmit;
    }
}

void Replica::Core::ask_catch_up(PeerNumber peer, Epoch epoch, View view) {
    if (catch_up_wait_ > 0) {
        return;
    }
    catch_up_wait_ = kCatchUpWaitTicks;
    CatchUp ask{epoch, view, peer, std::nullopt};
    if (epoch == info_.epoch) {
        ask.finalization = finalized_.certificate;
    }
    effects_.catch_up.push_back(std::move(ask));
}

}  // namespace sanquan::consensus
