#include "ledger/store/vote_log.h"

#include "ledger/proof/big_endian.h"
#include "ledger/state/record_format.h"

namespace sanquan {
namespace {

constexpr std::string_view kFile = "votes.log";
constexpr std::string_view kFirstBody = "SQVL\2";  // body of record 0: magic and version
constexpr std::uint64_t kLogBytesMax = std::uint64_t{4} << 30U;

std::string path_of(const std::string& directory, std::string_view name) {
    return directory + "/" + std::string(name);
}

Bytes make_record(ByteView body, std::uint64_t sequence, RecordSalt salt) {
    Bytes record(kRecordHeaderBytes, '\0');
    record.append(body);
    seal_record(record, sequence, salt);
    return record;
}

void append_votes(Bytes& body, const std::vector<VoteRecord>& records) {
    for (const VoteRecord& record : records) {
        body.push_back(static_cast<char>(record.type));
        append_u32(body, static_cast<std::uint32_t>(record.body.size()));
        body.append(record.body);
    }
}

}  // namespace

Result<std::vector<VoteRecord>> parse_vote_records(ByteView body) {
    std::vector<VoteRecord> records;
    while (!body.empty()) {
        if (body.size() < 5 || load_u32(body.substr(1)) > body.size() - 5) {
            return fail(Code::kCorrupt, "a vote record is cut off");
        }
        const std::uint32_t bytes = load_u32(body.substr(1));
        records.push_back({static_cast<std::uint8_t>(body.front()), Bytes(body.substr(5, bytes))});
        body.remove_prefix(5U + bytes);
    }
    return records;
}

Status VoteLog::create(Env& env, const std::string& directory) {
    SANQUAN_TRY(env.make_directory(directory));
    if (env.exists(path_of(directory, kFile))) {
        return fail(Code::kVoteLogExists, directory);
    }
    return begin_anew(env, directory);
}

Status VoteLog::begin_anew(Env& env, const std::string& directory) {
    return write_file_atomically(env, directory, std::string(kFile),
                                 make_record(kFirstBody, 0, draw_salt()));
}

Result<VoteLog::Content> VoteLog::read(Env& env, const std::string& directory) {
    const std::string path = path_of(directory, kFile);
    Result<Bytes> bytes = read_whole_file(env, path, kLogBytesMax);
    if (!bytes && bytes.error().code == Code::kNotFound) {
        return fail(Code::kVoteLogMissing, path);
    }
    SANQUAN_TRY(bytes);
    Content content;
    content.file_bytes = bytes->size();
    ByteView rest = *bytes;
    for (;;) {
        const std::uint64_t at = bytes->size() - rest.size();
        content.intact_bytes = at;
        const ScannedRecord scanned = scan_record(rest, at, content.records, content.salt);
        // The first record was durable before the file had its name: it can be neither torn nor
        // missing.
        const bool ends = scanned.end == RecordEnd::kTorn || scanned.end == RecordEnd::kEnd;
        if (ends && content.records > 0) {
            return content;
        }
        if (scanned.end != RecordEnd::kRecord || (at == 0 && scanned.body != kFirstBody)) {
            return fail(Code::kCorrupt, path + " is damaged at offset " + std::to_string(at));
        }
        if (at > 0) {
            SANQUAN_TRY_ASSIGN(std::vector<VoteRecord> votes, parse_vote_records(scanned.body));
            content.votes.insert(content.votes.end(), std::make_move_iterator(votes.begin()),
                                 std::make_move_iterator(votes.end()));
        }
        content.salt = scanned.header.salt;
        ++content.records;
        rest.remove_prefix(kRecordHeaderBytes + scanned.body.size());
    }
}

Result<std::unique_ptr<VoteLog>> VoteLog::open(Env& env, const std::string& directory) {
    SANQUAN_TRY_ASSIGN(Content content, read(env, directory));
    const std::string path = path_of(directory, kFile);
    if (content.intact_bytes < content.file_bytes) {
        SANQUAN_TRY(env.truncate_file(path, content.intact_bytes));
    }
    std::unique_ptr<VoteLog> log(new VoteLog(env, directory));
    log->recovered_ = std::move(content.votes);
    log->sequence_ = content.records;
    log->salt_ = content.salt;
    log->size_bytes_ = content.intact_bytes;
    SANQUAN_TRY_ASSIGN(log->file_, env.open_append(path));
    return log;
}

Status VoteLog::usable() const {
    return broken_ ? fail(Code::kIo, "the vote log failed before; the node must stop") : Status{};
}

Status VoteLog::broken(Error error) {
    broken_ = true;
    return tl::unexpected(std::move(error));
}

Status VoteLog::append(const std::vector<VoteRecord>& records) {
    SANQUAN_TRY(usable());
    append_votes(pending_, records);
    return {};
}

Status VoteLog::sync() {
    SANQUAN_TRY(usable());
    if (pending_.empty()) {
        return {};
    }
    const Bytes record = make_record(pending_, sequence_, salt_);
    if (Status status = file_->append(record); !status) {
        return broken(status.error());
    }
    if (Status status = file_->sync(); !status) {
        return broken(status.error());
    }
    ++sequence_;
    size_bytes_ += record.size();
    pending_.clear();
    return {};
}

Status VoteLog::rewrite(const std::vector<VoteRecord>& keep) {
    SANQUAN_TRY(usable());
    Bytes body;
    append_votes(body, keep);
    Bytes content = make_record(kFirstBody, 0, salt_);
    if (!body.empty()) {
        content.append(make_record(body, 1, salt_));
    }
    file_.reset();
    if (Status status = write_file_atomically(env_, directory_, std::string(kFile), content);
        !status) {
        return broken(status.error());
    }
    Result<std::unique_ptr<AppendFile>> file = env_.open_append(path_of(directory_, kFile));
    if (!file) {
        return broken(file.error());
    }
    file_ = *std::move(file);
    sequence_ = body.empty() ? 1 : 2;
    size_bytes_ = content.size();
    pending_.clear();
    return {};
}

}  // namespace sanquan
