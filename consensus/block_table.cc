#include "consensus/block_table.h"

#include <algorithm>

#include "ledger/base/limits.h"

namespace sanquan::consensus {

const BlockState* BlockTable::find(const BlockDigest& digest) const {
    const auto block = blocks_.find(digest);
    return block == blocks_.end() ? nullptr : &block->second;
}

std::optional<BlockFacts> BlockTable::facts(const BlockDigest& digest) const {
    const BlockState* block = find(digest);
    return block == nullptr ? std::nullopt : block->facts;
}

std::optional<bool> BlockTable::executed(const BlockDigest& digest) const {
    const BlockState* block = find(digest);
    return block == nullptr ? std::nullopt : block->executed;
}

bool BlockTable::is_boundary(const BlockDigest& digest) const {
    const BlockState* block = find(digest);
    return block != nullptr && block->facts && block->facts->boundary;
}

BlockTable::Path BlockTable::path(const BlockDigest& tip, const BlockDigest& committed,
                                  Height committed_height) const {
    Path path;
    BlockDigest at = tip;
    while (at != committed) {
        const auto known = facts(at);
        if (!known) {
            path.missing = at;
            break;
        }
        if (known->height <= committed_height) {
            path.conflict = true;
            break;
        }
        if (known->height.value - committed_height.value > limits::kFetchDepthMax ||
            path.blocks.size() >= limits::kFetchDepthMax) {
            path.too_long = true;
            break;
        }
        path.blocks.push_back(at);
        at = known->parent;
    }
    std::reverse(path.blocks.begin(), path.blocks.end());
    return path;
}

void BlockTable::retain(const std::set<BlockDigest>& keep) {
    std::erase_if(blocks_, [&keep](const auto& block) { return !keep.contains(block.first); });
}

}  // namespace sanquan::consensus
