// KvStore: an ordered map from byte strings to byte strings on disk, with atomic synced batches.
//
// LevelDB in production (leveldb_store.cc), a map in tests (memory_kv_store.h). Reads are
// thread-safe beside one writer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"

namespace sanquan {

// Puts and deletes that become visible and durable together; later ones win.
class KvBatch {
  public:
    void put(ByteView key, ByteView value) { items_.push_back({Bytes(key), Bytes(value), true}); }
    void erase(ByteView key) { items_.push_back({Bytes(key), {}, false}); }
    struct Item {
        Bytes key;
        Bytes value;
        bool is_put = true;
    };
    [[nodiscard]] const std::vector<Item>& items() const { return items_; }
    [[nodiscard]] bool empty() const { return items_.empty(); }

  private:
    std::vector<Item> items_;
};

struct KvRange {
    Bytes prefix;           // only keys that start with it
    Bytes after;            // only keys greater than it; empty: from the first
    std::size_t limit = 0;  // at most so many
    bool backward = false;  // descending; then `after` means "less than" (empty: from the last)
};

class KvStore {
  public:
    KvStore() = default;
    KvStore(const KvStore&) = delete;
    KvStore& operator=(const KvStore&) = delete;
    virtual ~KvStore() = default;

    // The value, or nothing; kIo, kCorrupt.
    virtual Result<std::optional<Bytes>> get(ByteView key) const = 0;
    // Applies the batch atomically; durable on return when `sync`. After an error the caller stops.
    virtual Status write(const KvBatch& batch, bool sync) = 0;
    // The pairs of the range in key order.
    virtual Result<std::vector<std::pair<Bytes, Bytes>>> scan(const KvRange& range) const = 0;
};

// Opens or creates a LevelDB database with paranoid checks; nothing is ever repaired, damage is
// reported: kCorrupt, kIo, kDirectoryLocked.
Result<std::unique_ptr<KvStore>> open_leveldb(const std::string& directory);

}  // namespace sanquan
