// The pacemaker: when a view has taken too long, when to repeat, when the heartbeat is due. Ticks
// only.
//
// It decides about liveness and nothing else: no safety rule reads it (SPEC 6, 7).
#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "consensus/replica.h"

namespace sanquan::consensus {

class Pacemaker {
  public:
    explicit Pacemaker(const Timing& timing) : timing_(timing) { reset_repetition(); }

    struct Alarms {
        bool timeout = false;  // the view has taken too long; rings once per view
        bool repeat = false;   // repeat votes and certificates now
    };

    // One tick. `armed`: the view timer runs (SPEC 7.2). `stuck`: repetition runs; its back-off
    // restarts otherwise.
    Alarms tick(bool armed, bool stuck);

    // A view begins under `leader`.
    void enter_view(ReplicaIndex leader);
    // A leader without a connection gets a sixteenth of the timeout, in the present view too.
    void on_reach(ReplicaIndex validator, bool reachable);
    // A block was finalized: the heartbeat starts anew and the timeout shrinks by one step.
    void on_finalized();
    // How the last view led by `leader` ended. A leader that failed gets a quarter of the timeout
    // in three of its next four turns and all of it in the fourth, so that a slow but honest one
    // always gets back in.
    void on_leader_result(ReplicaIndex leader, bool succeeded);
    // Something moved: the next repetition comes after the shortest interval again.
    void reset_repetition();
    // Epoch indexes name other validators: forgets what was seen of them.
    void enter_epoch();

    [[nodiscard]] bool heartbeat_due() const { return since_finalized_ >= timing_.heartbeat; }
    // Whether the view is old enough for votes of the view before to have arrived: a quarter of the
    // first timeout.
    [[nodiscard]] bool settled() const { return in_view_ >= (timing_.view_timeout + 3) / 4; }
    [[nodiscard]] std::uint32_t timeout() const { return timeout_; }
    [[nodiscard]] std::uint32_t back_off_level() const { return level_; }
    [[nodiscard]] const Timing& timing() const { return timing_; }

  private:
    [[nodiscard]] std::uint32_t timeout_of(ReplicaIndex leader) const;

    Timing timing_;
    ReplicaIndex leader_;        // of this view
    std::uint32_t level_ = 0;    // the timeout is doubled this many times
    std::uint32_t timeout_ = 1;  // of this view
    std::uint32_t elapsed_ = 0;  // ticks with the timer armed in this view
    std::uint32_t in_view_ = 0;  // ticks in this view, armed or not
    bool rung_ = false;
    std::uint32_t repeat_elapsed_ = 0;
    std::uint32_t repeat_interval_ = 1;
    std::uint32_t since_finalized_ = 0;
    std::map<ReplicaIndex, std::uint32_t> failed_turns_;
    std::set<ReplicaIndex> unreachable_;
};

}  // namespace sanquan::consensus
