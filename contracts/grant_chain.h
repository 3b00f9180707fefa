// Grants and what they rest on: parents up to the owner. Internal to
// the asset contracts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contracts/contract.h"
#include "ledger/codec/state_asset.pb.h"

namespace sanquan::contracts {

// kNoSuchGrant.
Verdict require_grant(const ReadView& view, std::string_view grant);

struct GrantLink {
    std::string id;
    wire::GrantRecord record;
};

// The grant, which exists, and every grant that it rests on, up to the owner's; bounded by the
// delegation depth.
std::vector<GrantLink> grant_chain(const ReadView& view, std::string_view grant);

// Passes when the first of the chain is in force by itself and by those that it rests on, which are
// the rest; its asset is another question. kGrantRevoked, kGrantExpired, kGrantNotYetValid,
// kParentGrantEnded, kFranchiseRequired.
Verdict chain_in_force(const ReadView& view, const Context& context,
                       const std::vector<GrantLink>& chain);

// The time during which a grant is in force as far as grants of its own right decide it: from when
// it was made and begins until it, or one of the same right that it rests on, ends or was revoked;
// empty when `from` >= `until`. The loss of an operation right is not counted against usage rights,
// which may survive it.
struct EffectiveTerm {
    std::uint64_t from = 0;
    std::uint64_t until = 0;
};
EffectiveTerm effective_term(const ReadView& view, std::string_view grant);

inline bool overlap(const EffectiveTerm& a, const EffectiveTerm& b) {
    return a.from < a.until && b.from < b.until && a.from < b.until && b.from < a.until;
}

// True when both are of one right and share an action.
bool same_scope(const wire::GrantRecord& a, const wire::GrantRecord& b);

}  // namespace sanquan::contracts
