// TwigCache: the whole trees of a few finished twigs, for proofs. Thread-safe.
//
// Only the root of a twig stays in memory; a proof needs its 2,048 leaves, which are hashed again
// from the log (about a millisecond). Proofs of neighbouring entries then find the tree here. A
// twig's leaves never change.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "ledger/proof/state_entry.h"

namespace sanquan {

// Level by level from the leaves: levels[0] has 2,048 digests, levels[11] the root.
using TwigTree = std::array<std::vector<Digest>, kTwigDepth + 1>;

class TwigCache {
  public:
    [[nodiscard]] std::shared_ptr<const TwigTree> find(std::uint64_t number);
    void put(std::uint64_t number, std::shared_ptr<const TwigTree> tree);

  private:
    static constexpr std::size_t kTwigs = 32;  // 131 KB each
    std::mutex mutex_;
    std::list<std::pair<std::uint64_t, std::shared_ptr<const TwigTree>>> recent_;  // latest first
};

}  // namespace sanquan
