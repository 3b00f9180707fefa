// Replica::Core: the state of a replica and its rules, one .cc file per concern.
//
//   replica.cc        events in, effects out; the order in which rules are tried
//   certificates.cc   certificates accepted, views entered, finality
//   votes.cc          votes received: slots, quorums, evidence
//   voting.cc         own votes: the notarize, nullify and finalize rules
//   proposing.cc      the leader
//   commit.cc         finalized chains handed over in order
//   answers.cc        questions of peers; repetition; fetching
//   abstain.cc        after a lost vote log
//   epochs.cc         hand-over between validator sets
//   restore.cc        from durable records
// Single-threaded; owned by Replica. All collections are ordered.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "consensus/block_table.h"
#include "consensus/pacemaker.h"
#include "consensus/replica.h"
#include "consensus/rules.h"
#include "consensus/view_state.h"

namespace sanquan::consensus {

class Replica::Core {
  public:
    explicit Core(const Timing& timing) : pacemaker_(timing) {}

    // restore.cc
    static Status check_config(const Timing& timing, const EpochInfo& epoch);
    Status restore(const RestoredState& state);
    Effects start();

    // replica.cc
    Effects step(const Event& event);
    [[nodiscard]] bool wants(const Message& message) const;
    [[nodiscard]] ReplicaStatus status() const;
    [[nodiscard]] std::string describe() const;

  private:
    // -- events (replica.cc unless named)
    void on(const TickElapsed& event);
    void on(const MessageReceived& event);
    void on(const VoteSigned& event);      // voting.cc
    void on(const ProposalSigned& event);  // proposing.cc
    void on(const PayloadBuilt& event);    // proposing.cc
    void on(const PayloadChecked& event);
    void on(const BlockAvailable& event);
    void on(const PayloadExecuted& event);  // commit.cc
    void on(const WorkPending& event);
    void on(const ReachChanged& event);
    void on(const NonceDrawn& event);    // abstain.cc
    void on(const EpochStarted& event);  // epochs.cc
    void on(const CaughtUp& event);      // commit.cc

    // -- messages
    void receive(PeerNumber from, const SignedProposal& proposal);
    void receive(PeerNumber from, const SignedVote& vote);            // votes.cc
    void receive(PeerNumber from, const Certificate& certificate);    // certificates.cc
    void receive(PeerNumber from, const FetchCertificates& request);  // answers.cc
    void receive(PeerNumber from, const FetchProposal& request);      // answers.cc
    void receive(PeerNumber from, const StatusHint& hint);            // answers.cc
    void receive(PeerNumber from, const ViewQuery& query);            // abstain.cc
    void receive(PeerNumber from, const SignedViewReport& report);    // abstain.cc

    [[nodiscard]] bool wants(const SignedProposal& proposal) const;
    [[nodiscard]] bool wants(const SignedVote& vote) const;
    [[nodiscard]] bool wants(const Certificate& certificate) const;
    [[nodiscard]] bool wants(const SignedViewReport& report) const;

    // Tries every rule until none has anything to do; called after each event.
    void run_rules();

    // -- certificates.cc
    void accept(const Certificate& certificate);
    void accept_notarization(const Certificate& certificate);
    void accept_nullification(const Certificate& certificate);
    void accept_finalization(const Certificate& certificate);
    [[nodiscard]] bool leaves(View view) const;
    void enter_view(View view);
    void conflict(const Certificate& first, const Certificate& second);
    // The certificate that opened `view`, if it is held: of view - 1, finalization first.
    [[nodiscard]] const Certificate* opening_of(View view) const;
    [[nodiscard]] const Certificate* held(VoteKind kind, View view) const;
    [[nodiscard]] bool above_finalized(View view) const { return view > finalized_.view; }
    // Whether `digest` stands certified in `view`: notarized, finalized, or the base of the epoch.
    [[nodiscard]] bool certified(View view, const BlockDigest& digest) const;
    [[nodiscard]] bool notarized_above_finalized() const;

    // -- votes.cc
    void store_vote(const SignedVote& vote);
    void receive_own(const Vote& vote);
    void report(EvidenceKind kind, ViewState& view, const SignedVote& first,
                const SignedVote& second);
    void detect_lost_votes(const Certificate& certificate);

    // -- voting.cc
    void refuse(ViewState& view);
    [[nodiscard]] bool may_sign(View view) const;
    void cast(VoteKind kind, View view, const BlockDigest& digest);
    bool try_notarize();
    bool try_nullify_late();
    bool try_finalize();
    void on_view_timeout();
    // Whether the current view's proposal may be voted for now; asks for what is missing, marks
    // what never may.
    bool proposal_acceptable(ViewState& view);
    bool parent_acceptable(ViewState& view, const Proposal& proposal);
    bool header_acceptable(ViewState& view, const Proposal& proposal);
    void persist_record(const Record& record, std::optional<BlockDigest> block = std::nullopt);
    void persist_opening(View view);
    void persist_certificate(VoteKind kind, View view);

    // -- proposing.cc
    bool try_propose();
    struct ParentChoice {
        View view;
        BlockDigest digest;
    };
    std::optional<ParentChoice> choose_parent();
    void record_proposal(const Proposal& proposal, const BlockFacts& facts);
    void send_proposal(const ViewState& view);

    // -- commit.cc
    bool try_commit();
    void need_block(const BlockDigest& digest);
    void need_execution(const BlockDigest& digest);
    void follow_ancestors(const BlockDigest& digest);
    void learn_facts(const BlockDigest& digest, const BlockFacts& facts);
    void prune();

    // -- answers.cc
    void answer_position(PeerNumber to, Epoch epoch, View view, View finalized);
    bool may_answer(PeerNumber to);
    void repeat();
    void repeat_votes();
    void ask_for_missing();
    void ask_certificates(const Target& whom, View first, View last);
    void fetch_blocks();
    void send(const Target& to, Message message);
    void ask_catch_up(PeerNumber peer, Epoch epoch, View view);

    // -- abstain.cc
    void begin_abstaining();
    void ask_views();
    [[nodiscard]] bool needs_threshold() const;
    [[nodiscard]] bool abstaining() const;
    // Whether the current view is at or above the threshold of this epoch, and there is one.
    [[nodiscard]] bool past_threshold() const;
    void persist_recovery();

    // -- epochs.cc
    void enter_epoch(const EpochInfo& info);

    // -- restore.cc
    Status apply(const Record& record);
    void raise_view();
    void resume();

    // -- small facts
    [[nodiscard]] bool work_pending() const;
    [[nodiscard]] bool timer_armed() const;
    [[nodiscard]] bool stuck() const;
    [[nodiscard]] ReplicaIndex leader(View view) const;
    [[nodiscard]] bool is_own(ReplicaIndex index) const { return info_.own == index; }
    [[nodiscard]] const ViewState* find_view(View view) const;
    ViewState& view_state(View view) { return views_[view]; }

    Pacemaker pacemaker_;
    EpochInfo info_;
    View view_{1};                     // current view
    std::map<View, ViewState> views_;  // above the last finalized view
    BlockTable blocks_;

    Finalized finalized_;  // highest finalization seen; its block may still be on its way
    Finalized committed_;  // highest block handed over by Commit
    std::map<View, Certificate>
        uncommitted_;                 // finalizations above committed_; BOUND: kFetchDepthMax
    bool epoch_finished_ = false;     // the boundary block is finalized (SPEC 10.4)
    bool halted_ = false;             // proof of more than f faulty validators was seen
    bool diverged_ = false;           // a finalized block cannot be executed here
    bool finalized_durable_ = false;  // finalized_.certificate is in the vote log
    bool node_pending_ = false;

    // After a lost log (SPEC 9).
    bool has_log_ = false;              // the vote log has its first record
    bool marked_ = false;               // the log replaces a lost one
    std::set<Epoch> recovered_epochs_;  // with a threshold since the last mark
    std::map<Epoch, View> thresholds_;  // never vote below these
    bool recovery_durable_ = false;     // a restart finds this epoch's threshold reached (SPEC 9.8)
    std::optional<Nonce> nonce_;
    bool nonce_asked_ = false;
    std::map<ReplicaIndex, View> reports_;

    std::vector<Record> later_records_;             // of epochs that have not started yet
    std::map<PeerNumber, std::uint32_t> answered_;  // answers of this tick, per peer
    std::uint32_t catch_up_wait_ = 0;               // ticks until catch-up may be asked for again
    std::uint32_t missing_attempt_ =
        0;  // how often the current view's missing certificates were asked for
    std::uint64_t views_failed_ = 0;
    std::uint64_t views_succeeded_ = 0;
    Effects effects_;
};

}  // namespace sanquan::consensus
