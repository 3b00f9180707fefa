// SubmitProposal: a member of the leading group, or its office, puts one action to the vote.
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/governance.h"
#include "contracts/records.h"
#include "contracts/roles.h"
#include "contracts/rules.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

constexpr ByteView kReferenceKind = "proposal";

}  // namespace

Verdict SubmitProposal::preflight(const Operation& operation, const Context& context) {
    SANQUAN_TRY_PASS(check_reference(operation.reference()));
    SANQUAN_TRY_PASS(check_reason(operation.reason()));
    const int actions = (operation.has_set_rule_parameter() ? 1 : 0) +
                        (operation.has_grant_role() ? 1 : 0) +
                        (operation.has_revoke_role() ? 1 : 0);
    if (actions != 1) {
        return refuse(Code::kProposalShape, {fact("actions", static_cast<std::uint64_t>(actions))});
    }
    if (operation.has_grant_role()) {
        SANQUAN_TRY_PASS(check_shape(operation.grant_role()));
    }
    if (operation.has_revoke_role()) {
        SANQUAN_TRY_PASS(check_shape(operation.revoke_role()));
    }
    if (operation.voting_ends_ms() <= context.time.value) {
        return refuse(Code::kBadPeriod, {fact("voting_ends", TimeMs{operation.voting_ends_ms()}),
                                         fact("now", context.time)});
    }
    return kPass;
}

Verdict SubmitProposal::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    SANQUAN_TRY_PASS(require_any_role(view, context, {wire::LEADING_GROUP, wire::OFFICE}));
    SANQUAN_TRY_PASS(
        require_unused_reference(view, context, kReferenceKind, operation.reference()));
    const std::uint64_t longest = parameter(view, context, Parameter::kVotingPeriodMsMax);
    if (operation.voting_ends_ms() - context.time.value > longest) {
        return refuse(Code::kBadPeriod, {fact("voting_ends", TimeMs{operation.voting_ends_ms()})},
                      {fact("at_most", TimeMs{context.time.value + longest})});
    }
    SANQUAN_TRY_PASS(require_new(view, keys::proposal(make_id("GP", context))));
    return check_action(operation, view, context);
}

Outcome SubmitProposal::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    const std::string id = make_id("GP", context);
    wire::ProposalRecord record;
    record.set_proposer(context.sender);
    *record.mutable_proposal() = operation;
    record.set_submitted_ms(context.time.value);
    record.set_status(wire::PROPOSAL_OPEN);
    store(overlay, keys::proposal(id), record);
    use_reference(overlay, context, kReferenceKind, operation.reference(), id);
    return {id, {fact("voting_ends", TimeMs{operation.voting_ends_ms()})}};
}

}  // namespace sanquan::contracts
