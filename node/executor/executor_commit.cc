// Executor, second half: making blocks durable, catching up, and putting the stores right at start.
#include <algorithm>

#include "contracts/apply_block.h"
#include "node/executor/executor.h"
#include "node/log.h"

namespace sanquan::node {
namespace {

constexpr std::uint64_t kExpireEveryMs = 1'000;

}  // namespace

void Executor::commit(std::vector<BlockDigest> blocks, Bytes certificate,
                      std::function<void(bool)> done) {
    strand_.post([this, blocks = std::move(blocks), certificate = std::move(certificate),
                  done = std::move(done)] {
        bool stored = false;
        for (const BlockDigest& digest : blocks) {
            if (failed_) {
                return;
            }
            const auto block = find(digest);
            if (block == nullptr || block->height() <= head_->height()) {
                // Caught up meanwhile; anything else would be a commit of what is not executed.
                const auto place = parts_.blocks.find_block(digest);
                if (!place && place.error().code != Code::kNotFound) {
                    fail_for_good(place.error());
                    return;
                }
                SANQUAN_ASSERT(place.has_value());
                const auto held = parts_.blocks.certificate(*place);
                if (!held) {
                    fail_for_good(held.error());
                    return;
                }
                stored = *held == certificate;
                continue;
            }
            if (const Status status = commit_one(block, certificate); !status) {
                fail_for_good(status.error());
                return;
            }
            stored = true;
        }
        done(stored);
    });
}

Status Executor::commit_one(const SharedExecution& block, const Bytes& certificate) {
    const auto began = Strand::Clock::now();
    // ORDER: the state log first, then one synced batch with everything else (D6): a crash between them leaves the
    // state one block ahead, which recover() undoes.
    SANQUAN_TRY(parts_.state.commit(block->state));
    SANQUAN_TRY(store_block(*block, certificate));
    set_head(block);
    counters_.commit_us += static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(Strand::Clock::now() - began)
            .count());
    events_.on_final(block);
    return {};
}

Status Executor::store_block(const ExecutedBlock& block, const Bytes& certificate) {
    FinalizedBlock stored;
    stored.height = block.height();
    stored.digest = block.digest;
    stored.block = block.raw;
    stored.certificate = certificate;
    stored.receipts = block.receipts;
    for (const SharedTransaction& transaction : block.transactions) {
        stored.transactions.push_back(transaction->id);
    }
    return parts_.blocks.append(stored);
}

void Executor::set_head(const SharedExecution& block) {
    {
        const std::lock_guard lock(head_mutex_);
        head_ = block;
        std::erase_if(on_their_way_,
                      [&](const OnItsWay& item) { return item.height <= block->height(); });
    }
    parts_.pool.remove(block->ids);
    // A look at the whole pool, so not at every block.
    if (block->time().value >= pool_expired_at_.value + kExpireEveryMs) {
        pool_expired_at_ = block->time();
        std::vector<std::pair<TransactionId, Error>> expired;
        for (const TransactionId& id : parts_.pool.expire(block->time())) {
            expired.emplace_back(id, Error{Code::kExpired, "it found no block in time"});
        }
        if (!expired.empty()) {
            events_.on_evicted(expired);
        }
    }
    drop_conflicting();
    for (auto& retry : std::exchange(too_deep_, {})) {
        retry();
    }
}

void Executor::drop_conflicting() {
    // Keep the head and its descendants: in height order a block's parent is judged before it.
    std::vector<SharedExecution> blocks;
    for (const auto& [digest, block] : tree_) {
        blocks.push_back(block);
    }
    std::sort(blocks.begin(), blocks.end(),
              [](const auto& a, const auto& b) { return a->height() < b->height(); });
    std::map<BlockDigest, SharedExecution> kept;
    kept[head_->digest] = head_;
    for (const SharedExecution& block : blocks) {
        if (block->height() > head_->height() && kept.contains(block->header.parent)) {
            kept[block->digest] = block;
        }
    }
    tree_ = std::move(kept);
    const Height height = head_->height();
    std::erase_if(checked_, [&](const auto& item) { return item.second.height <= height; });
    std::erase_if(impossible_, [&](const auto& item) { return item.second <= height; });
    std::vector<Resume> lost;
    for (auto& [parent, list] : waiting_) {
        std::erase_if(list, [&](Waiting& waiting) {
            const bool over = waiting.height <= height;
            if (over) {
                lost.push_back(std::move(waiting.resume));
            }
            return over;
        });
    }
    std::erase_if(waiting_, [](const auto& item) { return item.second.empty(); });
    for (const Resume& resume : lost) {
        resume(nullptr);
    }
}

void Executor::append_certified(std::vector<SharedBlock> blocks, Bytes certificate,
                                std::function<void(Status)> done) {
    strand_.post([this, blocks = std::move(blocks), certificate = std::move(certificate),
                  done = std::move(done)] {
        for (const SharedBlock& block : blocks) {
            if (block->header.height <= head_->height()) {
                continue;
            }
            if (const Status status = append_one(block, certificate); !status) {
                done(status);
                return;
            }
        }
        done({});
    });
}

Status Executor::append_one(const SharedBlock& block, const Bytes& certificate) {
    if (failed_) {
        return fail(Code::kStopping, "storage failed");
    }
    const SharedExecution parent = head_;
    if (block->header.parent != parent->digest) {
        return fail(Code::kBlockInvalid, "the range does not continue this node's chain");
    }
    SANQUAN_TRY_ASSIGN(const bool executed, execute_now(*block, *parent));
    if (failed_) {
        return fail(Code::kStopping, "storage failed");
    }
    if (!executed) {
        return fail(Code::kDiverged, "certified block " +
                                         std::to_string(block->header.height.value) +
                                         " cannot be executed here");
    }
    if (const Status status = commit_one(find(block->digest), certificate); !status) {
        fail_for_good(status.error());
        return status;
    }
    return {};
}

Status Executor::recover(const GenesisBlock& genesis) {
    if (!parts_.blocks.height()) {
        SANQUAN_TRY(recover_genesis(genesis));
    } else {
        SANQUAN_TRY(recover_heights(genesis));
    }
    const Height height = *parts_.blocks.height();
    SANQUAN_TRY_ASSIGN(auto head, load_stored(height, genesis));
    tree_[head->digest] = head;
    log(LogLevel::kInfo, "ledger_open",
        {{"height", height}, {"state_root", head->state->root().hex()}});
    const std::lock_guard lock(head_mutex_);
    head_ = std::move(head);
    return {};
}

Status Executor::recover_genesis(const GenesisBlock& genesis) {
    // A crash between the two writes of the first start leaves the state of genesis and no block.
    if (parts_.state.height().value > 0) {
        return fail(Code::kCorrupt,
                    "the state is at height " + std::to_string(parts_.state.height().value) +
                        " and no block is stored: blocks/ was lost; put it back, or remove the "
                        "whole directory and begin anew (a validator: init --after-loss)");
    }
    SANQUAN_TRY(recover_genesis_state(genesis));
    FinalizedBlock stored;
    stored.height = Height{0};
    stored.digest = genesis_block_digest(parts_.chain);
    stored.block = genesis.raw;
    return parts_.blocks.append(stored);
}

Status Executor::recover_genesis_state(const GenesisBlock& genesis) {
    if (parts_.state.head()->live_keys() > 0) {
        return {};
    }
    SANQUAN_TRY_ASSIGN(const auto state,
                       parts_.state.extend(parts_.state.head(), Height{0}, genesis.writes));
    return parts_.state.commit(state);
}

Status Executor::recover_heights(const GenesisBlock& genesis) {
    const Height stored = *parts_.blocks.height();
    // A state log that lost everything is made again from the blocks.
    SANQUAN_TRY(recover_genesis_state(genesis));
    if (parts_.state.height() > stored) {
        log(LogLevel::kInfo, "state_cut_back", {{"from", parts_.state.height()}, {"to", stored}});
        SANQUAN_TRY(parts_.state.truncate_to(stored));
    }
    while (parts_.state.height() < stored) {
        const Height height = parts_.state.height().next();
        log(LogLevel::kInfo, "block_executed_again", {{"height", height}});
        SANQUAN_TRY_ASSIGN(const auto block, stored_without_state(height, genesis));
        if (block->header.state_root != parts_.state.head()->root()) {
            return fail(Code::kStateMismatch,
                        "block " + std::to_string(height.value) + " was made on state " +
                            block->header.state_root.hex() + ", the stored one is " +
                            parts_.state.head()->root().hex());
        }
        std::vector<const Transaction*> pointers;
        for (const SharedTransaction& transaction : block->transactions) {
            pointers.push_back(transaction.get());
        }
        const auto parent = parts_.state.head();
        const auto result =
            contracts::apply_block({parts_.chain, height, block->time()}, pointers, *parent);
        if (result.receipts != block->receipts) {
            return fail(Code::kStateMismatch, "block " + std::to_string(height.value) +
                                                  " gives other receipts than the stored ones");
        }
        SANQUAN_TRY_ASSIGN(const auto state, parts_.state.extend(parent, height, result.writes));
        SANQUAN_TRY(parts_.state.commit(state));
    }
    return {};
}

Result<SharedExecution> Executor::stored_without_state(Height height, const GenesisBlock& genesis) {
    ExecutedBlock block;
    SANQUAN_TRY_ASSIGN(block.raw, parts_.blocks.block(height));
    SANQUAN_TRY_ASSIGN(block.receipts, parts_.blocks.receipts(height));
    block.receipts_root = merkle_root_of_leaves(parts_.chain.hash, block.receipts);
    if (height == Height{0}) {
        if (block.raw != genesis.raw) {
            return fail(Code::kWrongChainDirectory, "the stored genesis is another one");
        }
        block.digest = genesis_block_digest(parts_.chain);
        block.header = genesis.header;
        return std::make_shared<const ExecutedBlock>(std::move(block));
    }
    SANQUAN_TRY_ASSIGN(const Block decoded, decode_block(block.raw, parts_.chain));
    block.digest = decoded.digest;
    block.header = decoded.header;
    for (const Bytes& raw : decoded.transactions) {
        SANQUAN_TRY_ASSIGN(auto transaction, decode_transaction(raw, parts_.chain));
        block.ids.push_back(transaction.id);
        block.transactions.push_back(std::make_shared<const Transaction>(std::move(transaction)));
    }
    std::sort(block.ids.begin(), block.ids.end());
    return std::make_shared<const ExecutedBlock>(std::move(block));
}

Result<SharedExecution> Executor::load_stored(Height height, const GenesisBlock& genesis) {
    SANQUAN_TRY_ASSIGN(const auto stored, stored_without_state(height, genesis));
    ExecutedBlock block = *stored;
    block.state = parts_.state.head();
    block.history = parts_.blocks.history_frontier();
    return std::make_shared<const ExecutedBlock>(std::move(block));
}

}  // namespace sanquan::node
