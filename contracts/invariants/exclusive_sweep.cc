#include "contracts/invariants/exclusive_sweep.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace sanquan::contracts {
namespace {

using Clash = std::optional<std::pair<std::uint32_t, std::uint32_t>>;

class Sweep {
  public:
    explicit Sweep(const std::vector<GrantSpan>& spans) : spans_(spans) {}

    // `indexes` share an action and a right.
    Clash over(std::vector<std::uint32_t> indexes) {
        std::sort(indexes.begin(), indexes.end(), [&](std::uint32_t a, std::uint32_t b) {
            return std::tie(spans_[a].term.from, a) < std::tie(spans_[b].term.from, b);
        });
        exclusive_.clear();
        others_.clear();
        for (const std::uint32_t index : indexes) {
            if (const Clash clash = begin(index)) {
                return clash;
            }
        }
        return std::nullopt;
    }

  private:
    using Running = std::multimap<std::uint64_t, std::uint32_t>;  // end -> span

    Clash begin(std::uint32_t index) {
        const GrantSpan& span = spans_[index];
        if (span.term.from >= span.term.until) {
            return std::nullopt;
        }
        exclusive_.erase(exclusive_.begin(), exclusive_.upper_bound(span.term.from));
        others_.erase(others_.begin(), others_.upper_bound(span.term.from));
        Clash clash = beside(index, exclusive_);
        if (!clash && span.exclusive) {
            clash = beside(index, others_);
        }
        (span.exclusive ? exclusive_ : others_).emplace(span.term.until, index);
        return clash;
    }

    [[nodiscard]] Clash beside(std::uint32_t index, const Running& running) const {
        for (const auto& [until, other] : running) {
            if (!rests_on(index, other) && !rests_on(other, index)) {
                return std::pair(std::min(index, other), std::max(index, other));
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] bool rests_on(std::uint32_t index, std::uint32_t other) const {
        while (index != GrantSpan::kNoParent && index != other) {
            index = spans_[index].parent;
        }
        return index == other;
    }

    const std::vector<GrantSpan>& spans_;
    Running exclusive_;
    Running others_;
};

}  // namespace

Clash find_clash(const std::vector<GrantSpan>& spans) {
    std::map<std::pair<int, int>, std::vector<std::uint32_t>> groups;  // by right and action
    for (std::uint32_t index = 0; index < spans.size(); ++index) {
        for (const int action : spans[index].actions) {
            groups[{spans[index].right, action}].push_back(index);
        }
    }
    Sweep sweep(spans);
    for (auto& [scope, indexes] : groups) {
        if (const Clash clash = sweep.over(std::move(indexes))) {
            return clash;
        }
    }
    return std::nullopt;
}

}  // namespace sanquan::contracts
