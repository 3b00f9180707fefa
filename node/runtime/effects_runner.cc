#include "node/runtime/effects_runner.h"

#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/crypto/random.h"
#include "node/executor/block_rules.h"
#include "node/log.h"

namespace sanquan::node {
namespace {

using consensus::Effects;

constexpr std::size_t kStepsPerSync = 64;
// After a pause of the whole process time has not passed for the protocol: others have moved on anyway.
constexpr std::int64_t kTicksAtOnceMax = 200;
constexpr auto kIdleWake = std::chrono::milliseconds(250);

}  // namespace

EffectsRunner::EffectsRunner(RunnerParts parts)
    : parts_(std::move(parts)),
      skew_(parts_.drift),
      catch_up_({parts_.chain, parts_.verifier, parts_.executor, parts_.network,
                 [this](std::function<void()> task) { strand_.post(std::move(task)); },
                 [this](const consensus::Certificate& certificate, const BlockHeader& header) {
                     push(consensus::CaughtUp{certificate, facts_of(header)});
                     forget_final(header.height, certificate.subject.view);
                 }}) {
    if (parts_.vote_key == nullptr) {
        return;
    }
    for (std::size_t i = 0; i < parts_.validators.validators.size(); ++i) {
        if (parts_.validators.validators[i].vote_key == parts_.vote_key->public_key()) {
            own_ = ReplicaIndex{static_cast<std::uint16_t>(i)};
        }
    }
}

void EffectsRunner::log_block_step(int step, const Chain& chain, const Block& block) {
    if (!log_enabled(LogLevel::kDebug)) {
        return;
    }
    for (const Bytes& raw : block.transactions) {
        if (const auto transaction = decode_transaction(raw, chain)) {
            log_step(step, transaction->id, block.header.height, block.header.view);
        }
    }
}

EffectsRunner::~EffectsRunner() { stop(); }

Status EffectsRunner::start(const consensus::Timing& timing) {
    consensus::RestoredState state;
    state.epoch.epoch = parts_.validators.epoch;
    state.epoch.validators = static_cast<std::uint16_t>(parts_.validators.validators.size());
    state.epoch.own = own_;
    state.epoch.base = genesis_block_digest(parts_.chain);
    state.finalized.digest = state.epoch.base;
    // The last block that has a finalization of its own: a batch of commits shares the last one's.
    for (Height height = parts_.executor.head()->height(); height.value > 0; --height.value) {
        SANQUAN_TRY_ASSIGN(const Bytes bytes, parts_.blocks.certificate(height));
        SANQUAN_TRY_ASSIGN(const auto certificate, decode_certificate(bytes));
        SANQUAN_TRY_ASSIGN(const BlockDigest digest, parts_.blocks.digest(height));
        if (certificate.subject.digest == digest) {
            state.finalized = {certificate.subject.view, digest, height, false, certificate};
            break;
        }
    }
    if (parts_.recorder != nullptr) {
        state.records = parts_.recorder->take_records();
        state.log_lost = parts_.recorder->log_lost();
        for (SharedBlock& block : parts_.recorder->take_blocks()) {
            blocks_.keep(std::move(block));
        }
    }
    SANQUAN_TRY_ASSIGN(replica_, consensus::Replica::restore(timing, state));
    last_tick_ = Strand::Clock::now();
    // Nobody is connected yet; whoever never comes must not cost a timeout in each of its turns.
    for (std::uint16_t i = 0; i < parts_.validators.validators.size(); ++i) {
        if (ReplicaIndex{i} != own_) {
            push(consensus::ReachChanged{ReplicaIndex{i}, false});
        }
    }
    strand_.post([this] {
        std::vector<Effects> steps{replica_->start()};
        run_unsynced(steps.front());
        if (persist(steps)) {
            run_synced(steps.front());
        }
    });
    strand_.start([this] { return after_batch(); });
    return {};
}

void EffectsRunner::stop() { strand_.stop(); }

EffectsRunner::Snapshot EffectsRunner::snapshot() const {
    const std::lock_guard lock(snapshot_mutex_);
    return snapshot_;
}

void EffectsRunner::on_work_changed() {
    if (!work_pending_ || !parts_.executor.work_pending()) {
        strand_.post([] {});  // after_batch looks
    }
}

Strand::Clock::time_point EffectsRunner::after_batch() {
    if (failed_) {
        return Strand::Clock::time_point::max();
    }
    run_ticks();
    ask_missing();
    update_work();
    drain();
    publish();
    const auto now = Strand::Clock::now();
    const auto catch_up = catch_up_.on_tick(now);
    const auto tick = replica_->status().idle ? now + kIdleWake : last_tick_ + parts_.tick;
    return std::min(catch_up, tick);
}

void EffectsRunner::run_ticks() {
    const auto now = Strand::Clock::now();
    std::int64_t ticks = (now - last_tick_) / parts_.tick;
    last_tick_ += ticks * parts_.tick;
    ticks = std::min(ticks, kTicksAtOnceMax);
    // ORDER: before the events that ended the wait, else a timer that they start would be late at once.
    for (std::int64_t i = 0; i < ticks; ++i) {
        events_.push_front(consensus::TickElapsed{});
    }
}

void EffectsRunner::update_work() {
    const bool pending = parts_.executor.work_pending();
    if (pending != work_pending_) {
        work_pending_ = pending;
        push(consensus::WorkPending{pending});
    }
    if (!pending && parts_.executor.work_pending()) {
        // ORDER: it came before work_pending_ was written, so on_work_changed() may have seen what was there before.
        on_work_changed();
    }
}

void EffectsRunner::drain() {
    while (!events_.empty() && !failed_) {
        std::vector<Effects> steps;
        while (!events_.empty() && steps.size() < kStepsPerSync) {
            const consensus::Event event = std::move(events_.front());
            events_.pop_front();
            steps.push_back(replica_->step(event));
            run_unsynced(steps.back());
        }
        // ORDER: persist before send, else a crash lets us vote twice. One sync serves all steps of the batch.
        if (!persist(steps)) {
            return;
        }
        for (Effects& effects : steps) {
            run_synced(effects);
        }
    }
}

bool EffectsRunner::persist(std::vector<Effects>& steps) {
    std::vector<consensus::Persist> records;
    for (const Effects& effects : steps) {
        records.insert(records.end(), effects.persist.begin(), effects.persist.end());
    }
    if (records.empty()) {
        return true;
    }
    SANQUAN_ASSERT(parts_.recorder != nullptr);
    const auto missing = parts_.recorder->persist(
        records, [this](const BlockDigest& digest) { return find_block(digest); });
    if (!missing) {
        fail_for_good(missing.error());
        return false;
    }
    // SECURITY: a vote that is not recorded leaves nowhere (SPEC 8.1, 8.4); the others end the view without it.
    const auto withheld = [&](const auto& statement) {
        return missing->contains(statement.digest);
    };
    for (Effects& effects : steps) {
        std::erase_if(effects.sign_votes, withheld);
        std::erase_if(effects.sign_proposals, withheld);
    }
    for (const BlockDigest& digest : *missing) {
        log(LogLevel::kWarn, "vote_withheld",
            {{"block", digest.hex()}, {"why", "the block has gone from memory"}});
    }
    return true;
}

void EffectsRunner::run_unsynced(const Effects& effects) {
    for (const auto& check : effects.check) {
        ask_check(check.proposal);
    }
    for (const auto& execute : effects.execute) {
        ask_execute(execute.digest);
    }
    for (const auto& build : effects.build) {
        ask_build(build);
    }
    for (const auto& fetch : effects.fetch) {
        ask_block(fetch);
    }
    for (const auto& commit : effects.commit) {
        ask_commit(commit);
    }
    if (!effects.catch_up.empty()) {
        catch_up_.begin();
    }
    for (std::size_t i = 0; i < effects.draw_nonce.size(); ++i) {
        consensus::Nonce nonce{};
        const Bytes drawn = random_bytes(nonce.size());
        std::copy(drawn.begin(), drawn.end(), nonce.begin());
        push(consensus::NonceDrawn{nonce});
    }
    for (const auto& evidence : effects.evidence) {
        report(evidence);
    }
}

void EffectsRunner::run_synced(Effects& effects) {
    for (const auto& proposal : effects.sign_proposals) {
        sign(proposal);
    }
    for (const auto& vote : effects.sign_votes) {
        sign(vote);
    }
    for (const auto& report : effects.reports) {
        sign(report);
    }
    for (const auto& message : effects.send) {
        send(message);
    }
}

void EffectsRunner::sign(const consensus::Vote& vote) {
    SANQUAN_ASSERT(own_ && parts_.vote_key != nullptr);
    push(consensus::VoteSigned{
        {vote, *own_, parts_.vote_key->sign(signed_bytes(parts_.chain, vote))}});
    if (const SharedBlock block = blocks_.find(vote.digest)) {
        log_block_step(7, parts_.chain, *block);
    }
}

void EffectsRunner::sign(const consensus::Proposal& proposal) {
    SANQUAN_ASSERT(own_ && parts_.vote_key != nullptr);
    push(consensus::ProposalSigned{
        {proposal, parts_.vote_key->sign(signed_bytes(parts_.chain, proposal))}});
}

void EffectsRunner::sign(const consensus::SignReport& report) {
    SANQUAN_ASSERT(own_ && parts_.vote_key != nullptr);
    const consensus::SignedViewReport message{
        report.report, parts_.vote_key->sign(signed_bytes(parts_.chain, report.report))};
    send_frame(report.to, encode_peer_message(ConsensusMessage{message, {}}));
}

void EffectsRunner::send(const consensus::Send& send) {
    ConsensusMessage message{send.message, {}};
    bool followers_too = true;
    if (const auto* proposal = std::get_if<consensus::SignedProposal>(&send.message)) {
        const SharedBlock block = find_block(proposal->proposal.digest);
        if (block == nullptr) {
            return;  // final and gone from memory; whoever still asks will be told of the finalization
        }
        message.block = block->raw;
        // SECURITY: prices and terms go to listed nodes alone (docs/THREAT_MODEL.md).
        followers_too = false;
    }
    send_frame(send.to, encode_peer_message(message), followers_too);
}

void EffectsRunner::send_frame(const consensus::Target& to, const SharedFrame& frame,
                               bool followers_too) {
    if (std::holds_alternative<consensus::Everyone>(to)) {
        parts_.network.broadcast(Lane::kConsensus, frame, followers_too);
    } else if (const auto* index = std::get_if<ReplicaIndex>(&to)) {
        if (index->value < parts_.validators.validators.size()) {
            parts_.network.send(SpkiHash::from(parts_.validators.validators[index->value].tls_key),
                                Lane::kConsensus, frame);
        }
    } else {
        parts_.network.send(std::get<PeerNumber>(to), Lane::kConsensus, frame);
    }
}

void EffectsRunner::ask_check(const consensus::Proposal& proposal) {
    const SharedBlock block = find_block(proposal.digest);
    if (block == nullptr) {
        return;  // the block came with the proposal or not at all
    }
    log_block_step(6, parts_.chain, *block);
    // BOUND: whoever waits for the answer does not hold the block (block_memory.h does).
    const consensus::BlockFacts facts = facts_of(block->header);
    parts_.executor.check(proposal, block, [this, proposal, facts](bool ok) {
        strand_.post([this, proposal, facts, ok] {
            push(consensus::PayloadChecked{proposal.view, proposal.digest, ok, facts});
        });
    });
}

void EffectsRunner::ask_execute(const BlockDigest& digest) {
    const SharedBlock block = find_block(digest);
    if (block == nullptr) {
        execute_when_here_.add(digest, parts_.executor.head()->height(), Strand::Clock::now());
        return;
    }
    if (blocks_.find(digest) != nullptr) {
        blocks_.keep(block);  // a certificate asks for it
    }
    parts_.executor.execute(block, [this, digest](bool ok) {
        strand_.post([this, digest, ok] { push(consensus::PayloadExecuted{digest, ok}); });
    });
}

void EffectsRunner::ask_missing() {
    const auto validators = static_cast<std::uint32_t>(parts_.validators.validators.size());
    for (const auto& [digest, turn] : execute_when_here_.due(Strand::Clock::now())) {
        if (find_block(digest) != nullptr) {
            execute_when_here_.arrived(digest);
            ask_execute(digest);
            continue;
        }
        ReplicaIndex from{static_cast<std::uint16_t>((digest.octets[0] + turn) % validators)};
        if (from == own_) {
            from = ReplicaIndex{static_cast<std::uint16_t>((from.value + 1U) % validators)};
        }
        wanted_blocks_.insert(digest);
        send_frame(from, encode_peer_message(FetchBlockMessage{digest}));
    }
}

void EffectsRunner::ask_build(const consensus::BuildPayload& request) {
    SANQUAN_ASSERT(own_);
    parts_.executor.build(request, *own_, [this, view = request.view](SharedBlock block) {
        if (block == nullptr) {
            return;
        }
        strand_.post([this, view, block] {
            blocks_.keep(block);
            push(consensus::PayloadBuilt{view, block->digest, facts_of(block->header)});
        });
    });
}

void EffectsRunner::ask_block(const consensus::FetchBlock& request) {
    if (const SharedBlock block = find_block(request.digest)) {
        push(consensus::BlockAvailable{block->digest, facts_of(block->header)});
        return;
    }
    wanted_blocks_.insert(request.digest);
    send_frame(request.from, encode_peer_message(FetchBlockMessage{request.digest}));
}

void EffectsRunner::ask_commit(const consensus::Commit& commit) {
    std::vector<BlockDigest> digests;
    for (const auto& block : commit.blocks) {
        digests.push_back(block.digest);
    }
    const Epoch epoch = commit.finalization.subject.epoch;
    const View view = commit.finalization.subject.view;
    const Height height = commit.blocks.back().facts.height;
    parts_.executor.commit(std::move(digests), encode_certificate(commit.finalization),
                           [this, epoch, view, height](bool stored) {
                               strand_.post([this, epoch, view, height, stored] {
                                   forget_final(height, view);
                                   if (!stored || parts_.recorder == nullptr || failed_) {
                                       return;
                                   }
                                   const Status status =
                                       parts_.recorder->on_finalized(epoch, view, height);
                                   if (!status) {
                                       fail_for_good(status.error());
                                   }
                               });
                           });
}

// Both signed halves stand in the log line, in the frames that brought them: whoever reads it can check them without
// us.
void EffectsRunner::report(const consensus::Evidence& evidence) {
    ++evidence_;
    std::visit(
        [&](const auto& halves) {
            const auto frame = [](const auto& half) {
                return to_hex(*encode_peer_message(ConsensusMessage{consensus::Message{half}, {}}));
            };
            log(LogLevel::kError, "evidence",
                {{"kind", static_cast<std::uint64_t>(evidence.kind)},
                 {"first", frame(halves.first)},
                 {"second", frame(halves.second)},
                 {"action", "a validator broke the protocol; tell the leading group"}});
        },
        evidence.proof);
}

SharedBlock EffectsRunner::find_block(const BlockDigest& digest) const {
    if (SharedBlock block = blocks_.find(digest)) {
        return block;
    }
    const auto height = parts_.blocks.find_block(digest);
    if (!height || height->value == 0) {
        return nullptr;
    }
    auto raw = parts_.blocks.block(*height);
    if (!raw) {
        return nullptr;
    }
    auto block = decode_block(std::move(*raw), parts_.chain);
    return block ? std::make_shared<const Block>(std::move(*block)) : nullptr;
}

void EffectsRunner::arrived(const BlockDigest& digest) {
    if (blocks_.find(digest) != nullptr && execute_when_here_.arrived(digest)) {
        ask_execute(digest);
    }
}

void EffectsRunner::forget_final(Height height, View view) {
    blocks_.forget_final(height, view);
    execute_when_here_.forget_final(height);
    if (blocks_.empty()) {
        wanted_blocks_.clear();
    }
}

consensus::BlockFacts EffectsRunner::facts_of(const BlockHeader& header) const {
    return {header.epoch, header.view, header.height, header.parent, header.is_boundary()};
}

void EffectsRunner::publish() {
    const consensus::ReplicaStatus status = replica_->status();
    if (status.views_failed > views_failed_) {
        views_failed_ = status.views_failed;
        parts_.executor.on_view_failed();
        log(LogLevel::kInfo, "view_failed",
            {{"view", status.view}, {"timeout_ticks", std::uint64_t{status.timeout_ticks}}});
    }
    const std::lock_guard lock(snapshot_mutex_);
    snapshot_.replica = status;
    snapshot_.evidence = evidence_;
    snapshot_.ahead_ms = skew_.ahead_ms();
    snapshot_.vote_log_bytes = parts_.recorder == nullptr ? 0 : parts_.recorder->size_bytes();
}

void EffectsRunner::fail_for_good(const Error& error) {
    if (!failed_.exchange(true)) {
        log(LogLevel::kError, "vote_log_failed",
            {{"why", to_string(error)}, {"action", "the node stops; nothing more is signed"}});
        parts_.on_failure(error);
    }
}

}  // namespace sanquan::node
