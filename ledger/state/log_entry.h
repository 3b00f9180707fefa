// The body of a state log record: what one block appends to the state.
//
//   body  := height (8) ‖ first position (8) ‖ entry count (4) ‖ floor (8) ‖ root (32) ‖ entry*
//   entry := checksum (4) ‖ length (4) ‖ previous offset (8) ‖ head ‖ value
//
// `length` counts the bytes after it; the checksum (CRC-32C) covers everything after itself, so
// that one entry can be read and trusted alone. `head` is the hashed form of
// ledger/proof/state_entry.h. `previous offset` says where the entry at head.previous stands (all
// ones: none); it is a convenience of this node, not hashed. Offsets count bytes from the start of
// the whole log, across segments.
#pragma once

#include "ledger/proof/state_entry.h"

namespace sanquan {

constexpr std::size_t kStateBodyHeadBytes = 8 + 8 + 4 + 8 + 32;
constexpr std::size_t kLogEntryFixedBytes = 4 + 4 + 8;
constexpr std::uint64_t kNoOffset = ~std::uint64_t{0};
constexpr std::size_t kLogEntryBytesMax = kLogEntryFixedBytes + 27 + 2 * 255 + (64U << 10U);

struct StateBodyHead {
    Height height;
    std::uint64_t first_position = 0;
    std::uint32_t entry_count = 0;
    std::uint64_t floor = 0;
    StateRoot root;
};

struct LogEntry {
    EntryHead head;
    ByteView head_bytes;
    ByteView value;
    std::uint64_t previous_offset = kNoOffset;
    std::size_t bytes = 0;  // in the log
};

void store_body_head(char* out, const StateBodyHead& head);
// kBadEncoding
Result<StateBodyHead> parse_body_head(ByteView body);

// Appends the entry and returns the range of its head bytes within `out`.
struct HeadRange {
    std::size_t at = 0;
    std::size_t bytes = 0;
};
HeadRange append_log_entry(Bytes& out, const EntryHead& head, ByteView value,
                           std::uint64_t previous_offset);

// Length in the log of the entry at the front of `bytes` (8 bytes are enough); kBadEncoding,
// kCorrupt.
Result<std::size_t> log_entry_bytes(ByteView bytes);
// The entry at the front of `bytes`, checked; views into `bytes`. kBadEncoding, kCorrupt.
Result<LogEntry> parse_log_entry(ByteView bytes);

}  // namespace sanquan
