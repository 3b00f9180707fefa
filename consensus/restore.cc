// From durable records back to a replica that contradicts none of its earlier votes (SPEC 8.5).
#include "consensus/core.h"
#include "ledger/base/limits.h"

namespace sanquan::consensus {

Status Replica::Core::check_config(const Timing& timing, const EpochInfo& epoch) {
    if (epoch.validators == 0 || epoch.validators > limits::kValidatorsMax) {
        return fail(Code::kBadConfig, "validators out of range");
    }
    if (epoch.own && epoch.own->value >= epoch.validators) {
        return fail(Code::kBadConfig, "own index is not below the number of validators");
    }
    if (epoch.base.is_zero()) {
        return fail(Code::kBadConfig, "the epoch stands on no block");
    }
    if (timing.view_timeout == 0 || timing.view_timeout_max < timing.view_timeout ||
        timing.retransmit == 0 || timing.retransmit_max < timing.retransmit ||
        timing.heartbeat == 0) {
        return fail(Code::kBadConfig, "timing: zero, or a maximum below its first value");
    }
    return {};
}

Status Replica::Core::restore(const RestoredState& state) {
    enter_epoch(state.epoch);
    if (state.finalized.view.value > 0) {
        committed_ = state.finalized;
        finalized_ = state.finalized;
        blocks_.clear();
        BlockState& block = blocks_.entry(finalized_.digest);
        block.facts = BlockFacts{info_.epoch, finalized_.view, finalized_.height, BlockDigest{},
                                 finalized_.boundary};
        block.executed = true;
        epoch_finished_ = finalized_.boundary;
        enter_view(finalized_.view.next());
    }
    if (state.records.empty() && info_.own && !state.log_lost) {
        return fail(Code::kVoteLogMissing,
                    "create it once with the node, or start with its log marked lost");
    }
    for (std::size_t i = 0; i < state.records.size(); ++i) {
        SANQUAN_TRY_ASSIGN(const Record record, decode_record(state.records[i]));
        const bool first = std::holds_alternative<InitRecord>(record) ||
                           std::holds_alternative<AbstainRecord>(record);
        if (i == 0 && !first) {
            return fail(Code::kVoteLogMissing,
                        "the log does not begin with an init or abstain record");
        }
        if (i > 0 && std::holds_alternative<InitRecord>(record)) {
            return fail(Code::kCorrupt, "a second init record: the log was created twice");
        }
        SANQUAN_TRY(apply(record));
    }
    has_log_ = !state.records.empty();
    if (state.log_lost) {
        begin_abstaining();  // followers too: a later epoch may give them a seat
    }
    raise_view();
    return {};
}

// SPEC 8.5: never below the highest view voted in.
void Replica::Core::raise_view() {
    for (auto at = views_.rbegin(); at != views_.rend(); ++at) {
        if (at->second.own.any() || at->second.own_proposal) {
            if (at->first > view_) {
                enter_view(at->first);
            }
            break;
        }
    }
    // What took this replica here was read from disk.
    recovery_durable_ = !needs_threshold() && past_threshold();
}

// One record, in the order written.
Status Replica::Core::apply(const Record& record) {
    if (std::holds_alternative<AbstainRecord>(record)) {
        marked_ = true;
        recovered_epochs_.clear();
        return {};
    }
    if (const auto* threshold = std::get_if<ThresholdRecord>(&record)) {
        View& kept = thresholds_[threshold->epoch];
        kept = std::max(kept, threshold->view);
        recovered_epochs_.insert(threshold->epoch);
        return {};
    }
    const RecordPosition position = position_of(record);
    if (position.epoch > info_.epoch) {
        later_records_.push_back(record);
        return {};
    }
    // SPEC 10.3: records of another epoch say nothing about this one (S12).
    if (enforced(Rule::kEpochSeparation) && position.epoch < info_.epoch) {
        return {};
    }
    if (position.keep || !above_finalized(position.view)) {
        return {};
    }
    ViewState& view = view_state(position.view);
    if (const auto* vote = std::get_if<Vote>(&record)) {
        const OwnVotes before = view.own;
        view.own.add(*vote);
        const bool changed = (before.notarize && before.notarize != view.own.notarize) ||
                             (before.finalize && before.finalize != view.own.finalize) ||
                             (view.own.nullify && view.own.finalize);
        if (changed && enforced(Rule::kOneNotarizePerView) &&
            enforced(Rule::kNoFinalizeAfterNullify) && enforced(Rule::kNoNullifyAfterFinalize)) {
            return fail(Code::kCorrupt, "the log holds contradicting votes");
        }
    } else if (const auto* own = std::get_if<Proposal>(&record)) {
        if (view.own_proposal && view.own_proposal != *own) {
            return fail(Code::kCorrupt, "the log holds two proposals of one view");
        }
        view.own_proposal = *own;
        blocks_.entry(own->digest);
    } else if (const auto* seen = std::get_if<SignedProposal>(&record)) {
        view.proposal = *seen;
        blocks_.entry(seen->proposal.digest);
    } else if (const auto* certificate = std::get_if<Certificate>(&record)) {
        if (!check_shape(*certificate, info_.epoch, info_.validators)) {
            return fail(Code::kCorrupt, "the log holds a certificate of no quorum");
        }
        accept(*certificate);
        view_state(position.view).notarization_durable |=
            certificate->subject.kind == VoteKind::kNotarize;
        view_state(position.view).nullification_durable |=
            certificate->subject.kind == VoteKind::kNullify;
        if (certificate->subject.kind == VoteKind::kFinalize) {
            views_.erase(position.view);
            finalized_durable_ = true;
        }
    }
    return {};
}

Effects Replica::Core::start() {
    resume();
    run_rules();
    return std::exchange(effects_, {});
}

// Signs again what the log says was voted and proposed, and asks the node about the blocks it
// names.
void Replica::Core::resume() {
    if (!info_.own || halted_ || epoch_finished_) {
        return;
    }
    const bool silent = abstaining();
    for (auto& [at, view] : views_) {
        if (view.own_proposal) {
            need_block(view.own_proposal->digest);
            need_execution(view.own_proposal->digest);
            view.checked = true;
            if (at == view_ && !silent && may_sign(at)) {
                effects_.sign_proposals.push_back(*view.own_proposal);
            }
        }
        if (view.proposal) {
            const Proposal& proposal = view.proposal->proposal;
            need_block(proposal.digest);
            need_execution(proposal.digest);
            view.check_asked = true;
            if (!view.own.notarize && !proposal.is_reproposal()) {
                effects_.check.push_back({proposal});
            }
        }
        // SPEC 8.5: the first copies may have been lost with the crash, and nobody votes twice.
        if (silent || !may_sign(at) || !enforced(Rule::kRepeatAfterRestart)) {
            continue;
        }
        const Vote blank{info_.epoch, at, VoteKind::kNullify, {}};
        if (view.own.notarize) {
            effects_.sign_votes.push_back(
                {info_.epoch, at, VoteKind::kNotarize, *view.own.notarize});
        }
        if (view.own.nullify) {
            effects_.sign_votes.push_back(blank);
        }
        if (view.own.finalize) {
            effects_.sign_votes.push_back(
                {info_.epoch, at, VoteKind::kFinalize, *view.own.finalize});
        }
    }
    if (silent) {
        ask_views();
    }
}

}  // namespace sanquan::consensus
