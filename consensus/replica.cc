// The public shell, the events that only set a flag, and the order in which the rules are tried.
#include "consensus/replica.h"

#include <utility>

#include "consensus/core.h"
#include "consensus/leader_schedule.h"
#include "consensus/quorum.h"
#include "ledger/base/limits.h"

namespace sanquan::consensus {

Replica::Replica(std::unique_ptr<Core> core) : core_(std::move(core)) {}
Replica::Replica(const Replica& other) : core_(std::make_unique<Core>(*other.core_)) {}
Replica::Replica(Replica&& other) noexcept = default;
Replica& Replica::operator=(const Replica& other) {
    if (this != &other) {
        core_ = std::make_unique<Core>(*other.core_);
    }
    return *this;
}
Replica& Replica::operator=(Replica&& other) noexcept = default;
Replica::~Replica() = default;

Result<Replica> Replica::restore(const Timing& timing, const RestoredState& state) {
    SANQUAN_TRY(Core::check_config(timing, state.epoch));
    auto core = std::make_unique<Core>(timing);
    SANQUAN_TRY(core->restore(state));
    return Replica(std::move(core));
}

Effects Replica::start() { return core_->start(); }
Effects Replica::step(const Event& event) { return core_->step(event); }
bool Replica::wants(const Message& message) const { return core_->wants(message); }
ReplicaStatus Replica::status() const { return core_->status(); }
std::string Replica::describe() const { return core_->describe(); }

Effects Replica::Core::step(const Event& event) {
    // What restore() asked for leaves with the first effects, whichever event makes them.
    std::visit([this](const auto& happened) { on(happened); }, event);
    run_rules();
    return std::exchange(effects_, {});
}

void Replica::Core::run_rules() {
    // Each rule may open the way for another: a vote closes a quorum only later (VoteSigned), but a
    // commit may finish an epoch and a certificate may make a proposal acceptable. Every rule that
    // reports work has used up its cause.
    bool progress = true;
    while (progress) {
        progress = try_commit();
        progress = try_notarize() || progress;
        progress = try_finalize() || progress;
        progress = try_nullify_late() || progress;
        progress = try_propose() || progress;
    }
    persist_recovery();
    fetch_blocks();
}

void Replica::Core::on(const TickElapsed& /*event*/) {
    answered_.clear();
    catch_up_wait_ = catch_up_wait_ > 0 ? catch_up_wait_ - 1 : 0;
    for (auto& [digest, block] : blocks_.all()) {
        block.fetch_wait = block.fetch_wait > 0 ? block.fetch_wait - 1 : 0;
    }
    const auto alarms = pacemaker_.tick(timer_armed(), stuck());
    if (alarms.timeout) {
        on_view_timeout();
    }
    if (alarms.repeat) {
        repeat();
    }
}

void Replica::Core::on(const ReachChanged& event) {
    if (event.validator.value < info_.validators) {
        pacemaker_.on_reach(event.validator, event.reachable);
    }
}

void Replica::Core::on(const MessageReceived& event) {
    std::visit(
        [this, &event](const auto& message) {
            if constexpr (requires { *message; }) {
                if (wants(Message{*message})) {
                    receive(event.from, *message);
                } else if (const auto* vote = std::get_if<Verified<SignedVote>>(&event.message)) {
                    // A nullify for a view that is over: its sender is behind and waits for the way
                    // out.
                    const Vote& late = (**vote).vote;
                    if (late.kind == VoteKind::kNullify && late.epoch == info_.epoch &&
                        late.view < view_) {
                        answer_position(event.from, late.epoch, late.view, View{});
                    }
                }
            } else {
                receive(event.from, message);
            }
        },
        event.message);
}

void Replica::Core::receive(PeerNumber /*from*/, const SignedProposal& signed_proposal) {
    const Proposal& proposal = signed_proposal.proposal;
    ViewState& view = view_state(proposal.view);
    if (view.proposal && view.proposal->proposal != proposal) {
        // SPEC 2.7: the first one counts; the second is kept as proof only.
        if (enforced(Rule::kReportContradictions) &&
            view.reported.emplace(EvidenceKind::kTwoProposals, proposal.leader).second) {
            effects_.evidence.push_back(
                {EvidenceKind::kTwoProposals, std::pair{*view.proposal, signed_proposal}});
        }
        if (enforced(Rule::kOneNotarizePerView) && enforced(Rule::kFirstProposalCounts)) {
            return;
        }
        view.checked.reset();
        view.check_asked = false;
    } else if (view.proposal) {
        return;
    }
    view.proposal = signed_proposal;
    blocks_.entry(proposal.digest);
    if (!proposal.is_reproposal() && proposal.view >= view_ && !view.check_asked) {
        view.check_asked = true;
        effects_.check.push_back({proposal});
    }
    if (proposal.view > view_ && !view.certificates_asked) {
        view.certificates_asked = true;
        ask_certificates(proposal.leader, view_, View{proposal.view.value - 1});
    }
}

void Replica::Core::on(const PayloadChecked& event) {
    if (blocks_.find(event.digest) == nullptr) {
        return;  // the view was finalized meanwhile
    }
    learn_facts(event.digest, event.facts);
    const auto view = views_.find(event.view);
    if (view != views_.end() && view->second.proposal &&
        view->second.proposal->proposal.digest == event.digest) {
        view->second.checked = event.ok;
    }
}

void Replica::Core::on(const BlockAvailable& event) {
    // Unasked blocks are not remembered: only digests that a certificate or proposal named have an
    // entry.
    if (blocks_.find(event.digest) != nullptr) {
        learn_facts(event.digest, event.facts);
    }
}

void Replica::Core::on(const WorkPending& event) { node_pending_ = event.pending; }

bool Replica::Core::wants(const Message& message) const {
    return std::visit(
        [this]<typename T>(const T& value) {
            // Named one by one: `value` converts to Message, so asking whether wants(value) compiles says nothing.
            if constexpr (std::is_same_v<T, SignedProposal> || std::is_same_v<T, SignedVote> ||
                          std::is_same_v<T, Certificate> || std::is_same_v<T, SignedViewReport>) {
                return this->wants(value);
            } else {
                return true;  // unsigned questions: bounded by the answer budget
            }
        },
        message);
}

bool Replica::Core::wants(const SignedProposal& signed_proposal) const {
    const Proposal& proposal = signed_proposal.proposal;
    if (proposal.epoch != info_.epoch || !above_finalized(proposal.view) || epoch_finished_ ||
        proposal.view.value > view_.value + limits::kFutureViewsMax ||
        proposal.leader != leader(proposal.view) || proposal.digest.is_zero() ||
        proposal.parent.is_zero() || proposal.parent_view >= proposal.view ||
        is_own(proposal.leader)) {
        return false;
    }
    const ViewState* view = find_view(proposal.view);
    if (view == nullptr || !view->proposal) {
        return proposal.view >= view_;
    }
    return view->proposal->proposal != proposal &&
           !view->reported.contains({EvidenceKind::kTwoProposals, proposal.leader});
}

bool Replica::Core::work_pending() const {
    if (epoch_finished_) {
        return false;
    }
    if (!enforced(Rule::kQuietWhenIdle)) {
        return true;
    }
    return node_pending_ || pacemaker_.heartbeat_due() ||
           (enforced(Rule::kNotarizedIsPending) && notarized_above_finalized());
}

// SPEC 7.2: while work is pending, while this replica has a stake in the view, or when f + 1 others
// gave up on it.
bool Replica::Core::timer_armed() const {
    if (epoch_finished_) {
        return false;
    }
    if (work_pending()) {
        return true;
    }
    const ViewState* view = find_view(view_);
    if (view == nullptr) {
        return false;
    }
    const std::size_t joined = view->count_nullifies();
    return view->own.any() || view->proposal.has_value() ||
           (enforced(Rule::kJoinNullifies) && joined >= fault_bound(info_.validators) + 1U);
}

bool Replica::Core::stuck() const {
    return !epoch_finished_ && (timer_armed() || abstaining() || !uncommitted_.empty());
}

ReplicaIndex Replica::Core::leader(View view) const {
    return leader_of(info_.epoch, view, info_.validators);
}

const ViewState* Replica::Core::find_view(View view) const {
    const auto found = views_.find(view);
    return found == views_.end() ? nullptr : &found->second;
}

ReplicaStatus Replica::Core::status() const {
    ReplicaStatus status;
    status.epoch = info_.epoch;
    status.view = view_;
    status.leader = leader(view_);
    status.finalized_view = finalized_.view;
    status.committed_height = committed_.height;
    status.abstaining = abstaining();
    if (const auto threshold = thresholds_.find(info_.epoch);
        status.abstaining && !needs_threshold() && threshold != thresholds_.end()) {
        status.threshold = threshold->second;
    }
    status.halted = halted_;
    status.diverged = diverged_;
    status.epoch_finished = epoch_finished_;
    status.idle = !timer_armed();
    status.timeout_ticks = pacemaker_.timeout();
    status.views_failed = views_failed_;
    status.views_succeeded = views_succeeded_;
    return status;
}

}  // namespace sanquan::consensus
