// After a lost or old vote log: abstain until no vote of the earlier life can be contradicted (SPEC
// 9).
//
// Why it is safe: an honest replica reached view w only because a quorum voted in w - 1; that
// quorum and any quorum of fresh reports share an honest replica, which reports at least w - 1. So
// the earlier life voted in no view above (highest report) + 1, and from (highest report) + 2 on
// nothing can be contradicted.
#include <algorithm>

#include "consensus/core.h"
#include "consensus/quorum.h"
#include "ledger/base/limits.h"

namespace sanquan::consensus {

bool Replica::Core::needs_threshold() const {
    if (!marked_ || recovered_epochs_.contains(info_.epoch)) {
        return false;
    }
    // The earlier life may have entered the next epoch just before the loss, ahead of everybody who
    // reports. It cannot have come further: that takes a quorum, and a quorum answers.
    return recovered_epochs_.empty() ||
           (info_.epoch <= recovered_epochs_.begin()->next() && enforced(Rule::kAskOnceMore));
}

bool Replica::Core::abstaining() const {
    if (!marked_ || !info_.own || !enforced(Rule::kAbstainAfterLoss)) {
        return false;
    }
    if (needs_threshold()) {
        return true;
    }
    return thresholds_.contains(info_.epoch) && !past_threshold();
}

bool Replica::Core::past_threshold() const {
    const auto threshold = thresholds_.find(info_.epoch);
    return threshold != thresholds_.end() && view_ >= threshold->second;
}

// SPEC 9.8: at once, not with the first vote (8.2). Between the two a power cut would make this
// replica wait again, while another one may by now have lost its log.
void Replica::Core::persist_recovery() {
    if (recovery_durable_ || !info_.own || needs_threshold() || !past_threshold() ||
        !enforced(Rule::kPersistRecovery)) {
        return;
    }
    recovery_durable_ = true;
    persist_opening(view_);
}

void Replica::Core::begin_abstaining() {
    marked_ = true;
    has_log_ = true;
    recovered_epochs_.clear();
    nonce_.reset();
    nonce_asked_ = false;
    reports_.clear();
    recovery_durable_ = false;
    persist_record(AbstainRecord{info_.epoch});
    ask_views();
}

void Replica::Core::ask_views() {
    if (!info_.own || !needs_threshold()) {
        return;
    }
    if (nonce_) {
        send(Everyone{}, ViewQuery{info_.epoch, *nonce_});
    } else if (!nonce_asked_) {
        nonce_asked_ = true;
        effects_.draw_nonce.push_back({});
    }
}

void Replica::Core::on(const NonceDrawn& event) {
    if (needs_threshold() && !nonce_) {
        nonce_ = event.nonce;
        if (!enforced(Rule::kReportsFromOthers)) {
            reports_.emplace(*info_.own, view_);
        }
        ask_views();
    }
}

void Replica::Core::receive(PeerNumber from, const ViewQuery& query) {
    if (query.epoch < info_.epoch) {
        answer_position(from, query.epoch, View{}, View{});
        return;
    }
    // SPEC 9.5: whoever waits itself knows nothing worth reporting.
    const bool silent = abstaining() && enforced(Rule::kNoReportWhileWaiting);
    if (query.epoch != info_.epoch || !info_.own || silent || halted_ || epoch_finished_ ||
        !may_answer(from)) {
        return;
    }
    ViewReport report{info_.epoch, *info_.own, query.nonce, view_, std::nullopt};
    if (view_.value > 1) {
        const Certificate* opening = opening_of(view_);
        if (opening == nullptr) {
            return;
        }
        report.opening = *opening;
    }
    effects_.reports.push_back({from, std::move(report)});
}

bool Replica::Core::wants(const SignedViewReport& signed_report) const {
    const ViewReport& report = signed_report.report;
    if (!needs_threshold() || !nonce_ || report.epoch != info_.epoch ||
        report.reporter.value >= info_.validators || reports_.contains(report.reporter)) {
        return false;
    }
    // SPEC 9.2: answers to an earlier question tell of earlier views.
    if (enforced(Rule::kFreshNonce) && report.nonce != *nonce_) {
        return false;
    }
    // SPEC 9.3: what this replica thinks itself is what was lost.
    if (enforced(Rule::kReportsFromOthers) && is_own(report.reporter)) {
        return false;
    }
    if (report.view.value == 1) {
        return !report.opening.has_value();
    }
    // A report is worth its certificate: a view number alone can be anything (V13).
    return report.opening && check_shape(*report.opening, info_.epoch, info_.validators) &&
           report.opening->subject.view.next() == report.view;
}

void Replica::Core::receive(PeerNumber /*from*/, const SignedViewReport& signed_report) {
    const ViewReport& report = signed_report.report;
    reports_.emplace(report.reporter, report.view);
    if (reports_.size() >= quorum_size(info_.validators)) {
        View highest{1};
        for (const auto& [reporter, view] : reports_) {
            highest = std::max(highest, view);
        }
        const std::uint64_t margin = enforced(Rule::kThresholdPlusTwo) ? 2 : 1;
        View& threshold = thresholds_[info_.epoch];
        threshold = std::max(threshold, View{highest.value + margin});
        recovered_epochs_.insert(info_.epoch);
        recovery_durable_ = false;
        persist_record(ThresholdRecord{info_.epoch, threshold});
        nonce_.reset();
        nonce_asked_ = false;
        reports_.clear();
    }
    // The certificate may be news; it also brings the replica towards its threshold.
    if (report.opening && wants(*report.opening)) {
        accept(*report.opening);
    }
}

}  // namespace sanquan::consensus
