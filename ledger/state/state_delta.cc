#include "ledger/state/state_delta.h"

#include <algorithm>

namespace sanquan {
namespace {

auto lower_bound(const std::vector<KeyChange>& keys, ByteView key) {
    return std::lower_bound(
        keys.begin(), keys.end(), key,
        [](const KeyChange& change, ByteView wanted) { return change.key < wanted; });
}

}  // namespace

const KeyChange* StateDelta::find(ByteView key) const {
    const auto at = lower_bound(keys, key);
    return at != keys.end() && at->key == key ? &*at : nullptr;
}

const KeyChange* StateDelta::before(ByteView key) const {
    const auto at = lower_bound(keys, key);
    return at == keys.begin() ? nullptr : &*std::prev(at);
}

const KeyChange* StateDelta::after(ByteView key) const {
    auto at = lower_bound(keys, key);
    if (at != keys.end() && at->key == key) {
        ++at;
    }
    return at == keys.end() ? nullptr : &*at;
}

ByteView StateDelta::bytes_at(std::uint64_t offset) const {
    if (offset < record_offset || offset - record_offset >= record.size()) {
        return {};
    }
    return ByteView(record).substr(offset - record_offset);
}

}  // namespace sanquan
