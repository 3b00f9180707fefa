#include "contracts/governance.h"

#include <algorithm>

#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/records.h"
#include "contracts/roles.h"
#include "contracts/rules.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

constexpr int kPendingVersionsMax = 8;

// A quorum is more than half of the members, and can be reached.
Verdict check_quorum(std::uint64_t quorum, const ReadView& view) {
    const auto governance = load_existing<wire::GovernanceRecord>(view, keys::governance());
    const auto members = static_cast<std::uint64_t>(governance.members_size());
    if (quorum <= members && 2 * quorum > members) {
        return kPass;
    }
    return refuse(Code::kQuorumUnreachable, {fact("quorum", quorum), fact("members", members)});
}

Verdict check_parameter(const wire::SetRuleParameter& change, const ReadView& view,
                        const Context& context) {
    const auto which = find_parameter(change.name());
    if (!which) {
        return refuse(Code::kParameterUnknown, {fact("parameter", change.name())});
    }
    const ParameterInfo& bounds = info(*which);
    if (change.value() < bounds.least || change.value() > bounds.most) {
        return refuse(Code::kParameterOutOfBounds, {fact("value", change.value())},
                      {fact("at_least", bounds.least), fact("at_most", bounds.most)});
    }
    const std::uint64_t delay = parameter(view, context, Parameter::kActivationDelayBlocks);
    // Subtracted, not added: the height that was asked for may be the largest number.
    if (change.activation_height() <= context.height.value ||
        change.activation_height() - context.height.value < delay) {
        return refuse(Code::kActivationTooEarly,
                      {fact("activation_height", change.activation_height()),
                       fact("height", context.height.value)},
                      {fact("activation_height_at_least", context.height.value + delay)});
    }
    const auto record = load<wire::ParameterRecord>(view, keys::parameter(bounds.name));
    const auto pending =
        record ? std::count_if(record->versions().begin(), record->versions().end(),
                               [&](const auto& version) {
                                   return version.activation_height() > context.height.value;
                               })
               : 0;
    if (pending >= kPendingVersionsMax) {
        return refuse(Code::kTooManyPending, {fact("parameter", bounds.name)});
    }
    return *which == Parameter::kGovernanceQuorum ? check_quorum(change.value(), view) : kPass;
}

}  // namespace

std::uint64_t governance_quorum(const ReadView& view, const Context& context,
                                const wire::GovernanceRecord& governance) {
    const auto majority = static_cast<std::uint64_t>(governance.members_size()) / 2 + 1;
    return std::max(majority, parameter(view, context, Parameter::kGovernanceQuorum));
}

std::uint64_t count_members(const wire::GovernanceRecord& governance,
                            const google::protobuf::RepeatedPtrField<std::string>& organisations) {
    const auto& members = governance.members();
    return static_cast<std::uint64_t>(
        std::count_if(organisations.begin(), organisations.end(), [&](const std::string& id) {
            return std::binary_search(members.begin(), members.end(), id);
        }));
}

void insert_ascending(google::protobuf::RepeatedPtrField<std::string>& list, ByteView entry) {
    if (!std::binary_search(list.begin(), list.end(), entry, std::less<>())) {
        *list.Add() = std::string(entry);
        std::sort(list.begin(), list.end());
    }
}

Verdict check_action(const wire::SubmitProposal& proposal, const ReadView& view,
                     const Context& context) {
    if (proposal.has_grant_role()) {
        return check_grant(proposal.grant_role(), Authority::kLeadingGroup, view, context);
    }
    if (proposal.has_revoke_role()) {
        return check_revocation(proposal.revoke_role(), Authority::kLeadingGroup, view, context);
    }
    return check_parameter(proposal.set_rule_parameter(), view, context);
}

}  // namespace sanquan::contracts
