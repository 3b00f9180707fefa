#include "ledger/state/twig_frontier.h"

#include "ledger/base/assert.h"

namespace sanquan {

void TwigFrontier::push(const StateHasher& hasher, const Digest& leaf) {
    SANQUAN_ASSERT(count_ < kTwigEntries);
    Digest digest = leaf;
    std::uint32_t level = 0;
    for (std::uint32_t rest = count_; (rest & 1U) != 0; rest >>= 1U) {
        digest = hasher.node(nodes_[level++], digest);
    }
    nodes_[level] = digest;
    ++count_;
}

Digest TwigFrontier::root(const StateHasher& hasher) const {
    if (full()) {
        return nodes_[kTwigDepth];
    }
    // `digest` is the subtree of this level that holds the next free leaf.
    Digest digest = hasher.absent_node(0);
    for (std::uint32_t level = 0; level < kTwigDepth; ++level) {
        const bool is_right = ((count_ >> level) & 1U) != 0;
        digest = is_right ? hasher.node(nodes_[level], digest)
                          : hasher.node(digest, hasher.absent_node(level));
    }
    return digest;
}

}  // namespace sanquan
