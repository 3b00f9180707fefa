// What the replica knows of blocks: digests, header facts, and whether they could be executed.
// Never their contents.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "consensus/event.h"

namespace sanquan::consensus {

struct BlockState {
    std::optional<BlockFacts> facts;  // known once the node holds the block
    bool wanted = false;              // certified, or an ancestor of such a block: fetch it
    bool execute_asked = false;
    std::optional<bool> executed;
    std::uint32_t fetches = 0;     // how often it was asked for; picks whom to ask next
    std::uint32_t fetch_wait = 0;  // ticks until it may be asked for again
};

class BlockTable {
  public:
    // Creates an empty entry if there is none. BOUND: called for digests of certificates and of the
    // leader's first proposal of a view only, and pruned at every commit.
    BlockState& entry(const BlockDigest& digest) { return blocks_[digest]; }
    [[nodiscard]] const BlockState* find(const BlockDigest& digest) const;
    [[nodiscard]] std::optional<BlockFacts> facts(const BlockDigest& digest) const;
    [[nodiscard]] std::optional<bool> executed(const BlockDigest& digest) const;
    [[nodiscard]] bool is_boundary(const BlockDigest& digest) const;

    // The path from just above `committed` up to `tip`, in height order.
    struct Path {
        std::vector<BlockDigest> blocks;
        std::optional<BlockDigest> missing;  // its header is not known yet: fetch it
        bool conflict = false;               // `tip` does not descend from `committed`
        bool too_long = false;               // more than limits::kFetchDepthMax blocks
    };
    [[nodiscard]] Path path(const BlockDigest& tip, const BlockDigest& committed,
                            Height committed_height) const;

    // Forgets every block not in `keep`.
    void retain(const std::set<BlockDigest>& keep);
    void clear() { blocks_.clear(); }
    [[nodiscard]] const std::map<BlockDigest, BlockState>& all() const { return blocks_; }
    [[nodiscard]] std::map<BlockDigest, BlockState>& all() { return blocks_; }

  private:
    std::map<BlockDigest, BlockState> blocks_;
};

}  // namespace sanquan::consensus
