#include "ledger/store/memory_kv_store.h"

namespace sanquan {

Result<std::optional<Bytes>> MemoryKvStore::get(ByteView key) const {
    const std::lock_guard lock(mutex_);
    const auto found = now_.find(Bytes(key));
    return found == now_.end() ? std::optional<Bytes>() : std::optional(found->second);
}

Status MemoryKvStore::write(const KvBatch& batch, bool sync) {
    const std::lock_guard lock(mutex_);
    if (failing_) {
        return fail(Code::kIo, "the store in memory was told to fail");
    }
    for (const KvBatch::Item& item : batch.items()) {
        if (item.is_put) {
            now_[item.key] = item.value;
        } else {
            now_.erase(item.key);
        }
    }
    if (sync) {
        synced_ = now_;
    }
    return {};
}

Result<std::vector<std::pair<Bytes, Bytes>>> MemoryKvStore::scan(const KvRange& range) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::pair<Bytes, Bytes>> found;
    const auto in_prefix = [&](const Bytes& key) { return key.starts_with(range.prefix); };
    if (!range.backward) {
        auto at = range.after.empty() || range.after < range.prefix ? now_.lower_bound(range.prefix)
                                                                    : now_.upper_bound(range.after);
        for (; at != now_.end() && found.size() < range.limit && in_prefix(at->first); ++at) {
            found.emplace_back(*at);
        }
        return found;
    }
    auto at = range.after.empty() ? now_.end() : now_.lower_bound(range.after);
    while (at != now_.begin() && found.size() < range.limit) {
        --at;
        if (in_prefix(at->first)) {
            found.emplace_back(*at);
        } else if (at->first < range.prefix) {
            break;
        }
    }
    return found;
}

void MemoryKvStore::forget_unsynced() {
    const std::lock_guard lock(mutex_);
    now_ = synced_;
}

}  // namespace sanquan
