// TwigFrontier: the unfinished twig's tree, as the roots of its complete left subtrees.
#pragma once

#include "ledger/proof/state_entry.h"

namespace sanquan {

class TwigFrontier {
  public:
    // Appends a leaf; the twig must not be full.
    void push(const StateHasher& hasher, const Digest& leaf);
    // The node over all 2,048 leaves, absent ones included.
    [[nodiscard]] Digest root(const StateHasher& hasher) const;
    [[nodiscard]] std::uint32_t count() const { return count_; }
    [[nodiscard]] bool full() const { return count_ == kTwigEntries; }
    void clear() { count_ = 0; }

    // Level by level, for checkpoints: digests above the count's highest bit mean nothing.
    [[nodiscard]] const std::array<Digest, kTwigDepth + 1>& nodes() const { return nodes_; }
    void restore(const std::array<Digest, kTwigDepth + 1>& nodes, std::uint32_t count) {
        nodes_ = nodes;
        count_ = count;
    }

  private:
    std::array<Digest, kTwigDepth + 1>
        nodes_;  // nodes_[l]: the complete subtree of level l, if bit l of count_
    std::uint32_t count_ = 0;
};

}  // namespace sanquan
