#include "ledger/state/log_walk.h"

#include <algorithm>

#include "ledger/base/assert.h"
#include "ledger/state/record_format.h"

namespace sanquan {
namespace {

constexpr std::size_t kReadBytes = 256U << 10U;

}  // namespace

Result<ByteView> LogWalk::bytes(std::size_t length) {
    const bool inside =
        at_.offset >= buffer_offset_ && at_.offset + length <= buffer_offset_ + buffer_.size();
    if (!inside) {
        SANQUAN_TRY_ASSIGN(buffer_, read_(at_.offset, std::max(length, kReadBytes)));
        buffer_offset_ = at_.offset;
        if (buffer_.size() < length) {
            return fail(Code::kCorrupt, "the state log ends inside a record");
        }
    }
    return ByteView(buffer_).substr(at_.offset - buffer_offset_);
}

Status LogWalk::enter_record() {
    while (at_.left_in_record == 0) {
        SANQUAN_TRY_ASSIGN(const ByteView view, bytes(kRecordHeaderBytes + kStateBodyHeadBytes));
        SANQUAN_TRY(parse_record_header(view));
        SANQUAN_TRY_ASSIGN(const StateBodyHead head,
                           parse_body_head(view.substr(kRecordHeaderBytes)));
        at_.offset += kRecordHeaderBytes + kStateBodyHeadBytes;
        if (head.entry_count > 0 && head.first_position != at_.position) {
            return fail(Code::kCorrupt, "the state log skips entries");
        }
        at_.left_in_record = head.entry_count;
    }
    return {};
}

Result<LogEntry> LogWalk::entry() {
    SANQUAN_TRY(enter_record());
    SANQUAN_TRY_ASSIGN(ByteView view, bytes(8));
    SANQUAN_TRY_ASSIGN(entry_bytes_, log_entry_bytes(view));
    SANQUAN_TRY_ASSIGN(view, bytes(entry_bytes_));
    return parse_log_entry(view);
}

void LogWalk::advance() {
    SANQUAN_ASSERT(at_.left_in_record > 0 && entry_bytes_ > 0);
    at_.offset += entry_bytes_;
    ++at_.position;
    --at_.left_in_record;
    entry_bytes_ = 0;
}

Status LogWalk::skip() {
    SANQUAN_TRY(enter_record());
    SANQUAN_TRY_ASSIGN(const ByteView view, bytes(8));
    SANQUAN_TRY_ASSIGN(entry_bytes_, log_entry_bytes(view));
    advance();
    return {};
}

Result<FloorCursor> find_cursor(const LogWalk::Reader& read, std::uint64_t record_offset,
                                std::uint64_t position) {
    SANQUAN_TRY_ASSIGN(const Bytes front,
                       read(record_offset, kRecordHeaderBytes + kStateBodyHeadBytes));
    if (front.size() < kRecordHeaderBytes + kStateBodyHeadBytes) {
        return fail(Code::kCorrupt, "the state log ends inside a record");
    }
    SANQUAN_TRY_ASSIGN(const StateBodyHead head,
                       parse_body_head(ByteView(front).substr(kRecordHeaderBytes)));
    LogWalk walk(read, {head.first_position, record_offset, 0});
    while (walk.at().position < position) {
        SANQUAN_TRY(walk.skip());
    }
    if (walk.at().position != position) {
        return fail(Code::kCorrupt, "the record of a twig's first entry begins after that entry");
    }
    return walk.at();
}

}  // namespace sanquan
