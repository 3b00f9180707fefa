#include "node/runtime/missing_blocks.h"

#include <algorithm>

namespace sanquan::node {

void MissingBlocks::add(const BlockDigest& digest, Height head, Clock::time_point now) {
    blocks_.try_emplace(digest, Missing{head, now + kFirstWait, kFirstWait});
}

std::vector<MissingBlocks::Question> MissingBlocks::due(Clock::time_point now) {
    std::vector<Question> questions;
    for (auto& [digest, missing] : blocks_) {
        if (missing.next > now || questions.size() == kAtOnceMax) {
            continue;
        }
        questions.push_back({digest, missing.turn++});
        missing.wait = std::min<Clock::duration>(2 * missing.wait, kLongestWait);
        missing.next = now + missing.wait;
    }
    return questions;
}

void MissingBlocks::forget_final(Height height) {
    std::erase_if(blocks_,
                  [&](const auto& one) { return height.value > one.second.head.value + kReach; });
}

}  // namespace sanquan::node
