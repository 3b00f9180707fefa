// LogWalk: reads the state log's entries one after the other, across records and segments.
#pragma once

#include <functional>

#include "ledger/state/state_delta.h"

namespace sanquan {

class LogWalk {
  public:
    // Up to `length` bytes from an offset; fewer only at the end of a segment.
    using Reader = std::function<Result<Bytes>(std::uint64_t offset, std::size_t length)>;
    LogWalk(Reader read, FloorCursor at) : read_(std::move(read)), at_(at) {}

    // The entry at the cursor; the cursor moves past record headers to it. Views stay valid until
    // the next call. kNotFound at the end of the log; kCorrupt.
    Result<LogEntry> entry();
    // Moves past the entry that entry() returned.
    void advance();
    // Moves past the entry at the cursor without checking its content (it need not be intact).
    Status skip();
    [[nodiscard]] const FloorCursor& at() const { return at_; }

  private:
    Status enter_record();
    // At least `length` bytes at the cursor, where the log has them.
    Result<ByteView> bytes(std::size_t length);

    Reader read_;
    FloorCursor at_;
    Bytes buffer_;
    std::uint64_t buffer_offset_ = 0;
    std::size_t entry_bytes_ = 0;
};

// The cursor of entry `position`, found by walking from `record_offset`, a record that begins at or
// before it.
Result<FloorCursor> find_cursor(const LogWalk::Reader& read, std::uint64_t record_offset,
                                std::uint64_t position);

}  // namespace sanquan
