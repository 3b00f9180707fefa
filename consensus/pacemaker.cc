#include "consensus/pacemaker.h"

#include <algorithm>

#include "consensus/rules.h"

namespace sanquan::consensus {

Pacemaker::Alarms Pacemaker::tick(bool armed, bool stuck) {
    Alarms alarms;
    since_finalized_ = std::min(since_finalized_ + 1, timing_.heartbeat);
    in_view_ = std::min(in_view_ + 1, timing_.view_timeout);
    if (!armed) {
        elapsed_ = 0;
    } else if (!rung_ && ++elapsed_ >= timeout_) {
        rung_ = true;
        alarms.timeout = true;
        if (enforced(Rule::kBackOff) &&
            (timing_.view_timeout << level_) < timing_.view_timeout_max) {
            ++level_;
        }
    }
    if (!stuck) {
        reset_repetition();
    } else if (++repeat_elapsed_ >= repeat_interval_) {
        repeat_elapsed_ = 0;
        repeat_interval_ = std::min(repeat_interval_ * 2, timing_.retransmit_max);
        alarms.repeat = true;
    }
    return alarms;
}

std::uint32_t Pacemaker::timeout_of(ReplicaIndex leader) const {
    const std::uint64_t doubled = std::uint64_t{timing_.view_timeout} << level_;
    const auto whole =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(doubled, timing_.view_timeout_max));
    if (enforced(Rule::kUnreachableLeader) && unreachable_.contains(leader)) {
        return std::max<std::uint32_t>(whole / 16, 1);
    }
    const auto failed = failed_turns_.find(leader);
    if (enforced(Rule::kFailedLeader) && failed != failed_turns_.end() && failed->second % 4 != 0) {
        return std::max<std::uint32_t>(whole / 4, 1);
    }
    return whole;
}

void Pacemaker::on_reach(ReplicaIndex validator, bool reachable) {
    if (reachable) {
        unreachable_.erase(validator);
    } else {
        unreachable_.insert(validator);
    }
    if (validator == leader_) {
        timeout_ = timeout_of(leader_);
    }
}

void Pacemaker::enter_view(ReplicaIndex leader) {
    leader_ = leader;
    timeout_ = timeout_of(leader);
    elapsed_ = 0;
    in_view_ = 0;
    rung_ = false;
    reset_repetition();
}

void Pacemaker::on_finalized() {
    since_finalized_ = 0;
    level_ = level_ > 0 ? level_ - 1 : 0;
}

void Pacemaker::on_leader_result(ReplicaIndex leader, bool succeeded) {
    if (succeeded) {
        failed_turns_.erase(leader);
    } else {
        ++failed_turns_[leader];
    }
}

void Pacemaker::reset_repetition() {
    repeat_elapsed_ = 0;
    repeat_interval_ = timing_.retransmit;
}

void Pacemaker::enter_epoch() {
    failed_turns_.clear();
    unreachable_.clear();
}

}  // namespace sanquan::consensus
