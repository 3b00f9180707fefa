// EffectsRunner: feeds the replica with events and carries out what it asks, on the consensus strand.
//
//   peer frame -> decode -> wants? -> verify -> step -> effects
//   effects: execution and fetching start at once; then one sync of the vote log; then signing and sending
//
// The only place that signs consensus statements, and the only owner of the vote log. A failed sync or write stops the
// node before anything more is signed (A3). Frames come on the network thread, answers of the executor on its strand;
// both are posted here.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "consensus/replica.h"
#include "ledger/crypto/signing_key.h"
#include "node/catchup/catch_up.h"
#include "node/executor/executor.h"
#include "node/net/peer_message.h"
#include "node/net/peer_network.h"
#include "node/runtime/block_memory.h"
#include "node/runtime/clock_skew.h"
#include "node/runtime/inbox.h"
#include "node/runtime/missing_blocks.h"
#include "node/runtime/strand.h"
#include "node/runtime/vote_recorder.h"
#include "node/verifier/verifier.h"

namespace sanquan::node {

struct RunnerParts {
    Chain chain;
    ValidatorSet validators;
    const SigningKey* vote_key = nullptr;  // none: follow only
    VoteRecorder* recorder = nullptr;      // none: follow only
    Verifier& verifier;
    Executor& executor;
    BlockStore& blocks;
    TxPool& pool;
    PeerNetwork& network;
    std::chrono::milliseconds tick;
    std::chrono::milliseconds drift;  // that proposals' times may be ahead
    std::function<TimeMs()> wall_clock;
    // A peer asks for a block that is not in memory: answered off the consensus strand, or not at all.
    std::function<void(const PeerInfo&, const BlockDigest&)> serve_stored;
    std::function<void(const Error&)>
        on_failure;  // the node must stop; nothing is signed afterwards
};

class EffectsRunner {
  public:
    explicit EffectsRunner(RunnerParts parts);
    ~EffectsRunner();
    EffectsRunner(const EffectsRunner&) = delete;
    EffectsRunner& operator=(const EffectsRunner&) = delete;

    // Rebuilds the replica from the vote log and the executor's head; then starts the strand.
    Status start(const consensus::Timing& timing);
    void stop();

    // From the network thread; `bytes` is the frame's size. False: no honest node sends this.
    bool on_message(const PeerInfo& peer, ConsensusMessage message, std::size_t bytes);
    // From pinned peers, like the next two.
    void on_fetch_block(const PeerInfo& peer, const BlockDigest& digest);
    void on_block(const PeerInfo& peer, BlockMessage message);
    void on_range(const PeerInfo& peer, RangeMessage message);
    // Before the first frame of a connection, and after its last.
    void on_connected(const PeerInfo& peer);
    void on_disconnected(const PeerInfo& peer);
    // Something that may be work arrived or became final; any thread.
    void on_work_changed();

    struct Snapshot {  // what status pages show; taken after each batch of events
        consensus::ReplicaStatus replica;
        std::uint64_t evidence = 0;
        std::uint64_t vote_log_bytes = 0;
        std::map<std::string, std::int64_t> ahead_ms;  // leaders' clocks (clock_skew.h)
    };
    [[nodiscard]] Snapshot snapshot() const;
    [[nodiscard]] std::size_t waiting() const { return strand_.waiting(); }

  private:
    Strand::Clock::time_point after_batch();
    void push(consensus::Event event) { events_.push_back(std::move(event)); }
    void drain();
    // Records and syncs, and takes out what must not be signed; false when the node must stop.
    bool persist(std::vector<consensus::Effects>& steps);
    // Asks again for blocks that are to be executed and not here.
    void ask_missing();
    void run_ticks();
    void update_work();
    void publish();

    // Of one step: what need not wait for the sync, and what must.
    void run_unsynced(const consensus::Effects& effects);
    void run_synced(consensus::Effects& effects);
    void sign(const consensus::Vote& vote);
    void sign(const consensus::Proposal& proposal);
    void sign(const consensus::SignReport& report);
    void send(const consensus::Send& send);
    void send_frame(const consensus::Target& to, const SharedFrame& frame,
                    bool followers_too = false);
    void ask_check(const consensus::Proposal& proposal);
    void ask_execute(const BlockDigest& digest);
    void ask_build(const consensus::BuildPayload& request);
    void ask_block(const consensus::FetchBlock& request);
    void ask_commit(const consensus::Commit& commit);
    void report(const consensus::Evidence& evidence);
    void receive(const PeerInfo& peer, ConsensusMessage message);
    // The peer sent what no honest node sends: nothing more of this connection is looked at.
    void cut(const PeerInfo& peer, std::string_view event, std::string_view why);
    void look_at_clock(const PeerInfo& peer, const Block& block);
    void tell_reach(const SpkiHash& key, bool reachable);

    // Step lines of every transaction of a block; at debug level only, since ids are computed for it.
    static void log_block_step(int step, const Chain& chain, const Block& block);
    [[nodiscard]] SharedBlock find_block(const BlockDigest& digest) const;
    [[nodiscard]] bool fits(const Block& block, const consensus::Proposal& proposal) const;
    // Executes the block if that was asked for before it came.
    void arrived(const BlockDigest& digest);
    void forget_final(Height height, View view);
    void fail_for_good(const Error& error);
    [[nodiscard]] consensus::BlockFacts facts_of(const BlockHeader& header) const;

    RunnerParts parts_;
    std::optional<ReplicaIndex> own_;
    std::optional<consensus::Replica> replica_;
    Inboxes inboxes_;
    Strand strand_{"consensus"};
    std::deque<consensus::Event> events_;
    BlockMemory blocks_;
    ClockSkew skew_;
    MissingBlocks execute_when_here_;
    std::set<BlockDigest> wanted_blocks_;
    CatchUp catch_up_;
    Strand::Clock::time_point last_tick_;
    std::atomic<bool> work_pending_{false};  // written on the strand
    std::atomic<bool> failed_{false};
    std::uint64_t evidence_ = 0;
    std::uint64_t views_failed_ = 0;

    mutable std::mutex snapshot_mutex_;
    Snapshot snapshot_;
};

}  // namespace sanquan::node
