#include "node/runtime/block_memory.h"

#include <algorithm>

namespace sanquan::node {

BlockMemory::Entries::iterator BlockMemory::erase(Entries::iterator entry) {
    if (entry->second.is_proposed_only) {
        proposed_bytes_ -= entry->second.block->raw.size();
    }
    return blocks_.erase(entry);
}

void BlockMemory::propose(View view, SharedBlock block) {
    const auto [slot, is_first] = by_view_.try_emplace(view, block->digest);
    if (!is_first && slot->second != block->digest) {
        return;
    }
    if (const auto found = blocks_.find(block->digest); found != blocks_.end()) {
        found->second.view = std::max(found->second.view, view);
        return;
    }
    proposed_bytes_ += block->raw.size();
    const BlockDigest digest = block->digest;
    blocks_.emplace(digest, Entry{std::move(block), view, /*is_proposed_only=*/true});
    while (proposed_bytes_ > kProposedBytesMax) {
        auto oldest = blocks_.end();
        for (auto entry = blocks_.begin(); entry != blocks_.end(); ++entry) {
            if (entry->second.is_proposed_only &&
                (oldest == blocks_.end() || entry->second.view < oldest->second.view)) {
                oldest = entry;
            }
        }
        erase(oldest);
    }
}

void BlockMemory::keep(SharedBlock block) {
    const auto [found, is_new] =
        blocks_.try_emplace(block->digest, Entry{block, block->header.view, false});
    if (!is_new && found->second.is_proposed_only) {
        proposed_bytes_ -= block->raw.size();
        found->second.is_proposed_only = false;
    }
}

SharedBlock BlockMemory::find(const BlockDigest& digest) const {
    const auto found = blocks_.find(digest);
    return found == blocks_.end() ? nullptr : found->second.block;
}

void BlockMemory::forget_final(Height height, View view) {
    for (auto entry = blocks_.begin(); entry != blocks_.end();) {
        const bool is_over =
            entry->second.block->header.height <= height || entry->second.view <= view;
        entry = is_over ? erase(entry) : std::next(entry);
    }
    by_view_.erase(by_view_.begin(), by_view_.upper_bound(view));
}

}  // namespace sanquan::node
