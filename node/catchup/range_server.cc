#include "node/catchup/range_server.h"

#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/model/block.h"

namespace sanquan::node {
namespace {

constexpr std::size_t kAnswerBytes = 2U << 20U;  // one block more may follow
constexpr std::uint32_t kAnswerBlocksMax = 256;
constexpr double kTokensPerSecond = 20;
constexpr double kTokensMax = 40;

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
    for (Height height = request.first; height <= answer.finalized && height.value > 0 &&
                                        answer.blocks.size() < count && bytes < kAnswerBytes;
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

bool RangeServer::take_token(PeerNumber peer) {
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    const auto [entry, is_new] = buckets_.try_emplace(peer, Bucket{kTokensMax, now});
    Bucket& bucket = entry->second;
    const double seconds = std::chrono::duration<double>(now - bucket.filled).count();
    bucket.tokens = std::min(kTokensMax, bucket.tokens + seconds * kTokensPerSecond);
    bucket.filled = now;
    if (bucket.tokens < 1) {
        return false;
    }
    bucket.tokens -= 1;
    return true;
}

void RangeServer::forget(PeerNumber peer) {
    const std::lock_guard lock(mutex_);
    buckets_.erase(peer);
}

}  // namespace sanquan::node
