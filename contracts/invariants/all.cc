#include "contracts/invariants/all.h"

#include <array>

namespace sanquan::contracts {
namespace {

constexpr auto kMakers = std::to_array({
    &make_money_conserved,
    &make_exclusive_franchises,
    &make_governance_alive,
    &make_shares_sum,
    &make_objections_counted,
    &make_grant_within_parent,  // before the next, which walks up the parents
    &make_exclusive_grants,
    &make_escrow_of_orders,
    &make_one_settlement,
});

}  // namespace

std::optional<std::string> find_breach(const Changes& changes, const ReadView& view) {
    std::array<std::unique_ptr<Invariant>, kMakers.size()> invariants;
    for (std::size_t i = 0; i < kMakers.size(); ++i) {
        invariants[i] = kMakers[i]();
    }
    for (const auto& [key, before] : changes) {
        const std::optional<Bytes> after = view.get(key);
        if (after == before) {
            continue;
        }
        for (const auto& invariant : invariants) {
            invariant->visit(key, before, after);
        }
    }
    for (const auto& invariant : invariants) {
        if (auto breach = invariant->finalize(view)) {
            return std::string(invariant->name()) + ": " + *breach;
        }
    }
    return std::nullopt;
}

}  // namespace sanquan::contracts
