// Prometheus text of the node: gauges and counters filled from the parts when asked, nothing on the hot path.
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "node/service/ledger_service_impl.h"

namespace sanquan::node {
namespace {

// One sample set, gathered afresh: the parts keep the figures, Prometheus only spells them.
class Sheet {
  public:
    void gauge(const std::string& name, const std::string& help, double value,
               const std::map<std::string, std::string>& labels = {}) {
        prometheus::BuildGauge().Name(name).Help(help).Register(registry_).Add(labels).Set(value);
    }
    void counter(const std::string& name, const std::string& help, double value,
                 const std::map<std::string, std::string>& labels = {}) {
        prometheus::BuildCounter().Name(name).Help(help).Register(registry_).Add(labels).Increment(
            value);
    }
    [[nodiscard]] std::string text() const {
        return prometheus::TextSerializer().Serialize(registry_.Collect());
    }

  private:
    prometheus::Registry registry_{prometheus::Registry::InsertBehavior::Merge};
};

double number(std::uint64_t value) { return static_cast<double>(value); }

void add_network(Sheet& sheet, const PeerCounters& net) {
    sheet.counter("sanquan_peer_bytes_total", "Bytes on the peer port.", number(net.bytes_in),
                  {{"direction", "in"}});
    sheet.counter("sanquan_peer_bytes_total", "Bytes on the peer port.", number(net.bytes_out),
                  {{"direction", "out"}});
    sheet.counter("sanquan_peer_frames_total", "Frames on the peer port.", number(net.frames_in),
                  {{"direction", "in"}});
    sheet.counter("sanquan_peer_frames_total", "Frames on the peer port.", number(net.frames_out),
                  {{"direction", "out"}});
    sheet.counter("sanquan_peer_frames_dropped_total", "Frames for which a queue had no room.",
                  number(net.frames_dropped));
    sheet.counter("sanquan_peer_handshakes_failed_total", "TLS handshakes that failed.",
                  number(net.handshakes_failed));
    sheet.counter("sanquan_peer_certificates_expired_total",
                  "Connections whose certificate was out of date; the pin decided.",
                  number(net.certificates_expired));
}

void add_state(Sheet& sheet, const StateStore::Figures& state) {
    sheet.gauge("sanquan_state_keys", "Keys of the state.", number(state.live_keys));
    sheet.gauge("sanquan_state_entries", "Entries ever appended.", number(state.entries));
    sheet.gauge("sanquan_state_log_bytes", "State log on disk.", number(state.log_bytes));
}

}  // namespace

std::string LedgerServiceImpl::metrics() const {
    const NodeStatus now = status();
    const EffectsRunner::Snapshot consensus = parts_.runner.snapshot();
    const VerdictMemory::Counters verdicts = parts_.verifier.counters();
    const Executor::Counters& executor = parts_.executor.counters();
    Sheet sheet;
    sheet.gauge("sanquan_info", "Constant 1, with the build and role.", 1,
                {{"build", now.build}, {"role", now.role}, {"node", now.name}});
    sheet.gauge("sanquan_height", "Height of the last finalized block.", number(now.height.value));
    sheet.gauge("sanquan_block_time_ms", "Time of the last finalized block.",
                number(now.time.value));
    sheet.gauge("sanquan_view", "Present view.", number(now.view.value));
    sheet.gauge("sanquan_epoch", "Present epoch.", number(now.epoch.value));
    sheet.counter("sanquan_views_failed_total", "Views that ended without a block.",
                  number(consensus.replica.views_failed));
    sheet.gauge("sanquan_view_timeout_ticks", "Present view timeout.",
                consensus.replica.timeout_ticks);
    sheet.gauge("sanquan_abstaining", "1 while the node may not vote after a lost vote log.",
                consensus.replica.abstaining ? 1 : 0);
    sheet.gauge("sanquan_halted", "1 after proof of more faulty validators than tolerated.",
                consensus.replica.halted ? 1 : 0);
    sheet.gauge("sanquan_diverged", "1 when re-execution gave another root than the certified one.",
                now.diverged ? 1 : 0);
    sheet.counter("sanquan_evidence_total", "Proofs of misbehaviour seen.",
                  number(consensus.evidence));
    for (const auto& [leader, ahead] : consensus.ahead_ms) {
        sheet.gauge("sanquan_clock_skew_ms",
                    "Time of the leader's last proposal less this node's clock when it came.",
                    static_cast<double>(ahead), {{"leader", leader}});
    }
    sheet.gauge("sanquan_peers", "Connected peers.", number(now.peers_connected));
    sheet.gauge("sanquan_pool_transactions", "Transactions waiting for a block.",
                number(now.pool_transactions));
    sheet.gauge("sanquan_pool_bytes", "Their bytes.", number(parts_.pool.bytes()));
    sheet.gauge("sanquan_waiters", "Clients waiting for an outcome.",
                number(parts_.waiters.size()));
    sheet.gauge("sanquan_worker_queue", "Tasks waiting for the signature workers.",
                number(parts_.workers.waiting()));
    sheet.gauge("sanquan_consensus_queue", "Events waiting for the consensus strand.",
                number(parts_.runner.waiting()));
    sheet.counter("sanquan_signature_checks_total", "Signature checks done.",
                  number(verdicts.misses), {{"answered", "computed"}});
    sheet.counter("sanquan_signature_checks_total", "Signature checks done.", number(verdicts.hits),
                  {{"answered", "remembered"}});
    sheet.counter("sanquan_blocks_executed_total", "Blocks executed, final or not.",
                  number(executor.executed));
    sheet.counter("sanquan_transactions_total", "Transactions executed.",
                  number(executor.transactions));
    sheet.counter("sanquan_operations_total", "Operations executed.", number(executor.operations));
    sheet.counter("sanquan_invariant_alarms_total", "Invariant breaches that were rolled back.",
                  number(executor.alarms));
    sheet.counter("sanquan_check_seconds_total", "Time spent validating blocks.",
                  number(executor.check_us) / 1e6);
    sheet.counter("sanquan_execute_seconds_total", "Time spent executing blocks.",
                  number(executor.execute_us) / 1e6);
    sheet.counter("sanquan_commit_seconds_total", "Time spent making blocks durable.",
                  number(executor.commit_us) / 1e6);
    add_network(sheet, parts_.network.counters());
    add_state(sheet, parts_.state.figures());
    sheet.gauge("sanquan_vote_log_bytes", "Vote log on disk.", number(consensus.vote_log_bytes));
    return sheet.text();
}

}  // namespace sanquan::node
