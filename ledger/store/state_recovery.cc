#include "ledger/store/state_recovery.h"

#include <deque>
#include <utility>

#include "ledger/store/state_checkpoint.h"

namespace sanquan {
namespace {

constexpr std::size_t kRootsKept = 256;

struct Attempt {
    Env& env;
    StateLog& log;
    HashAlgorithm hash;
    const StateEnvironment& environment;
    TombstoneStore* tombstones;

    // From the checkpoint, or from the beginning of the log when there is none.
    [[nodiscard]] Result<RecoveredState> run(const CheckpointName* checkpoint) const;
};

Result<RecoveredState> Attempt::run(const CheckpointName* checkpoint) const {
    RecoveredState recovered;
    recovered.base = std::make_unique<StateBase>(hash, environment);
    StateBase& base = *recovered.base;
    std::uint64_t records_needed = 1;
    if (checkpoint != nullptr) {
        SANQUAN_TRY_ASSIGN(const LoadedCheckpoint loaded,
                           load_checkpoint(env, checkpoint->path, base));
        records_needed = loaded.records_at_finish;
    }
    recovered.checkpoint_offset = base.tip().end_offset;
    StateBase::TombstoneSink sink;
    if (tombstones != nullptr) {
        sink = [this](const LogEntry& entry, StatePlaceInLog place) {
            tombstones->add(entry.head.key, entry.head.height, place);
        };
    }
    std::deque<std::pair<Height, StateRoot>> roots;
    if (checkpoint != nullptr) {
        roots.emplace_back(base.tip().height, base.tip().root);
    }
    // One record behind, so that the last one is left.
    Bytes& last = recovered.last_body;
    std::uint64_t last_offset = 0;
    const auto replay = [&](ByteView body, std::uint64_t offset) -> Status {
        if (!last.empty()) {
            SANQUAN_TRY(base.replay(last, last_offset, sink));
        }
        last = Bytes(body);
        last_offset = offset;
        SANQUAN_TRY_ASSIGN(const StateBodyHead head, parse_body_head(body));
        roots.emplace_back(head.height, head.root);
        if (roots.size() > kRootsKept) {
            roots.pop_front();
        }
        return {};
    };
    SANQUAN_TRY(
        log.scan(base.tip().end_offset, base.tip().records, StateLog::OnTorn::kCut, replay));
    if (base.tip().records == 0 && !last.empty()) {
        SANQUAN_TRY(base.replay(std::exchange(last, {}), last_offset, sink));
    }
    const std::uint64_t left_bytes = last.empty() ? 0 : kRecordHeaderBytes + last.size();
    const std::uint64_t left_records = last.empty() ? 0 : 1;
    if (base.tip().records + left_records < records_needed ||
        base.tip().end_offset + left_bytes != log.end()) {
        return fail(Code::kCorrupt, "the state log ends before its index checkpoint");
    }
    SANQUAN_TRY(base.finish_replay());
    if (tombstones != nullptr) {
        SANQUAN_TRY(tombstones->write());
    }
    recovered.roots.assign(roots.begin(), roots.end());
    return recovered;
}

// An empty log gets its first record. A torn first record is cut off first: nothing had been
// confirmed.
Status begin_log(StateLog& log, HashAlgorithm hash) {
    if (log.begin() == 0 && log.end() <= StateBase::first_record(hash).size()) {
        SANQUAN_TRY(log.scan(0, 0, StateLog::OnTorn::kCut,
                             [](ByteView, std::uint64_t) { return Status{}; }));
    }
    return log.end() > 0 ? Status{} : log.append(StateBase::first_record(hash));
}

}  // namespace

Result<RecoveredState> recover_state(Env& env, const std::string& directory, StateLog& log,
                                     HashAlgorithm hash, const StateEnvironment& environment,
                                     TombstoneStore* tombstones) {
    SANQUAN_TRY_ASSIGN(const std::vector<CheckpointName> checkpoints,
                       list_checkpoints(env, directory));
    if (log.end() == 0 && !checkpoints.empty()) {
        return fail(Code::kCorrupt, "the state log is gone, its index checkpoints are there");
    }
    SANQUAN_TRY(begin_log(log, hash));
    const Attempt attempt{env, log, hash, environment, tombstones};
    Error last{Code::kCorrupt, "the state log begins late and no index checkpoint is usable"};
    for (const CheckpointName& checkpoint : checkpoints) {
        Result<RecoveredState> recovered = attempt.run(&checkpoint);
        if (recovered) {
            return recovered;
        }
        last = recovered.error();
    }
    return log.begin() == 0 ? attempt.run(nullptr) : tl::unexpected(std::move(last));
}

Result<StateWrites> writes_of_record(ByteView body) {
    SANQUAN_TRY_ASSIGN(const StateBodyHead head, parse_body_head(body));
    StateWrites writes;
    ByteView rest = body.substr(kStateBodyHeadBytes);
    for (std::uint32_t i = 0; i < head.entry_count; ++i) {
        SANQUAN_TRY_ASSIGN(const LogEntry entry, parse_log_entry(rest));
        rest.remove_prefix(entry.bytes);
        if (entry.head.kind == EntryKind::kTombstone) {
            writes[Bytes(entry.head.key)] = std::nullopt;
        } else if (entry.head.since == head.height && !entry.head.key.empty()) {
            // Entries of an earlier value are predecessors or moved from the floor: they follow
            // from the writes.
            writes[Bytes(entry.head.key)] = Bytes(entry.value);
        }
    }
    return writes;
}

Status cut_after(Env& env, const std::string& directory, StateLog& log, Height height) {
    SANQUAN_TRY_ASSIGN(const std::vector<CheckpointName> checkpoints,
                       list_checkpoints(env, directory));
    std::uint64_t sequence = 0;
    std::uint64_t offset = log.begin();
    if (offset > 0) {
        SANQUAN_TRY_ASSIGN(const Bytes front, log.read(offset, kRecordHeaderBytes));
        SANQUAN_TRY_ASSIGN(const RecordHeader header, parse_record_header(front));
        sequence = header.sequence;
    }
    std::optional<std::uint64_t> cut;
    std::uint64_t records_left = sequence;
    const auto look = [&](ByteView body, std::uint64_t at) -> Status {
        SANQUAN_TRY_ASSIGN(const StateBodyHead head, parse_body_head(body));
        if (head.height <= height) {
            cut = at + kRecordHeaderBytes + body.size();
            ++records_left;
        }
        return {};
    };
    SANQUAN_TRY(log.scan(offset, sequence, StateLog::OnTorn::kCut, look));
    if (!cut) {
        return fail(Code::kNotFound, "the state log has no block up to that height");
    }
    for (const CheckpointName& checkpoint : checkpoints) {
        // It may hold keys of any block that was durable when it was finished.
        StateBase scratch(HashAlgorithm::kSha256, {&log, nullptr, 0, [](const Error&) {}});
        const Result<LoadedCheckpoint> loaded = load_checkpoint(env, checkpoint.path, scratch);
        if (!loaded || loaded->records_at_finish > records_left) {
            SANQUAN_TRY(env.remove_file(checkpoint.path));
            SANQUAN_TRY(env.sync_directory(directory));
        }
    }
    return log.truncate(*cut);
}

Status remove_old_files(Env& env, const std::string& directory, StateLog& log,
                        std::size_t checkpoints, bool keep_history) {
    SANQUAN_TRY_ASSIGN(const std::vector<CheckpointName> names, list_checkpoints(env, directory));
    for (std::size_t i = checkpoints; i < names.size(); ++i) {
        SANQUAN_TRY(env.remove_file(names[i].path));
    }
    if (keep_history || names.size() < checkpoints) {
        return {};
    }
    SANQUAN_TRY_ASSIGN(const std::uint64_t needed,
                       checkpoint_needs_from(env, names[checkpoints - 1].path));
    return log.remove_before(needed);
}

}  // namespace sanquan
