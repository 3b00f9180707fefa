// TombstoneStore: deleted keys and the places of their tombstones, on a KvStore.
//
//   key   := state key with every 00 written as 00 FF ‖ 00 01 ‖ height (8, big-endian)
//   value := position (8) ‖ offset (8)
// The escaping keeps the order of state keys. Entries are written with each block and synced with
// checkpoints; what a crash loses between them comes again with the replay of the log.
#pragma once

#include <memory>
#include <vector>

#include "ledger/state/state_base.h"
#include "ledger/store/kv_store.h"

namespace sanquan {

// The place of the tombstone that `key` got at `height`, if the index holds it; kIo, kCorrupt.
Result<std::optional<StatePlaceInLog>> find_tombstone(const KvStore& kv, ByteView key,
                                                      Height height);

class TombstoneStore final : public TombstoneIndex {
  public:
    explicit TombstoneStore(std::shared_ptr<KvStore> kv) : kv_(std::move(kv)) {}

    // Remembers a deletion for the next write().
    void add(ByteView key, Height height, StatePlaceInLog place);
    // Makes what was added readable.
    Status write();
    // Makes everything written so far durable.
    Status sync();

    Result<std::optional<StatePlaceInLog>> first_after(ByteView key, Height at) const override;
    Result<std::optional<Bytes>> key_before(ByteView key) const override;

  private:
    std::shared_ptr<KvStore> kv_;
    KvBatch added_;
    std::vector<KvBatch> unsynced_;
};

}  // namespace sanquan
