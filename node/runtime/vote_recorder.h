// What the replica wants durable before anything leaves: its records and the blocks named in them, in the vote log.
//
// Also the node's memory of unfinalized blocks across a restart, and of having lost a log. Owned by the effects runner,
// on the consensus strand. After a failed write nothing may be signed or sent any more.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "consensus/effects.h"
#include "consensus/record_codec.h"
#include "ledger/model/block.h"
#include "ledger/store/vote_log.h"

namespace sanquan::node {

using SharedBlock = std::shared_ptr<const Block>;

// Types of vote-log records (docs/DATA_ON_DISK.md).
constexpr std::uint8_t kConsensusVoteRecord = 1;
constexpr std::uint8_t kBlockVoteRecord = 2;

class VoteRecorder {
  public:
    // The file that says: the log here may lack votes; abstain first (SPEC 8).
    static constexpr const char* kLossMark = "ABSTAIN";

    // Opens the log in `directory`, or, under the loss mark, a new one in its place. kVoteLogMissing, kCorrupt, kIo.
    static Result<std::unique_ptr<VoteRecorder>> open(Env& env, const std::string& directory,
                                                      const Chain& chain);

    // What was recorded before, for Replica::restore and the block cache; to be taken once.
    std::vector<Bytes> take_records() { return std::move(recovered_records_); }
    std::vector<SharedBlock> take_blocks() { return std::move(recovered_blocks_); }
    [[nodiscard]] bool log_lost() const { return log_lost_; }

    // Appends the records of several steps, with their blocks, and syncs once; nothing to do is no sync. What names a
    // block that is not here is left out and the block answered: nothing about it may be signed (SPEC 8.4).
    Result<std::set<BlockDigest>> persist(
        const std::vector<consensus::Persist>& records,
        const std::function<SharedBlock(const BlockDigest&)>& find_block);
    // The finalization of `view` is durable elsewhere: what lies below may go when the log has grown.
    Status on_finalized(Epoch epoch, View view, Height height);

    [[nodiscard]] std::uint64_t size_bytes() const { return log_->size_bytes(); }

  private:
    struct Kept {
        consensus::RecordPosition position;  // of a record
        Height height;                       // of a block
        BlockDigest block;
        VoteRecord record;
    };

    VoteRecorder(Env& env, std::string directory) : env_(env), directory_(std::move(directory)) {}
    Status load(const Chain& chain);
    Status clear_loss_mark();

    Env& env_;
    std::string directory_;
    std::unique_ptr<VoteLog> log_;
    bool log_lost_ = false;
    std::vector<Bytes> recovered_records_;
    std::vector<SharedBlock> recovered_blocks_;
    std::vector<Kept> kept_;
    std::set<BlockDigest> blocks_in_log_;
};

}  // namespace sanquan::node
