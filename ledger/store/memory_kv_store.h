// MemoryKvStore: a KvStore in memory, for tests and simulations; what was not synced can be
// forgotten.
#pragma once

#include <map>
#include <mutex>

#include "ledger/store/kv_store.h"

namespace sanquan {

class MemoryKvStore final : public KvStore {
  public:
    Result<std::optional<Bytes>> get(ByteView key) const override;
    Status write(const KvBatch& batch, bool sync) override;
    Result<std::vector<std::pair<Bytes, Bytes>>> scan(const KvRange& range) const override;

    // As after a power cut: the state of the last synced write.
    void forget_unsynced();
    // Every later write fails with kIo, as on a full disk.
    void fail_writes(bool failing) { failing_ = failing; }

  private:
    mutable std::mutex mutex_;
    std::map<Bytes, Bytes> now_;
    std::map<Bytes, Bytes> synced_;
    bool failing_ = false;
};

}  // namespace sanquan
