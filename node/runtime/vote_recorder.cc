#include "node/runtime/vote_recorder.h"

#include "node/log.h"

namespace sanquan::node {
namespace {

constexpr std::uint64_t kRewriteBytes = 64U << 20U;

}  // namespace

Result<std::unique_ptr<VoteRecorder>> VoteRecorder::open(Env& env, const std::string& directory,
                                                         const Chain& chain) {
    std::unique_ptr<VoteRecorder> recorder(new VoteRecorder(env, directory));
    recorder->log_lost_ = env.exists(directory + "/" + kLossMark);
    if (recorder->log_lost_) {
        // ORDER: the mark stays until the abstain record is durable, so a crash in between abstains again. Whatever log
        // is here is not read: it may be damaged, or missing.
        SANQUAN_TRY(VoteLog::begin_anew(env, directory));
        log(LogLevel::kWarn, "vote_log_lost",
            {{"action", "abstains until a quorum of others has reported its view"}});
    }
    SANQUAN_TRY_ASSIGN(recorder->log_, VoteLog::open(env, directory));
    SANQUAN_TRY(recorder->load(chain));
    return recorder;
}

Status VoteRecorder::load(const Chain& chain) {
    for (const VoteRecord& record : log_->recovered()) {
        if (record.type == kConsensusVoteRecord) {
            SANQUAN_TRY_ASSIGN(const auto decoded, consensus::decode_record(record.body));
            kept_.push_back({consensus::position_of(decoded), {}, {}, record});
            recovered_records_.push_back(record.body);
        } else if (record.type == kBlockVoteRecord) {
            SANQUAN_TRY_ASSIGN(auto block, decode_block(record.body, chain));
            kept_.push_back({{}, block.header.height, block.digest, record});
            blocks_in_log_.insert(block.digest);
            recovered_blocks_.push_back(std::make_shared<const Block>(std::move(block)));
        } else {
            return fail(Code::kCorrupt, "vote log: record type " + std::to_string(record.type));
        }
    }
    log_->forget_recovered();
    return {};
}

Result<std::set<BlockDigest>> VoteRecorder::persist(
    const std::vector<consensus::Persist>& records,
    const std::function<SharedBlock(const BlockDigest&)>& find_block) {
    std::set<BlockDigest> missing;
    std::vector<VoteRecord> batch;
    for (const consensus::Persist& record : records) {
        if (record.block && !blocks_in_log_.contains(*record.block)) {
            const SharedBlock block = find_block(*record.block);
            if (block == nullptr) {
                missing.insert(*record.block);
                continue;
            }
            blocks_in_log_.insert(*record.block);
            batch.push_back({kBlockVoteRecord, block->raw});
            kept_.push_back({{}, block->header.height, block->digest, batch.back()});
        }
        SANQUAN_TRY_ASSIGN(const auto decoded, consensus::decode_record(record.record));
        batch.push_back({kConsensusVoteRecord, record.record});
        kept_.push_back({consensus::position_of(decoded), {}, {}, batch.back()});
    }
    if (batch.empty()) {
        return missing;
    }
    SANQUAN_TRY(log_->append(batch));
    SANQUAN_TRY(log_->sync());
    if (log_lost_) {
        SANQUAN_TRY(clear_loss_mark());
    }
    return missing;
}

Status VoteRecorder::clear_loss_mark() {
    SANQUAN_TRY(env_.remove_file(directory_ + "/" + kLossMark));
    SANQUAN_TRY(env_.sync_directory(directory_));
    log_lost_ = false;
    return {};
}

Status VoteRecorder::on_finalized(Epoch epoch, View view, Height height) {
    std::erase_if(kept_, [&](const Kept& kept) {
        if (kept.record.type == kBlockVoteRecord) {
            return kept.height <= height;
        }
        const auto& at = kept.position;
        return !at.keep && (at.epoch < epoch || (at.epoch == epoch && at.view <= view));
    });
    if (log_->size_bytes() < kRewriteBytes) {
        return {};
    }
    std::vector<VoteRecord> keep;
    blocks_in_log_.clear();
    for (const Kept& kept : kept_) {
        keep.push_back(kept.record);
        if (kept.record.type == kBlockVoteRecord) {
            blocks_in_log_.insert(kept.block);
        }
    }
    return log_->rewrite(keep);
}

}  // namespace sanquan::node
