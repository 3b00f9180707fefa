#include "ledger/state/record_format.h"

#include <algorithm>

#include "ledger/base/assert.h"
#include "ledger/base/checksum.h"
#include "ledger/crypto/random.h"
#include "ledger/proof/big_endian.h"

namespace sanquan {
namespace {

constexpr std::string_view kMagic = "SQRC";
constexpr std::size_t kCheckedBytes = 28;  // of a header, before its checksum
constexpr std::uint64_t kSectorBytes = 512;

bool all_zero(ByteView bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == 0; });
}

// Whether a sector of the file that overlaps `bytes` was never written: its part inside `bytes` is
// zero.
bool has_unwritten_sector(ByteView bytes, std::uint64_t file_offset) {
    while (!bytes.empty()) {
        const std::uint64_t to_border = kSectorBytes - file_offset % kSectorBytes;
        const std::size_t count = std::min<std::size_t>(bytes.size(), to_border);
        if (all_zero(bytes.substr(0, count))) {
            return true;
        }
        bytes.remove_prefix(count);
        file_offset += count;
    }
    return false;
}

bool intact_record_within(ByteView rest, RecordSalt salt) {
    for (std::size_t at = rest.find(kMagic, 1); at != ByteView::npos;
         at = rest.find(kMagic, at + 1)) {
        if (parse_record_header(rest.substr(at), salt)) {
            return true;
        }
    }
    return false;
}

// What the bytes are, given that no intact record stands at their front.
RecordEnd judge_tail(ByteView rest, std::uint64_t file_offset, RecordSalt salt) {
    // A later record can only have been written after this one was confirmed.
    if (intact_record_within(rest, salt)) {
        return RecordEnd::kDamaged;
    }
    const Result<RecordHeader> header = parse_record_header(rest, salt);
    if (header && rest.size() < kRecordHeaderBytes + header->body_bytes) {
        return RecordEnd::kTorn;
    }
    if (rest.size() < kRecordHeaderBytes) {
        return RecordEnd::kTorn;
    }
    return has_unwritten_sector(rest, file_offset) ? RecordEnd::kTorn : RecordEnd::kDamaged;
}

void store_header(char* out, const RecordHeader& header) {
    kMagic.copy(out, kMagic.size());
    store_u32(out + 4, header.body_bytes);
    store_u64(out + 8, header.sequence);
    store_u64(out + 16, header.salt);
    store_u32(out + 24, header.body_checksum);
    store_u32(out + kCheckedBytes, crc32c(ByteView(out, kCheckedBytes)));
}

}  // namespace

RecordSalt draw_salt() { return random_number() | 1U; }

void seal_record(Bytes& record, std::uint64_t sequence, RecordSalt salt) {
    SANQUAN_ASSERT(record.size() >= kRecordHeaderBytes);
    const ByteView body = ByteView(record).substr(kRecordHeaderBytes);
    SANQUAN_ASSERT(body.size() <= kRecordBodyBytesMax);
    store_header(record.data(),
                 {static_cast<std::uint32_t>(body.size()), sequence, salt, crc32c(body)});
}

Bytes salted_header(ByteView record, RecordSalt salt) {
    const Result<RecordHeader> sealed = parse_record_header(record);
    SANQUAN_ASSERT(sealed.has_value());
    RecordHeader header = *sealed;
    header.salt = salt;
    Bytes out(kRecordHeaderBytes, '\0');
    store_header(out.data(), header);
    return out;
}

Result<RecordHeader> parse_record_header(ByteView bytes, RecordSalt salt) {
    if (bytes.size() < kRecordHeaderBytes) {
        return fail(Code::kBadEncoding, "the record header is cut off");
    }
    if (bytes.substr(0, 4) != kMagic ||
        load_u32(bytes.substr(kCheckedBytes)) != crc32c(bytes.substr(0, kCheckedBytes))) {
        return fail(Code::kCorrupt, "no record begins here");
    }
    const RecordHeader header{load_u32(bytes.substr(4)), load_u64(bytes.substr(8)),
                              load_u64(bytes.substr(16)), load_u32(bytes.substr(24))};
    if (salt != kNoSalt && header.salt != salt) {
        return fail(Code::kCorrupt, "a record of another log");
    }
    if (header.body_bytes > kRecordBodyBytesMax) {
        return fail(Code::kCorrupt, "a record is longer than any is written");
    }
    return header;
}

ScannedRecord scan_record(ByteView rest, std::uint64_t file_offset, std::uint64_t sequence,
                          RecordSalt salt) {
    if (rest.empty()) {
        return {RecordEnd::kEnd, {}, {}};
    }
    const Result<RecordHeader> header = parse_record_header(rest, salt);
    if (header && rest.size() - kRecordHeaderBytes >= header->body_bytes) {
        const ByteView body = rest.substr(kRecordHeaderBytes, header->body_bytes);
        if (crc32c(body) == header->body_checksum) {
            const bool in_order = header->sequence == sequence;
            return {in_order ? RecordEnd::kRecord : RecordEnd::kDamaged, *header, body};
        }
    }
    return {judge_tail(rest, file_offset, salt), {}, {}};
}

}  // namespace sanquan
