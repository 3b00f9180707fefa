// Blocks that are not final yet, for the consensus strand: to be checked, executed, recorded and sent on.
//
// A proposal's block is kept with its view: one for each, since only the first proposal of a view counts and another one
// that gets certified is fetched by its digest (SPEC 2.7). What is certified, built here or restored stays until
// something at or above it is final. Owned by the effects runner; single-threaded.
#pragma once

#include <cstddef>
#include <map>
#include <memory>

#include "ledger/model/block.h"

namespace sanquan::node {

using SharedBlock = std::shared_ptr<const Block>;

class BlockMemory {
  public:
    // BOUND: of what only a leader vouches for; room for the largest block of every view that is looked at.
    static constexpr std::size_t kProposedBytesMax = 128U << 20U;

    // Keeps the block of a proposal in `view`, unless the view has another one. Beyond the bound the oldest views' go.
    void propose(View view, SharedBlock block);
    // Keeps a block that is certified, built here or restored; one that is here already from now on as such.
    void keep(SharedBlock block);

    // The block, or nothing.
    [[nodiscard]] SharedBlock find(const BlockDigest& digest) const;
    // A block at `height` that was certified in `view` is final: what lies below or beside it goes.
    void forget_final(Height height, View view);

    [[nodiscard]] bool empty() const { return blocks_.empty(); }
    [[nodiscard]] std::size_t proposed_bytes() const { return proposed_bytes_; }

  private:
    struct Entry {
        SharedBlock block;
        View view;  // the last one that proposed it
        bool is_proposed_only = false;
    };
    using Entries = std::map<BlockDigest, Entry>;
    Entries::iterator erase(Entries::iterator entry);

    Entries blocks_;
    std::map<View, BlockDigest> by_view_;  // proposed
    std::size_t proposed_bytes_ = 0;
};

}  // namespace sanquan::node
