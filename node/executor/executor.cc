#include "node/executor/executor.h"

#include <algorithm>
#include <mutex>

#include "contracts/apply_block.h"
#include "ledger/base/limits.h"
#include "node/log.h"

namespace sanquan::node {
namespace {

constexpr std::size_t kBatchDivisorMax = 64;
// Longer than a view takes that succeeds; after it a block that was not finalized counts as lost.
constexpr auto kOnItsWayLimit = std::chrono::milliseconds(300);

// Adds the time that a scope takes to a counter of microseconds.
class Stopwatch {
  public:
    explicit Stopwatch(std::atomic<std::uint64_t>& total) : total_(total) {}
    ~Stopwatch() {
        total_ += static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::microseconds>(Strand::Clock::now() - began_)
                .count());
    }
    Stopwatch(const Stopwatch&) = delete;
    Stopwatch& operator=(const Stopwatch&) = delete;

  private:
    std::atomic<std::uint64_t>& total_;
    const Strand::Clock::time_point began_ = Strand::Clock::now();
};

}  // namespace

Executor::Executor(ExecutorParts parts, ExecutorEvents events)
    : parts_(std::move(parts)), events_(std::move(events)) {}

Executor::~Executor() { stop(); }

void Executor::start() { strand_.start(); }
void Executor::stop() { strand_.stop(); }

SharedExecution Executor::head() const {
    const std::lock_guard lock(head_mutex_);
    return head_;
}

void Executor::on_view_failed() {
    strand_.post([this] { batch_divisor_ = std::min(batch_divisor_ * 2, kBatchDivisorMax); });
}

bool Executor::work_pending() const {
    const auto now = Strand::Clock::now();
    const std::size_t pooled = parts_.pool.size();
    const std::lock_guard lock(head_mutex_);
    std::size_t covered = 0;
    bool sealing = false;
    for (const OnItsWay& block : on_their_way_) {
        if (now - block.executed < kOnItsWayLimit) {
            covered += block.transactions;
            sealing = true;
        }
    }
    const bool unsealed = head_->height().value > 0 ? !head_->is_empty() : false;
    return pooled > covered || (unsealed && !sealing);
}

SharedExecution Executor::find(const BlockDigest& digest) const {
    const auto found = tree_.find(digest);
    return found == tree_.end() ? nullptr : found->second;
}

void Executor::with_parent(const BlockDigest& parent, Height height, Resume resume) {
    if (const auto executed = find(parent)) {
        resume(executed);
    } else if (height <= head_->height() || impossible_.contains(parent)) {
        resume(nullptr);
    } else {
        waiting_[parent].push_back({height, std::move(resume)});
    }
}

void Executor::check(const consensus::Proposal& proposal, SharedBlock block,
                     std::function<void(bool)> done) {
    strand_.post([this, proposal, block = std::move(block), done = std::move(done)]() mutable {
        const std::weak_ptr<const Block> held = block;
        with_parent(block->header.parent, block->header.height,
                    [this, proposal, held, done](const SharedExecution& parent) {
                        const SharedBlock here = held.lock();
                        if (here == nullptr) {
                            return;
                        }
                        const bool ok = parent != nullptr && check_now(proposal, *here, *parent);
                        if (failed_) {
                            return;  // an answer would become a vote about the block
                        }
                        done(ok);
                        if (ok) {
                            // Most blocks that may be voted for become final: execute while the votes travel.
                            execute_on(here, parent, [](bool) {});
                        }
                    });
    });
}

bool Executor::check_now(const consensus::Proposal& proposal, const Block& block,
                         const ExecutedBlock& parent) {
    const auto refuse = [&](const std::string& why) {
        log(LogLevel::kWarn, "proposal_refused",
            {{"height", block.header.height}, {"view", proposal.view}, {"why", why}});
        return false;
    };
    if (failed_) {
        return false;
    }
    if (!proposal.is_reproposal() &&
        (block.header.view != proposal.view || block.header.proposer != proposal.leader)) {
        return refuse("BLOCK_INVALID: view or proposer is not the proposal's");
    }
    // The bound governs notarize votes alone; a certified block is executed whatever its time.
    const auto drift = static_cast<std::uint64_t>(parts_.drift.count());
    if (block.header.time.value > parts_.wall_clock().value + drift) {
        return refuse("BLOCK_INVALID: time lies ahead of this node's clock");
    }
    if (block.header.epoch != proposal.epoch) {
        return refuse("BLOCK_INVALID: epoch is not the proposal's");
    }
    // The proposer's rule: deeper than this a state that writes is not kept, so nobody could execute the block.
    if (!block.transactions.empty() &&
        block.header.height.value - head_->height().value > limits::kUnfinalizedDepthMax) {
        return refuse("BLOCK_INVALID: transactions too far above the last final block");
    }
    const Stopwatch watch(counters_.check_us);
    auto transactions = validate(block, parent);
    if (!transactions) {
        if (is_operating_failure(transactions.error())) {
            fail_for_good(transactions.error());
            return false;
        }
        return refuse(to_string(transactions.error()));
    }
    checked_[block.digest] = {block.header.height, std::move(*transactions)};
    return true;
}

Result<std::vector<SharedTransaction>> Executor::validate(const Block& block,
                                                          const ExecutedBlock& parent) const {
    SANQUAN_TRY(check_header(parts_.chain, block.header, parent, parts_.validators));
    const TransactionRules rules{parts_.chain, parts_.pool, parts_.workers, parts_.signature_check,
                                 [this](const TransactionId& id) -> Result<bool> {
                                     const auto place = parts_.blocks.find_transaction(id);
                                     if (place || place.error().code == Code::kNotFound) {
                                         return place.has_value();
                                     }
                                     return tl::unexpected(place.error());
                                 }};
    return check_transactions(rules, block, parent,
                              [&](const TransactionId& id) { return in_ancestors(id, parent); });
}

bool Executor::in_ancestors(const TransactionId& id, const ExecutedBlock& tip) const {
    const ExecutedBlock* block = &tip;
    while (block->height() > head_->height()) {
        if (std::binary_search(block->ids.begin(), block->ids.end(), id)) {
            return true;
        }
        block = tree_.at(block->header.parent).get();
    }
    return false;
}

void Executor::execute(SharedBlock block, std::function<void(bool)> done) {
    strand_.post([this, block = std::move(block), done = std::move(done)]() mutable {
        if (block->header.height <= head_->height()) {
            const auto stored = parts_.blocks.digest(block->header.height);
            if (!stored) {
                fail_for_good(stored.error());
                return;
            }
            done(*stored == block->digest);
            return;
        }
        with_parent(block->header.parent, block->header.height,
                    [this, block, done](const SharedExecution& parent) {
                        if (parent == nullptr) {
                            done(false);
                        } else {
                            execute_on(block, parent, done);
                        }
                    });
    });
}

void Executor::execute_on(const SharedBlock& block, const SharedExecution& parent,
                          std::function<void(bool)> done) {
    const auto executed = execute_now(*block, *parent);
    if (failed_) {
        return;  // an answer would become a vote about the block
    }
    if (executed) {
        done(*executed);
    } else {
        too_deep_.emplace_back([this, block, done = std::move(done)] {
            with_parent(block->header.parent, block->header.height,
                        [this, block, done](const SharedExecution& again) {
                            if (again == nullptr) {
                                done(false);
                            } else {
                                execute_on(block, again, done);
                            }
                        });
        });
    }
}

Result<bool> Executor::execute_now(const Block& block, const ExecutedBlock& parent) {
    if (find(block.digest) != nullptr) {
        return true;
    }
    if (failed_ || impossible_.contains(block.digest)) {
        return false;
    }
    std::vector<SharedTransaction> transactions;
    if (const auto checked = checked_.find(block.digest); checked != checked_.end()) {
        transactions = checked->second.transactions;
    } else {
        auto validated = validate(block, parent);
        if (!validated && is_operating_failure(validated.error())) {
            // No verdict on the block, which others may well execute.
            fail_for_good(validated.error());
            return false;
        }
        if (!validated) {
            log(LogLevel::kError, "certified_block_invalid",
                {{"height", block.header.height}, {"why", to_string(validated.error())}});
            if (validated.error().code == Code::kDiverged) {
                events_.on_diverged(validated.error(), parent);
            }
            impossible_[block.digest] = block.header.height;
            return false;
        }
        transactions = std::move(*validated);
    }
    auto executed = run(block, std::move(transactions), parent);
    if (!executed) {
        if (executed.error().code == Code::kStateTooDeep) {
            return tl::unexpected(executed.error());
        }
        if (is_operating_failure(executed.error())) {
            fail_for_good(executed.error());
            return false;
        }
        impossible_[block.digest] = block.header.height;
        return false;
    }
    checked_.erase(block.digest);
    tree_[block.digest] = *executed;
    {
        const std::lock_guard lock(head_mutex_);
        on_their_way_.push_back({block.digest, block.header.height,
                                 (*executed)->transactions.size(), Strand::Clock::now()});
    }
    const auto resumed = waiting_.extract(block.digest);
    if (!resumed.empty()) {
        for (const Waiting& waiting : resumed.mapped()) {
            waiting.resume(*executed);
        }
    }
    return true;
}

Result<SharedExecution> Executor::run(const Block& block,
                                      std::vector<SharedTransaction> transactions,
                                      const ExecutedBlock& parent) {
    const Stopwatch watch(counters_.execute_us);
    std::vector<const Transaction*> pointers;
    std::vector<TransactionId> ids;
    for (const SharedTransaction& transaction : transactions) {
        pointers.push_back(transaction.get());
        ids.push_back(transaction->id);
        counters_.operations += static_cast<std::uint64_t>(transaction->body.operations_size());
        log_step(9, transaction->id, block.header.height, block.header.view);
    }
    std::sort(ids.begin(), ids.end());
    contracts::BlockResult result = contracts::apply_block(
        {parts_.chain, block.header.height, block.header.time}, pointers, *parent.state);
    for (const std::string& alarm : result.alarms) {
        ++counters_.alarms;
        log(LogLevel::kError, "invariant_breach",
            {{"height", block.header.height}, {"what", alarm}});
    }
    if (!result.valid) {
        return fail(Code::kBlockInvalid, "an invariant breaks and no transaction is to blame");
    }
    SANQUAN_TRY_ASSIGN(auto state,
                       parts_.state.extend(parent.state, block.header.height, result.writes));
    MerkleFrontier history = parent.history;
    history.append(merkle_leaf_hash(parts_.chain.hash, block.digest.view()));
    const MerkleRoot receipts_root = merkle_root_of_leaves(parts_.chain.hash, result.receipts);
    ++counters_.executed;
    counters_.transactions += transactions.size();
    return std::make_shared<const ExecutedBlock>(
        ExecutedBlock{block.digest, block.header, block.raw, std::move(transactions),
                      std::move(ids), std::move(result.receipts), receipts_root,
                      std::move(result.writes), std::move(state), std::move(history)});
}

void Executor::build(const consensus::BuildPayload& request, ReplicaIndex proposer,
                     std::function<void(SharedBlock)> done) {
    strand_.post([this, request, proposer, done = std::move(done)] {
        // The replica builds on what is executed here: a parent that is not in the tree is not coming.
        const SharedExecution parent = find(request.parent);
        SharedBlock block =
            parent == nullptr || failed_ ? nullptr : build_on(request, proposer, *parent);
        if (failed_) {
            block = nullptr;  // made without what the store could not tell
        }
        done(block);
        if (block != nullptr) {
            execute_on(block, parent, [](bool) {});
        }
    });
}

std::vector<SharedTransaction> Executor::choose(const consensus::BuildPayload& request, TimeMs time,
                                                const ExecutedBlock& parent) {
    if (request.empty_only) {
        return {};
    }
    const BatchLimits limits = parts_.batch.for_block(batch_divisor_);
    batch_divisor_ = std::max<std::size_t>(1, batch_divisor_ / 2);
    auto candidates = parts_.pool.batch(
        limits, [&](const TransactionId& id) { return in_ancestors(id, parent); });
    const contracts::BlockContext context{parts_.chain, request.height, time};
    enum class Verdict : std::uint8_t { kFits, kNotHere, kFinalAlready, kRefused, kUnknown };
    std::vector<Verdict> verdicts(candidates.size(), Verdict::kNotHere);
    std::vector<Error> reasons(candidates.size(), Error{Code::kInternal, {}});
    parts_.workers.parallel(candidates.size(), [&](std::size_t i) {
        const auto place = parts_.blocks.find_transaction(candidates[i]->id);
        if (place) {
            verdicts[i] = Verdict::kFinalAlready;
        } else if (place.error().code != Code::kNotFound) {
            verdicts[i] = Verdict::kUnknown;
            reasons[i] = place.error();
        } else if (contracts::check_admission(*candidates[i], context, *parent.state,
                                              parts_.signature_check)) {
            verdicts[i] = Verdict::kFits;
        } else if (const auto lasting = lasting_refusal(*candidates[i])) {
            verdicts[i] = Verdict::kRefused;
            reasons[i] = *lasting;
        }
    });
    std::vector<SharedTransaction> chosen;
    std::vector<TransactionId> gone;
    std::vector<std::pair<TransactionId, Error>> evicted;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (verdicts[i] == Verdict::kUnknown) {
            fail_for_good(reasons[i]);
            return {};
        }
        if (verdicts[i] == Verdict::kFits) {
            chosen.push_back(std::move(candidates[i]));
        } else if (verdicts[i] != Verdict::kNotHere) {
            gone.push_back(candidates[i]->id);
            if (verdicts[i] == Verdict::kRefused) {
                evicted.emplace_back(gone.back(), reasons[i]);
            }
        }
    }
    parts_.pool.remove(gone);
    if (!evicted.empty()) {
        events_.on_evicted(evicted);
    }
    return chosen;
}

std::optional<Error> Executor::lasting_refusal(const Transaction& transaction) const {
    const auto admitted = contracts::check_admission(
        transaction, {parts_.chain, head_->height().next(), head_->time()}, *head_->state,
        parts_.signature_check);
    // Times are judged by finalized time alone, in set_head(): this node's clock may be wrong, the head's time is old.
    if (admitted || admitted.error().code == Code::kExpired ||
        admitted.error().code == Code::kWindowTooLong) {
        return std::nullopt;
    }
    return admitted.error();
}

SharedBlock Executor::build_on(const consensus::BuildPayload& request, ReplicaIndex proposer,
                               const ExecutedBlock& parent) {
    const TimeMs time{std::max(parent.time().value + 1, parts_.wall_clock().value)};
    std::vector<SharedTransaction> transactions = choose(request, time, parent);
    std::vector<Bytes> raw;
    raw.reserve(transactions.size());
    for (const SharedTransaction& transaction : transactions) {
        raw.push_back(transaction->raw);
        log_step(5, transaction->id, request.height, request.view);
    }
    BlockHeader header = child_header(parts_.chain, parent, request.epoch, request.view);
    header.time = time;
    header.proposer = proposer;
    header.transactions_root = transactions_root(parts_.chain.hash, raw);
    Block block;
    block.header = header;
    block.header_bytes = encode_header(header);
    block.digest = block_digest(parts_.chain, block.header_bytes);
    block.raw = encode_block(block.header_bytes, raw);
    block.transactions = std::move(raw);
    SANQUAN_ASSERT(block.raw.size() <= limits::kBlockBytesMax);
    checked_[block.digest] = {header.height, std::move(transactions)};
    return std::make_shared<const Block>(std::move(block));
}

void Executor::fail_for_good(const Error& error) {
    if (!failed_) {
        failed_ = true;
        log(LogLevel::kError, "storage_failed",
            {{"why", to_string(error)}, {"action", "the node stops; nothing more is signed"}});
        events_.on_failure(error);
    }
}

}  // namespace sanquan::node
