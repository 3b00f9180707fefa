#include "ledger/store/state_log.h"

#include <algorithm>
#include <charconv>

#include "ledger/base/assert.h"
#include "ledger/state/read_meter.h"

namespace sanquan {
namespace {

constexpr std::string_view kPrefix = "state-";
constexpr std::string_view kSuffix = ".log";
constexpr std::size_t kDigits = 20;

std::optional<std::uint64_t> start_of(std::string_view name) {
    if (name.size() != kPrefix.size() + kDigits + kSuffix.size() || !name.starts_with(kPrefix) ||
        !name.ends_with(kSuffix)) {
        return std::nullopt;
    }
    const std::string_view digits = name.substr(kPrefix.size(), kDigits);
    std::uint64_t start = 0;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), start);
    return error == std::errc{} && end == digits.end() ? std::optional(start) : std::nullopt;
}

}  // namespace

std::string StateLog::path_of(std::uint64_t start) const {
    const std::string number = std::to_string(start);
    return directory_ + "/" + std::string(kPrefix) + std::string(kDigits - number.size(), '0') +
           number + std::string(kSuffix);
}

Result<std::unique_ptr<StateLog>> StateLog::open(Env& env, std::string directory,
                                                 std::uint64_t segment_bytes) {
    std::unique_ptr<StateLog> log(new StateLog(env, std::move(directory), segment_bytes));
    SANQUAN_TRY_ASSIGN(const std::vector<std::string> names, env.list(log->directory_));
    for (const std::string& name : names) {
        const std::optional<std::uint64_t> start = start_of(name);
        if (!start) {
            continue;
        }
        if (!log->segments_.empty() && log->end() != *start) {
            return fail(Code::kCorrupt, "the state log has a gap or an overlap before " + name);
        }
        SANQUAN_TRY_ASSIGN(const std::uint64_t bytes, env.file_size(log->path_of(*start)));
        SANQUAN_TRY(log->add_segment(*start, bytes));
    }
    SANQUAN_TRY(log->find_salt());
    return log;
}

// A segment begins with a header that no member wrote.
Status StateLog::find_salt() {
    for (const auto& [start, segment] : segments_) {
        SANQUAN_TRY_ASSIGN(const Bytes front, segment.file->read(0, kRecordHeaderBytes));
        if (const Result<RecordHeader> header = parse_record_header(front)) {
            salt_ = header->salt;
            return {};
        }
    }
    return {};
}

Status StateLog::add_segment(std::uint64_t start, std::uint64_t bytes) {
    SANQUAN_TRY_ASSIGN(std::unique_ptr<RandomFile> file, env_.open_random(path_of(start)));
    const std::lock_guard lock(mutex_);
    segments_[start] = {bytes, std::move(file)};
    return {};
}

std::uint64_t StateLog::begin() const {
    const std::lock_guard lock(mutex_);
    return segments_.empty() ? 0 : segments_.begin()->first;
}

std::uint64_t StateLog::end() const {
    const std::lock_guard lock(mutex_);
    return segments_.empty() ? 0 : segments_.rbegin()->first + segments_.rbegin()->second.bytes;
}

Result<Bytes> StateLog::read(std::uint64_t offset, std::size_t length) const {
    std::shared_ptr<RandomFile> file;
    std::uint64_t within = 0;
    {
        const std::lock_guard lock(mutex_);
        auto segment = segments_.upper_bound(offset);
        if (segment == segments_.begin()) {
            return fail(Code::kNotFound,
                        "the state log begins after offset " + std::to_string(offset));
        }
        --segment;
        within = offset - segment->first;
        if (within >= segment->second.bytes) {
            return fail(Code::kNotFound,
                        "the state log ends before offset " + std::to_string(offset));
        }
        length = static_cast<std::size_t>(
            std::min<std::uint64_t>(length, segment->second.bytes - within));
        file = segment->second.file;
    }
    count_read(length);
    return file->read(within, length);
}

Status StateLog::scan(std::uint64_t offset, std::uint64_t sequence, OnTorn on_torn,
                      const Visitor& visit) {
    std::vector<std::uint64_t> starts;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [start, segment] : segments_) {
            if (start + segment.bytes > offset) {
                starts.push_back(start);
            }
        }
    }
    for (const std::uint64_t start : starts) {
        SANQUAN_TRY(scan_segment(start, std::max(start, offset), sequence, on_torn, visit));
    }
    return {};
}

Status StateLog::scan_segment(std::uint64_t start, std::uint64_t offset, std::uint64_t& sequence,
                              OnTorn on_torn, const Visitor& visit) {
    const bool is_last = start == segments_.rbegin()->first;
    const Segment& segment = segments_.at(start);
    SANQUAN_TRY_ASSIGN(const Bytes bytes,
                       segment.file->read(offset - start, segment.bytes - (offset - start)));
    if (bytes.size() != segment.bytes - (offset - start)) {
        return fail(Code::kIo, "the state log shrank while it was read");
    }
    ByteView rest = bytes;
    while (!rest.empty()) {
        const std::uint64_t at = offset + (bytes.size() - rest.size());
        const ScannedRecord scanned = scan_record(rest, at - start, sequence, salt_);
        if (scanned.end == RecordEnd::kTorn && is_last) {
            return on_torn == OnTorn::kCut ? truncate(at) : Status{};
        }
        if (scanned.end != RecordEnd::kRecord) {
            return fail(Code::kCorrupt, "the state log is damaged at offset " + std::to_string(at) +
                                            " (" + path_of(start) + ")");
        }
        salt_ = scanned.header.salt;
        SANQUAN_TRY(visit(scanned.body, at));
        rest.remove_prefix(kRecordHeaderBytes + scanned.body.size());
        ++sequence;
    }
    return {};
}

Status StateLog::begin_segment(std::uint64_t start) {
    SANQUAN_TRY_ASSIGN(tail_, env_.open_append(path_of(start)));
    // ORDER: the name is durable before the first record is confirmed.
    SANQUAN_TRY(env_.sync_directory(directory_));
    return add_segment(start, 0);
}

Status StateLog::append(ByteView record) {
    if (segments_.empty() || segments_.rbegin()->second.bytes >= segment_bytes_) {
        SANQUAN_TRY(begin_segment(end()));
    } else if (tail_ == nullptr) {
        SANQUAN_TRY_ASSIGN(tail_, env_.open_append(path_of(segments_.rbegin()->first)));
    }
    if (salt_ == kNoSalt) {
        salt_ = draw_salt();
    }
    SANQUAN_TRY(tail_->append(salted_header(record, salt_)));
    SANQUAN_TRY(tail_->append(record.substr(kRecordHeaderBytes)));
    SANQUAN_TRY(tail_->sync());
    const std::lock_guard lock(mutex_);
    segments_.rbegin()->second.bytes += record.size();
    return {};
}

Status StateLog::truncate(std::uint64_t offset) {
    tail_.reset();
    const std::lock_guard lock(mutex_);
    SANQUAN_ASSERT(!segments_.empty() && offset >= segments_.begin()->first);
    while (segments_.rbegin()->first > offset) {
        SANQUAN_TRY(env_.remove_file(path_of(segments_.rbegin()->first)));
        // ORDER: the last segment goes first, so that a crash leaves no gap.
        SANQUAN_TRY(env_.sync_directory(directory_));
        segments_.erase(std::prev(segments_.end()));
    }
    auto& [start, segment] = *segments_.rbegin();
    SANQUAN_TRY(env_.truncate_file(path_of(start), offset - start));
    segment.bytes = offset - start;
    return {};
}

Status StateLog::remove_before(std::uint64_t offset) {
    const std::lock_guard lock(mutex_);
    while (segments_.size() > 1) {
        const auto& [start, segment] = *segments_.begin();
        if (start + segment.bytes > offset) {
            break;
        }
        SANQUAN_TRY(env_.remove_file(path_of(start)));
        // ORDER: the first segment goes first, so that a crash leaves no gap.
        SANQUAN_TRY(env_.sync_directory(directory_));
        segments_.erase(segments_.begin());
    }
    return {};
}

}  // namespace sanquan
