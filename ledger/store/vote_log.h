// VoteLog: the node's own votes and what must be durable with them, append-only and checksummed.
//
// Persist before send (D7): records are appended and synced before a vote leaves. The log is
// created once, by an explicit act; a log that is missing later is a loss of memory and says so,
// since voting without it could sign two conflicting votes. Records are opaque here.
// Single-threaded; owned by the effects runner.
//
//   file   := first record*                records framed as in state/record_format.h
//   first  := body "SQVL" ‖ version 02
//   record := body vote*                            one per sync, so that a torn write is always
//   the last record vote   := type (1) ‖ length (4) ‖ bytes
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ledger/store/env.h"

namespace sanquan {

struct VoteRecord {
    std::uint8_t type = 0;  // the caller's numbering
    Bytes body;
    bool operator==(const VoteRecord&) const = default;
};

// The votes of one record's body; kCorrupt.
Result<std::vector<VoteRecord>> parse_vote_records(ByteView body);

class VoteLog {
  public:
    // Makes an empty log in `directory`, durable on return; kVoteLogExists.
    static Status create(Env& env, const std::string& directory);
    // As create(), in the place of a log that may be there and damaged: all of it is forgotten, so
    // the caller must abstain first (SPEC 9).
    static Status begin_anew(Env& env, const std::string& directory);
    // Opens and reads it. A torn tail (a write that no sync had confirmed) is cut off.
    // kVoteLogMissing; kCorrupt with the offset when bytes that had been synced have changed.
    static Result<std::unique_ptr<VoteLog>> open(Env& env, const std::string& directory);

    // Reads without changing anything; for tools and for open(). Errors as open().
    struct Content {
        std::vector<VoteRecord> votes;
        std::uint64_t records = 0;
        std::uint64_t salt = 0;          // of all records
        std::uint64_t intact_bytes = 0;  // what follows them is a torn tail
        std::uint64_t file_bytes = 0;
    };
    static Result<Content> read(Env& env, const std::string& directory);

    // What was read at open, oldest first.
    [[nodiscard]] const std::vector<VoteRecord>& recovered() const { return recovered_; }
    void forget_recovered() { recovered_.clear(); }

    // Takes the records for the next sync(); nothing is written yet.
    Status append(const std::vector<VoteRecord>& records);
    // Writes what was appended as one record and syncs. After an error of any call every later call
    // fails too: the node stops, and never sends (A3).
    Status sync();
    // Replaces the log by `keep`, atomically and durably: garbage collection. Unsynced appends are
    // dropped: `keep` holds them if they are wanted.
    Status rewrite(const std::vector<VoteRecord>& keep);
    // Bytes in the file: the caller decides when to rewrite.
    [[nodiscard]] std::uint64_t size_bytes() const { return size_bytes_; }

  private:
    VoteLog(Env& env, std::string directory) : env_(env), directory_(std::move(directory)) {}
    Status usable() const;
    Status broken(Error error);

    Env& env_;
    std::string directory_;
    std::unique_ptr<AppendFile> file_;
    std::vector<VoteRecord> recovered_;
    Bytes pending_;               // votes appended since the last sync
    std::uint64_t sequence_ = 0;  // of the next record
    std::uint64_t salt_ = 0;      // of all records (record_format.h)
    std::uint64_t size_bytes_ = 0;
    bool broken_ = false;
};

}  // namespace sanquan
