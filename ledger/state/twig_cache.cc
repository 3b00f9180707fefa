#include "ledger/state/twig_cache.h"

#include <algorithm>

namespace sanquan {

std::shared_ptr<const TwigTree> TwigCache::find(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(recent_.begin(), recent_.end(),
                                    [&](const auto& item) { return item.first == number; });
    if (found == recent_.end()) {
        return nullptr;
    }
    recent_.splice(recent_.begin(), recent_, found);
    return found->second;
}

void TwigCache::put(std::uint64_t number, std::shared_ptr<const TwigTree> tree) {
    const std::lock_guard lock(mutex_);
    recent_.emplace_front(number, std::move(tree));
    if (recent_.size() > kTwigs) {
        recent_.pop_back();
    }
}

}  // namespace sanquan
