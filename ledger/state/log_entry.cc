#include "ledger/state/log_entry.h"

#include <cstring>

#include "ledger/base/checksum.h"
#include "ledger/base/limits.h"
#include "ledger/proof/big_endian.h"

namespace sanquan {

void store_body_head(char* out, const StateBodyHead& head) {
    store_u64(out, head.height.value);
    store_u64(out + 8, head.first_position);
    store_u32(out + 16, head.entry_count);
    store_u64(out + 20, head.floor);
    std::memcpy(out + 28, head.root.octets.data(), kDigestBytes);
}

Result<StateBodyHead> parse_body_head(ByteView body) {
    if (body.size() < kStateBodyHeadBytes) {
        return fail(Code::kBadEncoding, "a state record is shorter than its fixed part");
    }
    StateBodyHead head;
    head.height.value = load_u64(body);
    head.first_position = load_u64(body.substr(8));
    head.entry_count = load_u32(body.substr(16));
    head.floor = load_u64(body.substr(20));
    SANQUAN_TRY_ASSIGN(head.root, StateRoot::from_bytes(body.substr(28, kDigestBytes)));
    return head;
}

HeadRange append_log_entry(Bytes& out, const EntryHead& head, ByteView value,
                           std::uint64_t previous_offset) {
    const std::size_t start = out.size();
    out.append(8, '\0');
    append_u64(out, previous_offset);
    const std::size_t head_at = out.size();
    append_head(out, head);
    const std::size_t head_bytes = out.size() - head_at;
    out.append(value);
    store_u32(out.data() + start + 4, static_cast<std::uint32_t>(out.size() - start - 8));
    store_u32(out.data() + start, crc32c(ByteView(out).substr(start + 4)));
    return {head_at, head_bytes};
}

Result<std::size_t> log_entry_bytes(ByteView bytes) {
    if (bytes.size() < 8) {
        return fail(Code::kBadEncoding, "a log entry is cut off");
    }
    const std::size_t length = std::size_t{load_u32(bytes.substr(4))} + 8;
    if (length < kLogEntryFixedBytes || length > kLogEntryBytesMax) {
        return fail(Code::kCorrupt, "a log entry has an impossible length");
    }
    return length;
}

Result<LogEntry> parse_log_entry(ByteView bytes) {
    SANQUAN_TRY_ASSIGN(const std::size_t length, log_entry_bytes(bytes));
    if (bytes.size() < length) {
        return fail(Code::kBadEncoding, "a log entry is cut off");
    }
    bytes = bytes.substr(0, length);
    if (crc32c(bytes.substr(4)) != load_u32(bytes)) {
        return fail(Code::kCorrupt, "a log entry does not match its checksum");
    }
    LogEntry entry;
    entry.bytes = length;
    entry.previous_offset = load_u64(bytes.substr(8));
    ByteView rest = bytes.substr(kLogEntryFixedBytes);
    const ByteView at_head = rest;
    SANQUAN_TRY_ASSIGN(entry.head, take_head(rest));
    entry.head_bytes = at_head.substr(0, at_head.size() - rest.size());
    entry.value = rest;
    if (entry.value.size() > limits::kStateValueBytesMax ||
        (entry.head.kind == EntryKind::kTombstone && !entry.value.empty())) {
        return fail(Code::kCorrupt, "a log entry holds an impossible value");
    }
    return entry;
}

}  // namespace sanquan
