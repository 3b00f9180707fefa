// Records: the checksummed framing of the state log and of the vote log.
//
//   record := magic "SQRC" ‖ body length (4) ‖ sequence (8) ‖ salt (8) ‖ body checksum (4)
//             ‖ header checksum (4) ‖ body
//
// Checksums are CRC-32C; the header's covers the 28 bytes before it. Sequences count up by one, so
// a record that is missing in the middle is noticed. The salt is random and the same in all records
// of a log: members write what bodies hold, and bytes of a body that look like a header are none
// without the salt, which they cannot know. Bytes after the last whole record are *torn* when a
// write that was never confirmed can have left them: the file ends inside the record, or a whole
// disk sector of it is still zero. Anything else is damage, and is reported, not cut off.
#pragma once

#include <cstdint>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"

namespace sanquan {

constexpr std::size_t kRecordHeaderBytes = 32;
constexpr std::uint32_t kRecordBodyBytesMax = 1U << 30U;

// What marks the records of one log; kNoSalt: not known yet, or not given yet.
using RecordSalt = std::uint64_t;
constexpr RecordSalt kNoSalt = 0;
// The salt of a new log: random.
RecordSalt draw_salt();

struct RecordHeader {
    std::uint32_t body_bytes = 0;
    std::uint64_t sequence = 0;
    RecordSalt salt = kNoSalt;
    std::uint32_t body_checksum = 0;
};

// Fills the first kRecordHeaderBytes of `record`, whose body is in place already.
void seal_record(Bytes& record, std::uint64_t sequence, RecordSalt salt);
// The header of a sealed record with another salt.
Bytes salted_header(ByteView record, RecordSalt salt);
// Reads and checks a header alone; kNoSalt allows any salt. kBadEncoding, kCorrupt.
Result<RecordHeader> parse_record_header(ByteView bytes, RecordSalt salt = kNoSalt);

enum class RecordEnd : std::uint8_t {
    kRecord,   // a whole, intact record
    kEnd,      // no bytes are left
    kTorn,     // an unconfirmed write: nothing valid from here on
    kDamaged,  // bytes that were written whole have changed
};

struct ScannedRecord {
    RecordEnd end = RecordEnd::kEnd;
    RecordHeader header;
    ByteView body;
};

// Judges the record at the front of `rest`, the remaining bytes of a file that starts at
// `file_offset` of it. `sequence` is the one that must follow; `salt` the log's, or kNoSalt while
// no record of it was read.
ScannedRecord scan_record(ByteView rest, std::uint64_t file_offset, std::uint64_t sequence,
                          RecordSalt salt);

}  // namespace sanquan
