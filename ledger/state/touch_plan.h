// TouchPlan: which keys a block touches, with their neighbours after the block.
//
// Besides the written keys these are the predecessors of created and deleted keys, whose `next key`
// changes.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "ledger/state/chain_view.h"

namespace sanquan {

enum class TouchAct : std::uint8_t { kUpdate, kCreate, kDelete, kRelink };

struct Touch {
    TouchAct act = TouchAct::kUpdate;
    ByteView key;
    ByteView value;                      // written, or kept by a relink
    Height since;                        // of a relink's value
    ByteView next_key;                   // after the block; empty for tombstones
    std::optional<StatePlaceInLog> old;  // the entry that is replaced
};

class TouchPlan {
  public:
    explicit TouchPlan(const ChainView& parent) : parent_(parent) {}

    // Makes the touches, sorted by key; `writes` must outlive the plan. Deleting an absent key
    // touches nothing. kIo, kCorrupt, kNotFound when a predecessor's value cannot be read.
    Status make(const StateWrites& writes);
    [[nodiscard]] const std::vector<Touch>& touches() const { return touches_; }

  private:
    void classify(const StateWrites& writes);
    Status add_predecessors();
    void link();
    [[nodiscard]] Status load_relink(Touch& touch);
    [[nodiscard]] const Touch* find(ByteView key) const;
    [[nodiscard]] ByteView keep(Bytes bytes);

    const ChainView& parent_;
    std::vector<Touch> touches_;
    std::size_t structural_ = 0;  // created or deleted keys
    std::deque<Bytes> kept_;      // owners of keys and values that the touches show
};

}  // namespace sanquan
