#include "node/service/ledger_service_impl.h"

#include "contracts/apply_block.h"
#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "node/log.h"
#include "node/service/past_view.h"
#include "node/service/prover.h"

namespace sanquan::node {
namespace {

// Why this validator does not vote now and what ends it; empty when it may vote (consensus/SPEC.md, 9).
std::string abstaining_text(const consensus::ReplicaStatus& replica) {
    if (!replica.abstaining) {
        return {};
    }
    const std::string why =
        "votes of an earlier life may be missing from its log (init --after-loss, a restored "
        "directory, or a vote of its own that another node showed it); ";
    return why + (replica.threshold
                      ? "it votes again from view " + std::to_string(replica.threshold->value) +
                            " on, now is view " + std::to_string(replica.view.value)
                      : "it waits until a quorum of the other validators has told it their view");
}

}  // namespace

NodeStatus LedgerServiceImpl::status() const {
    const SharedExecution head = parts_.executor.head();
    const EffectsRunner::Snapshot consensus = parts_.runner.snapshot();
    NodeStatus status;
    status.height = head->height();
    status.time = head->time();
    status.view = consensus.replica.view;
    status.epoch = consensus.replica.epoch;
    status.state_root = head->state->root();
    status.role = parts_.role;
    status.name = parts_.name;
    status.peers_connected = parts_.network.connected().size();
    status.pool_transactions = parts_.pool.size();
    status.build = parts_.build;
    status.divergence = divergence_.text();
    status.diverged = !status.divergence.empty();
    status.abstaining = abstaining_text(consensus.replica);
    return status;
}

void LedgerServiceImpl::submit(Bytes raw, WaitFor wait, std::chrono::milliseconds timeout,
                               std::function<void(Result<TransactionOutcome>)> done) {
    if (wait == WaitFor::kAdmitted) {
        parts_.intake.submit(std::move(raw), {}, [this, done](Result<IntakeAnswer> answer) {
            if (!answer) {
                done(tl::unexpected(answer.error()));
                return;
            }
            if (answer->was_known) {
                if (auto known = find_transaction(answer->id)) {
                    known->duplicate = known->height.value > 0;
                    done(std::move(*known));
                    return;
                }
            }
            TransactionOutcome outcome;
            outcome.id = answer->id;
            done(std::move(outcome));
        });
        return;
    }
    const auto ticket =
        parts_.waiters.add(wait, OutcomeWaiters::Clock::now() + timeout, std::move(done));
    parts_.on_deadline();
    parts_.intake.submit(
        std::move(raw),
        // ORDER: watched before the pool has it, else the news could come before anyone listens.
        [this, ticket](const TransactionId& id) { parts_.waiters.watch(ticket, id); },
        [this, ticket](Result<IntakeAnswer> answer) {
            if (!answer) {
                parts_.waiters.answer(ticket, tl::unexpected(answer.error()));
            } else if (answer->was_known) {
                answer_known(ticket, answer->id);
            }
        });
}

void LedgerServiceImpl::answer_known(OutcomeWaiters::Ticket ticket, const TransactionId& id) {
    auto outcome = find_transaction(id);
    if (outcome && outcome->height.value > 0) {
        outcome->duplicate = true;
        parts_.waiters.on_known_final(ticket, *outcome);
        // ORDER: the block that seals it may have come after the look above and before the ticket waited for a seal.
        if (!outcome->sealed && parts_.executor.head()->height() > outcome->height) {
            outcome->sealed = true;
            parts_.waiters.answer(ticket, std::move(*outcome));
        }
    }
}

Result<TransactionOutcome> LedgerServiceImpl::find_transaction(const TransactionId& id) const {
    TransactionOutcome outcome;
    outcome.id = id;
    const auto place = parts_.blocks.find_transaction(id);
    if (!place) {
        if (place.error().code == Code::kNotFound && parts_.pool.find(id) != nullptr) {
            return outcome;
        }
        return tl::unexpected(place.error());
    }
    SANQUAN_TRY_ASSIGN(auto receipts, parts_.blocks.receipts(place->height));
    if (place->index >= receipts.size()) {
        return fail(Code::kCorrupt, "the index points beyond the block's receipts");
    }
    outcome.height = place->height;
    outcome.index = place->index;
    outcome.receipt = std::make_shared<const Bytes>(std::move(receipts[place->index]));
    outcome.sealed = parts_.executor.head()->height() > place->height;
    return outcome;
}

Result<Bytes> LedgerServiceImpl::dry_run(Bytes body) const {
    wire::TransactionBody decoded;
    SANQUAN_TRY(decode_canonical(body, limits::kTransactionBytesMax, decoded));
    const SharedExecution head = parts_.executor.head();
    const TimeMs time{std::max(head->time().value + 1, parts_.wall_clock().value)};
    // Cosigners have not agreed to be asked about: taking them as signers would show their balances to any sender.
    return contracts::dry_run({chain(), head->height().next(), time}, transaction_id(chain(), body),
                              decoded, {decoded.sender()}, *head->state);
}

StateSnapshot LedgerServiceImpl::state() const {
    const SharedExecution head = parts_.executor.head();
    return {head->height(), head->time(), head->state->root(), head->state};
}

Result<PastState> LedgerServiceImpl::state_at(Height at) const {
    const SharedExecution head = parts_.executor.head();
    if (at > head->height()) {
        return fail(Code::kNotFound, "height " + std::to_string(at.value) + "; the head is " +
                                         std::to_string(head->height().value));
    }
    const auto view = std::make_shared<PastView>(head->state, at);
    PastState past{{at, head->time(), head->state->root(), view},
                   [view] { return view->failure(); }};
    if (at == head->height()) {
        return past;
    }
    past.state.time = genesis_header(parts_.genesis).time;
    if (at.value > 0) {
        SANQUAN_TRY_ASSIGN(const BlockHeader header, header_of(at));
        past.state.time = header.time;
    }
    SANQUAN_TRY_ASSIGN(const BlockHeader next, header_of(at.next()));
    past.state.root = next.state_root;
    return past;
}

Result<BlockHeader> LedgerServiceImpl::header_of(Height height) const {
    SANQUAN_TRY_ASSIGN(Bytes raw, parts_.blocks.block(height));
    SANQUAN_TRY_ASSIGN(Block block, decode_block(std::move(raw), chain()));
    return block.header;
}

std::vector<std::pair<Bytes, Bytes>> LedgerServiceImpl::scan(ByteView prefix, ByteView cursor,
                                                             std::size_t limit) const {
    for (;;) {
        auto found = parts_.executor.head()->state->try_scan(prefix, cursor, limit);
        if (found) {
            return *std::move(found);
        }
    }
}

Result<StoredBlock> LedgerServiceImpl::block(Height height) const {
    StoredBlock stored;
    stored.height = height;
    SANQUAN_TRY_ASSIGN(stored.block, parts_.blocks.block(height));
    SANQUAN_TRY_ASSIGN(stored.certificate, parts_.blocks.certificate(height));
    SANQUAN_TRY_ASSIGN(stored.receipts, parts_.blocks.receipts(height));
    return stored;
}

Result<Bytes> LedgerServiceImpl::prove_receipt(const TransactionId& id) const {
    return Prover(parts_.genesis, parts_.blocks, parts_.state).receipt(id);
}

Result<Bytes> LedgerServiceImpl::prove_state(ByteView key, std::optional<Height> at) const {
    return Prover(parts_.genesis, parts_.blocks, parts_.state).state(key, at);
}

Result<Bytes> LedgerServiceImpl::trust_file() const {
    return Prover(parts_.genesis, parts_.blocks, parts_.state).trust_file();
}

Result<Bytes> LedgerServiceImpl::checkpoint(std::optional<Height> at) const {
    // SECURITY: a node that found another result than the chain vouches for nothing.
    const SigningKey* auditor = divergence_.text().empty() ? parts_.audit_key : nullptr;
    return Prover(parts_.genesis, parts_.blocks, parts_.state).checkpoint(at, parts_.name, auditor);
}

Result<Bytes> LedgerServiceImpl::prove_consistency(Height older, Height newer) const {
    return Prover(parts_.genesis, parts_.blocks, parts_.state).consistency(older, newer);
}

std::uint64_t LedgerServiceImpl::subscribe(std::function<void(Height)> on_block) {
    const std::lock_guard lock(mutex_);
    subscribers_.emplace(next_handle_, std::move(on_block));
    return next_handle_++;
}

void LedgerServiceImpl::unsubscribe(std::uint64_t handle) {
    const std::lock_guard lock(mutex_);
    subscribers_.erase(handle);
}

void LedgerServiceImpl::on_final(const ExecutedBlock& block) {
    for (const SharedTransaction& transaction : block.transactions) {
        log_step(10, transaction->id, block.height(), block.header.view);
    }
    parts_.waiters.on_final(block);
    std::vector<std::function<void(Height)>> listeners;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [handle, listener] : subscribers_) {
            listeners.push_back(listener);
        }
    }
    for (const auto& listener : listeners) {
        listener(block.height());
    }
}

bool LedgerServiceImpl::on_diverged(const Error& error, const ExecutedBlock& block) {
    const bool is_first = divergence_.record(block.height(), error.context, block.writes);
    if (is_first) {
        log(LogLevel::kError, "diverged",
            {{"height", block.height()},
             {"why", error.context},
             {"action", "compare this node's build and disk with the others'; it does not go on"}});
    }
    return is_first;
}

void LedgerServiceImpl::on_writes(const std::string& peer, const WritesMessage& writes) {
    if (divergence_.compare(writes, peer)) {
        log(LogLevel::kError, "diverged_key", {{"what", divergence_.text()}});
    }
}

}  // namespace sanquan::node
