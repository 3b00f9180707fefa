#include "node/catchup/range_server.h"

#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/model/block.h"
#include "node/catchup/range_plan.h"

namespace sanquan::node {
namespace {

constexpr std::uint32_t kAnswerBlocksMax = 256;

// Questions in a second, and at once after a pause.
struct Rate {
    double per_second;
    double burst;
};
constexpr Rate kListed{50, 100};
constexpr Rate kFollower{20, 40};
constexpr Rate kAllFollowers{60, 120};
constexpr auto kRefill = std::chrono::seconds(2);  // of the slowest of these buckets
constexpr std::size_t kBucketsMax = 1'024;

template <typename Bucket, typename Time>
bool take(Bucket& bucket, const Rate& rate, Time now) {
    const double seconds = std::chrono::duration<double>(now - bucket.filled).count();
    bucket.tokens = std::min(rate.burst, bucket.tokens + seconds * rate.per_second);
    bucket.filled = now;
    if (bucket.tokens < 1) {
        return false;
    }
    bucket.tokens -= 1;
    return true;
}

}  // namespace

Result<std::vector<Bytes>> RangeServer::headers_to(
    Height last, const consensus::Certificate& certificate) const {
    SANQUAN_TRY_ASSIGN(const Height certified, blocks_.find_block(certificate.subject.digest));
    if (certified < last || certified.value - last.value > limits::kUnfinalizedDepthMax) {
        return fail(Code::kCorrupt, "a stored certificate finalizes a block far from its own");
    }
    std::vector<Bytes> headers;
    for (Height height = last.next(); height <= certified; height = height.next()) {
        SANQUAN_TRY_ASSIGN(Bytes raw, blocks_.block(height));
        SANQUAN_TRY_ASSIGN(Block block, decode_block(std::move(raw), chain_));
        headers.push_back(std::move(block.header_bytes));
    }
    return headers;
}

RangeMessage RangeServer::answer(const FetchRangeMessage& request) const {
    RangeMessage answer;
    answer.first = request.first;
    answer.finalized = blocks_.height().value_or(Height{});
    const std::uint32_t count = std::min(request.blocks_max, kAnswerBlocksMax);
    std::size_t bytes = 0;
    for (Height height = request.first;
         height <= answer.finalized && height.value > 0 && answer.blocks.size() < count &&
         bytes < RangePlan::kRangeBytes;
         height = height.next()) {
        auto block = blocks_.block(height);
        if (!block) {
            break;
        }
        bytes += block->size();
        if (!answer.blocks.empty() && bytes > limits::kFrameBytesMax - (1U << 16U)) {
            break;
        }
        answer.blocks.push_back(std::move(*block));
    }
    // From the longest range down: the last blocks may carry the certificate of one that is not stored (a crash
    // between two commits of one finalization).
    for (; !answer.blocks.empty(); answer.blocks.pop_back()) {
        const Height last{request.first.value + answer.blocks.size() - 1};
        const auto bytes_of = blocks_.certificate(last);
        const auto certificate =
            bytes_of ? decode_certificate(*bytes_of)
                     : Result<consensus::Certificate>(tl::unexpected(bytes_of.error()));
        if (!certificate) {
            continue;
        }
        auto headers = headers_to(last, *certificate);
        if (headers) {
            answer.headers = std::move(*headers);
            answer.certificate = *certificate;
            return answer;
        }
    }
    return answer;
}

BlockMessage RangeServer::answer(const FetchBlockMessage& request) const {
    BlockMessage answer{request.digest, {}};
    const auto height = blocks_.find_block(request.digest);
    if (height && height->value > 0) {
        if (auto block = blocks_.block(*height)) {
            answer.block = std::move(*block);
        }
    }
    return answer;
}

bool RangeServer::take_token(const PeerInfo& peer, Clock::time_point now) {
    const Rate rate = peer.pinned ? kListed : kFollower;
    const std::lock_guard lock(mutex_);
    if (buckets_.size() >= kBucketsMax) {
        // BOUND: a bucket that was left alone for so long is full, as a new one is.
        std::erase_if(buckets_, [&](const auto& one) { return now - one.second.filled > kRefill; });
        if (!peer.pinned && buckets_.size() >= kBucketsMax) {
            return false;
        }
    }
    Bucket& own = buckets_.try_emplace(peer.key, Bucket{rate.burst, now}).first->second;
    return take(own, rate, now) && (peer.pinned || take(followers_, kAllFollowers, now));
}

}  // namespace sanquan::node
