#include "ledger/state/entry_cache.h"

namespace sanquan {

EntryCache::EntryCache() : slots_(kSlots) {}

std::size_t EntryCache::slot_of(std::uint64_t offset) {
    // Fibonacci hashing: neighbouring offsets land far apart.
    return static_cast<std::size_t>((offset * 0x9E3779B97F4A7C15ULL) >> 50U);
}

std::optional<Bytes> EntryCache::find(std::uint64_t offset) const {
    const std::size_t at = slot_of(offset);
    const std::lock_guard lock(locks_[at % kLocks]);
    const Slot& slot = slots_[at];
    return slot.offset == offset ? std::optional(slot.value) : std::nullopt;
}

void EntryCache::put(std::uint64_t offset, ByteView value) {
    if (value.size() > kValueBytesMax) {
        return;
    }
    const std::size_t at = slot_of(offset);
    const std::lock_guard lock(locks_[at % kLocks]);
    slots_[at].offset = offset;
    slots_[at].value.assign(value);
}

}  // namespace sanquan
