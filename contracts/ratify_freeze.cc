// RatifyFreeze: members of the leading group agree; with their quorum the freeze lasts as long as
// the shortest of them said.
#include <algorithm>

#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/freeze.h"
#include "contracts/governance.h"
#include "contracts/records.h"
#include "contracts/rules.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

// BOUND: of one freeze, by members who left included: a record stays below the largest value.
constexpr int kRatificationsMax = 512;

void add_ratification(wire::FreezeRecord& freeze, const std::string& member,
                      std::uint64_t expires_ms) {
    auto& list = *freeze.mutable_ratifications();
    auto& added = *list.Add();
    added.set_member(member);
    added.set_expires_ms(expires_ms);
    std::sort(list.begin(), list.end(),
              [](const auto& a, const auto& b) { return a.member() < b.member(); });
}

struct Agreement {
    std::uint64_t members = 0;  // who agree and are members now
    std::uint64_t expires_ms = 0;
};

Agreement agreement_of(const wire::FreezeRecord& freeze, const wire::GovernanceRecord& governance) {
    Agreement agreement;
    const auto& members = governance.members();
    for (const auto& ratification : freeze.ratifications()) {
        if (std::binary_search(members.begin(), members.end(), ratification.member())) {
            agreement.expires_ms = agreement.members == 0
                                       ? ratification.expires_ms()
                                       : std::min(agreement.expires_ms, ratification.expires_ms());
            ++agreement.members;
        }
    }
    return agreement;
}

}  // namespace

Verdict RatifyFreeze::preflight(const Operation& operation, const Context& context) {
    if (operation.expires_ms() <= context.time.value) {
        return refuse(Code::kBadPeriod,
                      {fact("expires", TimeMs{operation.expires_ms()}), fact("now", context.time)});
    }
    return kPass;
}

Verdict RatifyFreeze::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    SANQUAN_TRY_PASS(require_role(view, context, wire::LEADING_GROUP));
    const auto freeze = active_freeze(view, context, operation.subject());
    if (!freeze) {
        return refuse(Code::kNotFrozen, {fact("subject", operation.subject())});
    }
    const bool has_agreed =
        std::any_of(freeze->ratifications().begin(), freeze->ratifications().end(),
                    [&](const auto& entry) { return entry.member() == context.sender; });
    if (freeze->ratified() || has_agreed) {
        return refuse(Code::kFreezeRatified, {fact("subject", operation.subject())});
    }
    if (freeze->ratifications_size() >= kRatificationsMax) {
        return refuse(Code::kRecordFull, {fact("ratifications", std::uint64_t{kRatificationsMax})},
                      {fact("subject", "frozen anew")});
    }
    const std::uint64_t longest = parameter(view, context, Parameter::kFreezeMsMax);
    if (operation.expires_ms() - context.time.value > longest) {
        return refuse(Code::kBadPeriod, {fact("expires", TimeMs{operation.expires_ms()})},
                      {fact("at_most", TimeMs{context.time.value + longest})});
    }
    return kPass;
}

Outcome RatifyFreeze::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    const Bytes key = keys::freeze(operation.subject());
    auto freeze = load_existing<wire::FreezeRecord>(overlay, key);
    add_ratification(freeze, context.sender, operation.expires_ms());
    const auto governance = load_existing<wire::GovernanceRecord>(overlay, keys::governance());
    const Agreement agreement = agreement_of(freeze, governance);
    const std::uint64_t quorum = governance_quorum(overlay, context, governance);
    if (agreement.members >= quorum) {
        freeze.set_ratified(true);
        freeze.set_expires_ms(agreement.expires_ms);
    }
    store(overlay, key, freeze);
    return {operation.subject(),
            {fact("agree", agreement.members), fact("quorum", quorum),
             fact("until", freeze_end(freeze))}};
}

}  // namespace sanquan::contracts
