#include "ledger/state/read_cache.h"

namespace sanquan {

std::optional<Bytes> ReadCache::get(ByteView key) const {
    const auto at = answers_.lower_bound(key);
    if (at != answers_.end() && at->first == key) {
        return at->second;
    }
    auto answer = parent_.get(key);
    if (answers_.size() >= kAnswersMax) {
        answers_.clear();
        answers_.emplace(Bytes(key), answer);
    } else {
        answers_.emplace_hint(at, Bytes(key), answer);
    }
    return answer;
}

}  // namespace sanquan
