#include "ledger/store/verify_data.h"

#include <memory>

#include "ledger/proof/big_endian.h"
#include "ledger/store/state_checkpoint.h"
#include "ledger/store/state_log.h"
#include "ledger/store/tombstone_store.h"
#include "ledger/store/vote_log.h"

namespace sanquan {
namespace {

constexpr std::uint64_t kAnySegmentBytes = std::uint64_t{1} << 40U;  // nothing is appended here

class StateVerifier {
  public:
    StateVerifier(Env& env, const std::string& directory, const StateCheck& check, StateLog& log)
        : env_(env), directory_(directory), check_(check), log_(log) {
        environment_.log = &log;
        environment_.on_damage = [](const Error&) {};
    }

    Result<StateReport> run() {
        SANQUAN_TRY_ASSIGN(const auto checkpoints, list_checkpoints(env_, directory_));
        report_.checkpoints = checkpoints.size();
        report_.bytes = log_.end() - log_.begin();
        report_.from_the_beginning = log_.begin() == 0;
        replayed_from_ = checkpoints.empty() ? 0 : checkpoints.front().records;
        SANQUAN_TRY(walk_all());
        // Oldest first, so that the widest part of the log is recomputed block by block.
        bool recomputed = false;
        if (report_.from_the_beginning) {
            SANQUAN_TRY(replay(nullptr, /*every_block=*/true));
            recomputed = true;
        }
        for (auto checkpoint = checkpoints.rbegin(); checkpoint != checkpoints.rend();
             ++checkpoint) {
            SANQUAN_TRY(replay(&*checkpoint, /*every_block=*/!recomputed));
            recomputed = true;
        }
        if (!recomputed) {
            return fail(Code::kCorrupt,
                        "the state log begins late and there is no index checkpoint");
        }
        return report_;
    }

  private:
    // Framing, checksums and form of every record that is there.
    Status walk_all() {
        std::uint64_t sequence = 0;
        if (log_.begin() > 0) {
            SANQUAN_TRY_ASSIGN(const Bytes front, log_.read(log_.begin(), kRecordHeaderBytes));
            SANQUAN_TRY_ASSIGN(const RecordHeader header, parse_record_header(front));
            sequence = header.sequence;
        }
        sequence_ = sequence;
        std::uint64_t end = log_.begin();
        const auto look = [&](ByteView body, std::uint64_t offset) -> Status {
            end = offset + kRecordHeaderBytes + body.size();
            return look_at_record(body, offset);
        };
        SANQUAN_TRY(log_.scan(log_.begin(), sequence, StateLog::OnTorn::kLeave, look));
        report_.torn_bytes = log_.end() - end;
        return report_.records > 0 ? Status{}
                                   : fail(Code::kCorrupt, "the state log holds no record");
    }

    Status look_at_record(ByteView body, std::uint64_t offset) {
        SANQUAN_TRY_ASSIGN(const StateBodyHead head, parse_body_head(body));
        ++report_.records;
        report_.entries += head.entry_count;
        report_.height = head.height;
        report_.root = head.root;
        ByteView rest = body.substr(kStateBodyHeadBytes);
        for (std::uint32_t i = 0; i < head.entry_count; ++i) {
            SANQUAN_TRY_ASSIGN(const LogEntry entry, parse_log_entry(rest));
            if (entry.head.kind == EntryKind::kTombstone && check_.tombstones != nullptr) {
                const auto at = static_cast<std::uint64_t>(rest.data() - body.data());
                SANQUAN_TRY(look_at_tombstone(
                    entry, {head.first_position + i, offset + kRecordHeaderBytes + at}));
            }
            rest.remove_prefix(entry.bytes);
        }
        ++sequence_;
        return {};
    }

    Status look_at_tombstone(const LogEntry& entry, const StatePlaceInLog& place) {
        ++report_.tombstones;
        SANQUAN_TRY_ASSIGN(const auto found,
                           find_tombstone(*check_.tombstones, entry.head.key, entry.head.height));
        if (found && *found != place) {
            return fail(Code::kCorrupt, "the tombstone index points elsewhere than the state log");
        }
        // Those behind the newest checkpoint come again from the log at the next start.
        if (!found && sequence_ < replayed_from_) {
            return fail(Code::kCorrupt, "the tombstone index lacks a deletion of height " +
                                            std::to_string(entry.head.height.value));
        }
        return {};
    }

    // Rebuilds the state from a checkpoint, or from nothing, and recomputes the root of every block
    // or of the last.
    Status replay(const CheckpointName* checkpoint, bool every_block) {
        StateBase base(check_.hash, environment_);
        if (checkpoint != nullptr) {
            SANQUAN_TRY(load_checkpoint(env_, checkpoint->path, base));
        }
        // The keys of a checkpoint may be newer than its block: only the end of the replay has a
        // meaning.
        const bool each = every_block && checkpoint == nullptr;
        const auto apply = [&](ByteView body, std::uint64_t offset) -> Status {
            SANQUAN_TRY(base.replay(body, offset, {}));
            if (each) {
                SANQUAN_TRY(base.finish_replay());
            }
            return every_block && check_.on_root
                       ? check_.on_root(base.tip().height, base.tip().root)
                       : Status{};
        };
        SANQUAN_TRY(
            log_.scan(base.tip().end_offset, base.tip().records, StateLog::OnTorn::kLeave, apply));
        return base.finish_replay();
    }

    Env& env_;
    const std::string& directory_;
    const StateCheck& check_;
    StateLog& log_;
    StateEnvironment environment_;
    StateReport report_;
    std::uint64_t sequence_ = 0;       // of the record that is looked at
    std::uint64_t replayed_from_ = 0;  // the next start reads the log from this record on
};

}  // namespace

Result<StateReport> verify_state(Env& env, const std::string& directory, const StateCheck& check) {
    SANQUAN_TRY_ASSIGN(const auto log, StateLog::open(env, directory, kAnySegmentBytes));
    return StateVerifier(env, directory, check, *log).run();
}

Result<VoteReport> verify_votes(Env& env, const std::string& directory) {
    SANQUAN_TRY_ASSIGN(const VoteLog::Content content, VoteLog::read(env, directory));
    return VoteReport{content.votes.size(), content.intact_bytes,
                      content.file_bytes - content.intact_bytes};
}

}  // namespace sanquan
