#include "ledger/store/state_store.h"

#include <cstdio>
#include <cstdlib>
#include <deque>

#include "ledger/base/assert.h"
#include "ledger/base/limits.h"
#include "ledger/state/chain_view.h"
#include "ledger/state/log_entry.h"
#include "ledger/state/record_format.h"
#include "ledger/state/state_builder.h"
#include "ledger/store/state_checkpoint.h"
#include "ledger/store/state_log.h"
#include "ledger/store/state_recovery.h"
#include "ledger/store/tombstone_store.h"

namespace sanquan {
namespace {

constexpr std::size_t kDurableVersions =
    2;  // kept above the base, so that the sealed state can be read and proven
constexpr std::size_t kRootsKept = 256;
constexpr std::size_t kCheckpointsKept = 2;
constexpr std::size_t kCheckpointStepBytes = 64U << 10U;

void report_and_abort(const Error& error) {
    std::fprintf(stderr, "sanquan: stored state is damaged, stopping: %s\n",
                 to_string(error).c_str());
    std::abort();
}

using VersionPtr = std::shared_ptr<const StateVersion>;

VersionPtr make_root_version(const StateBase& base) {
    auto delta = std::make_unique<StateDelta>();
    delta->base = &base;
    delta->tip = base.tip();
    delta->record_offset = base.tip().end_offset;
    return std::make_shared<StateVersion>(std::move(delta));
}

}  // namespace

struct StateStore::Parts {
    Env* env = nullptr;
    std::string directory;
    StateOptions options;
    std::unique_ptr<TombstoneStore> tombstones;
    std::unique_ptr<StateLog> log;
    std::unique_ptr<StateBase> base;

    std::mutex mutex;                // guards what follows
    std::deque<VersionPtr> durable;  // oldest first; the base stands before the first
    std::deque<std::pair<Height, StateRoot>> roots;

    // Executor's thread only.
    std::unique_ptr<CheckpointWriter> writer;
    std::uint64_t checkpoint_offset = 0;  // log end when the last checkpoint began
    bool broken = false;

    Status load();
    Status add_last_block(ByteView body);
    void remember_tombstones(const StateDelta& delta);
    void fold_what_nobody_reads();
    Status continue_checkpoint(std::size_t appended);
    Status finish_checkpoint();
    Status break_off(Error error) {
        broken = true;
        return tl::unexpected(std::move(error));
    }
};

StateStore::StateStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
StateStore::~StateStore() = default;

Result<std::unique_ptr<StateStore>> StateStore::open(Env& env, const std::string& directory,
                                                     const StateOptions& options) {
    auto parts = std::make_unique<Parts>();
    parts->env = &env;
    parts->directory = directory;
    parts->options = options;
    if (!parts->options.on_damage) {
        parts->options.on_damage = &report_and_abort;
    }
    SANQUAN_TRY(env.make_directory(directory));
    if (options.keep_history) {
        if (parts->options.tombstones == nullptr) {
            SANQUAN_TRY_ASSIGN(parts->options.tombstones, open_leveldb(directory + "/tombstones"));
        }
        parts->tombstones = std::make_unique<TombstoneStore>(parts->options.tombstones);
    }
    SANQUAN_TRY(parts->load());
    return std::unique_ptr<StateStore>(new StateStore(std::move(parts)));
}

Status StateStore::Parts::load() {
    durable.clear();
    roots.clear();
    base.reset();
    SANQUAN_TRY(remove_unfinished_checkpoints(*env, directory));
    SANQUAN_TRY_ASSIGN(log, StateLog::open(*env, directory, options.segment_bytes));
    const StateEnvironment environment{log.get(), tombstones.get(), options.reappends_per_entry,
                                       options.on_damage};
    SANQUAN_TRY_ASSIGN(RecoveredState recovered, recover_state(*env, directory, *log, options.hash,
                                                               environment, tombstones.get()));
    base = std::move(recovered.base);
    roots.assign(recovered.roots.begin(), recovered.roots.end());
    checkpoint_offset = recovered.checkpoint_offset;
    durable.push_back(make_root_version(*base));
    return recovered.last_body.empty() ? Status{} : add_last_block(recovered.last_body);
}

// Works the log's last block out again on top of the state before it: both can then be read and
// proven, and the record must come out byte for byte.
Status StateStore::Parts::add_last_block(ByteView body) {
    SANQUAN_TRY_ASSIGN(const StateBodyHead head, parse_body_head(body));
    SANQUAN_TRY_ASSIGN(const StateWrites writes, writes_of_record(body));
    const VersionPtr parent = durable.back();
    SANQUAN_TRY_ASSIGN(std::unique_ptr<StateDelta> delta,
                       build_delta(*parent, head.height, writes));
    if (ByteView(delta->record).substr(kRecordHeaderBytes) != body) {
        return fail(Code::kStateMismatch,
                    "the last record of the state log does not follow from its writes");
    }
    delta->parent = parent;
    if (tombstones != nullptr) {
        remember_tombstones(*delta);
        SANQUAN_TRY(tombstones->write());
    }
    durable.push_back(std::make_shared<StateVersion>(std::move(delta)));
    return {};
}

void StateStore::Parts::remember_tombstones(const StateDelta& delta) {
    for (const KeyChange& change : delta.keys) {
        if (!change.alive) {
            tombstones->add(change.key, delta.tip.height, change.place);
        }
    }
}

Height StateStore::height() const { return head()->height(); }
StateRoot StateStore::root() const { return head()->root(); }

VersionPtr StateStore::head() const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->durable.back();
}

VersionPtr StateStore::snapshot_at(Height height) const {
    const std::lock_guard lock(parts_->mutex);
    for (const VersionPtr& version : parts_->durable) {
        if (version->height() == height) {
            return version;
        }
    }
    return nullptr;
}

Result<VersionPtr> StateStore::extend(const VersionPtr& parent, Height height,
                                      const StateWrites& writes) {
    SANQUAN_ASSERT(parent != nullptr);
    // An empty block may stand at any depth: if it could not be executed it could not be finalized, and a chain that
    // once grew this deep would never come back.
    if (!writes.empty() &&
        ChainView(*parent).depth() >= limits::kUnfinalizedDepthMax + parts_->durable.size()) {
        return fail(Code::kStateTooDeep, "height " + std::to_string(height.value));
    }
    SANQUAN_TRY_ASSIGN(std::unique_ptr<StateDelta> delta, build_delta(*parent, height, writes));
    delta->parent = parent;
    return VersionPtr(std::make_shared<StateVersion>(std::move(delta)));
}

Status StateStore::commit(const VersionPtr& version) {
    Parts& parts = *parts_;
    if (parts.broken) {
        return fail(Code::kIo, "the state store failed before; the node must stop");
    }
    const StateDelta& delta = version->delta();
    SANQUAN_ASSERT(delta.base == parts.base.get() && delta.parent == parts.durable.back());
    SANQUAN_ASSERT(delta.record_offset == parts.log->end());
    if (Status status = parts.log->append(delta.record); !status) {
        return parts.break_off(status.error());
    }
    if (parts.tombstones != nullptr) {
        parts.remember_tombstones(delta);
        if (Status status = parts.tombstones->write(); !status) {
            return parts.break_off(status.error());
        }
    }
    {
        const std::lock_guard lock(parts.mutex);
        parts.durable.push_back(version);
        parts.roots.emplace_back(version->height(), version->root());
        if (parts.roots.size() > kRootsKept) {
            parts.roots.pop_front();
        }
    }
    parts.fold_what_nobody_reads();
    if (Status status = parts.continue_checkpoint(delta.record.size()); !status) {
        return parts.break_off(status.error());
    }
    return {};
}

void StateStore::Parts::fold_what_nobody_reads() {
    for (;;) {
        VersionPtr oldest;
        VersionPtr next;
        bool held = false;
        {
            const std::lock_guard lock(mutex);
            if (durable.size() <= kDurableVersions) {
                return;
            }
            // Two holders are this list and the version after it; any further one may still read
            // it.
            held = durable.front().use_count() > 2;
            if (held && (tombstones == nullptr || durable.size() <= kHeldVersionsMax)) {
                return;
            }
            oldest = durable.front();
            next = durable[1];
            if (!held) {
                durable.pop_front();  // nobody can come by it any more
            }
        }
        const std::unique_lock lock(base->mutex());
        if (oldest->delta().pins > 0) {
            return;  // scanned or proved from just now: with the next block
        }
        base->fold(oldest->delta());
        oldest->delta().folded = true;
        next->delta().parent.reset();
        if (held) {
            const std::lock_guard list_lock(mutex);
            durable.pop_front();
        }
    }
}

Status StateStore::Parts::continue_checkpoint(std::size_t appended) {
    if (writer == nullptr) {
        if (base->tip().end_offset - checkpoint_offset < options.checkpoint_bytes) {
            return {};
        }
        checkpoint_offset = base->tip().end_offset;
        SANQUAN_TRY_ASSIGN(writer, CheckpointWriter::begin(*env, directory, *base));
    }
    SANQUAN_TRY_ASSIGN(const bool done,
                       writer->step(*base, std::max(kCheckpointStepBytes, appended)));
    return done ? finish_checkpoint() : Status{};
}

Status StateStore::Parts::finish_checkpoint() {
    // ORDER: before the checkpoint has its name, else a power cut in between would lose tombstones that no replay
    // brings back, and deleted keys would never have been.
    if (tombstones != nullptr) {
        SANQUAN_TRY(tombstones->sync());
    }
    SANQUAN_TRY(writer->publish());
    writer.reset();
    return remove_old_files(*env, directory, *log, kCheckpointsKept, options.keep_history);
}

Status StateStore::checkpoint() {
    Parts& parts = *parts_;
    if (parts.broken) {
        return fail(Code::kIo, "the state store failed before; the node must stop");
    }
    for (;;) {
        if (parts.writer == nullptr) {
            if (parts.checkpoint_offset == parts.base->tip().end_offset) {
                return {};
            }
            parts.checkpoint_offset = parts.base->tip().end_offset;
            SANQUAN_TRY_ASSIGN(parts.writer,
                               CheckpointWriter::begin(*parts.env, parts.directory, *parts.base));
        }
        SANQUAN_TRY_ASSIGN(const bool done, parts.writer->step(*parts.base, SIZE_MAX));
        if (done) {
            SANQUAN_TRY(parts.finish_checkpoint());
        }
    }
}

Result<StateRoot> StateStore::root_at(Height height) const {
    const std::lock_guard lock(parts_->mutex);
    for (auto at = parts_->roots.rbegin(); at != parts_->roots.rend(); ++at) {
        if (at->first == height) {
            return at->second;
        }
    }
    return fail(Code::kNotFound, "no root is kept for height " + std::to_string(height.value));
}

Status StateStore::truncate_to(Height height) {
    Parts& parts = *parts_;
    for (const VersionPtr& version : parts.durable) {
        SANQUAN_ASSERT(version.use_count() <= 2);  // no one reads what is about to go
    }
    parts.writer.reset();
    SANQUAN_TRY(cut_after(*parts.env, parts.directory, *parts.log, height));
    return parts.load();
}

StateStore::Figures StateStore::figures() const {
    const std::shared_lock base_lock(parts_->base->mutex());
    const std::lock_guard lock(parts_->mutex);
    const StateTip& tip = parts_->durable.back()->delta().tip;
    Figures figures;
    figures.log_bytes = parts_->log->end() - parts_->log->begin();
    figures.live_keys = tip.live - 1;
    figures.entries = tip.entries;
    figures.floor = tip.floor.position;
    figures.index_bytes = parts_->base->index().memory_bytes();
    figures.versions = parts_->durable.size();
    return figures;
}

}  // namespace sanquan
