// DeltaWriter: appends entries to a block's record and keeps the tree above them.
#pragma once

#include <memory>
#include <optional>

#include "ledger/state/chain_view.h"

namespace sanquan {

class DeltaWriter {
  public:
    DeltaWriter(const ChainView& parent, Height height);

    // Appends an entry; `old` is the current entry of the same key that it replaces. Sets
    // head.previous itself.
    void append(EntryHead head, ByteView value, const std::optional<StatePlaceInLog>& old);
    void set_floor(const FloorCursor& floor) { delta_->tip.floor = floor; }
    [[nodiscard]] bool is_current(std::uint64_t position) const;

    [[nodiscard]] Height height() const { return delta_->tip.height; }
    [[nodiscard]] std::uint64_t entries() const { return delta_->tip.entries; }
    [[nodiscard]] std::uint64_t live() const { return delta_->tip.live; }
    [[nodiscard]] std::uint64_t appended() const { return keys_.size(); }

    // Hashes what changed, seals the record and gives the finished delta away.
    std::unique_ptr<StateDelta> finish();

  private:
    struct PendingKey {
        std::size_t key_at = 0;  // in the record
        std::size_t key_bytes = 0;
        StatePlaceInLog place;
        bool alive = false;
    };
    TwigState& twig(std::uint64_t number);
    void hash_twigs();
    void hash_upper();
    [[nodiscard]] Digest upper(std::uint32_t level, std::uint64_t index) const;

    const ChainView& parent_;
    const StateHasher& hasher_;
    std::unique_ptr<StateDelta> delta_;
    std::vector<PendingKey> keys_;
    TwigState* tail_twig_ = nullptr;  // the one that is being filled
};

}  // namespace sanquan
