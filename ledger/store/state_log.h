// StateLog: the state log's segment files, read by offset and appended a record at a time.
//
// A segment is named by the offset of its first byte; segments follow each other without a gap; a
// record never spans two. The records' framing is state/record_format.h, their body
// state/log_entry.h. All segments have one salt. append() and truncation belong to one thread; read() is thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "ledger/state/record_format.h"
#include "ledger/state/state_base.h"
#include "ledger/store/env.h"

namespace sanquan {

class StateLog final : public LogBytes {
  public:
    // Opens the segments in `directory`; kCorrupt when they do not follow each other. Contents are
    // checked by scan().
    static Result<std::unique_ptr<StateLog>> open(Env& env, std::string directory,
                                                  std::uint64_t segment_bytes);

    [[nodiscard]] std::uint64_t begin() const;
    [[nodiscard]] std::uint64_t end() const;

    Result<Bytes> read(std::uint64_t offset, std::size_t length) const override;

    // Hands the records from `offset` on to `visit`, in order; the first has `sequence`. A torn
    // tail of the last segment is cut off durably, or left alone; damage anywhere is kCorrupt and
    // names the offset.
    enum class OnTorn : std::uint8_t { kCut, kLeave };
    using Visitor = std::function<Status(ByteView body, std::uint64_t record_offset)>;
    Status scan(std::uint64_t offset, std::uint64_t sequence, OnTorn on_torn, const Visitor& visit);

    // Appends a sealed record under the log's salt and syncs; durable on return. After an error the
    // log is broken.
    Status append(ByteView record);
    // Cuts everything from `offset` on, durably.
    Status truncate(std::uint64_t offset);
    // Removes segments that end at or before `offset`.
    Status remove_before(std::uint64_t offset);

  private:
    struct Segment {
        std::uint64_t bytes = 0;
        std::shared_ptr<RandomFile> file;
    };
    StateLog(Env& env, std::string directory, std::uint64_t segment_bytes)
        : env_(env), directory_(std::move(directory)), segment_bytes_(segment_bytes) {}
    [[nodiscard]] std::string path_of(std::uint64_t start) const;
    Status add_segment(std::uint64_t start, std::uint64_t bytes);
    Status scan_segment(std::uint64_t start, std::uint64_t offset, std::uint64_t& sequence,
                        OnTorn on_torn, const Visitor& visit);
    Status begin_segment(std::uint64_t start);
    Status find_salt();

    Env& env_;
    const std::string directory_;
    const std::uint64_t segment_bytes_;
    mutable std::mutex mutex_;                   // guards segments_
    std::map<std::uint64_t, Segment> segments_;  // by start
    RecordSalt salt_ = kNoSalt;                  // until a record was read or written
    std::unique_ptr<AppendFile> tail_;           // the last segment, once something was appended
};

}  // namespace sanquan
