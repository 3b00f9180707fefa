// CastVote: a member of the leading group approves or rejects; the approval that completes the
// quorum enacts.
#include <algorithm>

#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/governance.h"
#include "contracts/records.h"
#include "contracts/roles.h"
#include "contracts/rules.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

// BOUND: votes of one proposal, those of members who left included: a record stays below the largest
// value.
constexpr int kVotesMax = 512;

struct Tally {
    std::uint64_t approvals = 0;
    std::uint64_t rejections = 0;
    std::uint64_t members = 0;
    std::uint64_t quorum = 0;

    [[nodiscard]] bool enacts() const { return approvals >= quorum; }
    // So many members are against it that the quorum cannot be reached any more.
    [[nodiscard]] bool rejects() const { return rejections > members - quorum; }
};

// The votes of those who are members now, the sender's new one included.
Tally tally_with_vote(wire::ProposalRecord& proposal, bool approve, const ReadView& view,
                      const Context& context) {
    insert_ascending(approve ? *proposal.mutable_approvals() : *proposal.mutable_rejections(),
                     context.sender);
    const auto governance = load_existing<wire::GovernanceRecord>(view, keys::governance());
    return {count_members(governance, proposal.approvals()),
            count_members(governance, proposal.rejections()),
            static_cast<std::uint64_t>(governance.members_size()),
            governance_quorum(view, context, governance)};
}

bool has_voted(const wire::ProposalRecord& proposal, const std::string& member) {
    const auto& yes = proposal.approvals();
    const auto& no = proposal.rejections();
    return std::binary_search(yes.begin(), yes.end(), member) ||
           std::binary_search(no.begin(), no.end(), member);
}

void enact(const wire::SubmitProposal& proposal, const std::string& id, const Context& context,
           Overlay& overlay) {
    if (proposal.has_grant_role()) {
        write_grant(proposal.grant_role(), id, context, overlay);
    } else if (proposal.has_revoke_role()) {
        write_revocation(proposal.revoke_role(), overlay);
    } else {
        const auto& change = proposal.set_rule_parameter();
        const Bytes key = keys::parameter(change.name());
        auto record = load<wire::ParameterRecord>(overlay, key).value_or(wire::ParameterRecord());
        add_version(record, change.value(), Height{change.activation_height()}, context.height);
        store(overlay, key, record);
    }
}

}  // namespace

Verdict CastVote::preflight(const Operation& operation, const Context& /*context*/) {
    return operation.proposal().empty() ? refuse(Code::kMissingField, {fact("field", "proposal")})
                                        : kPass;
}

Verdict CastVote::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    SANQUAN_TRY_PASS(require_role(view, context, wire::LEADING_GROUP));
    auto proposal = load<wire::ProposalRecord>(view, keys::proposal(operation.proposal()));
    if (!proposal) {
        return refuse(Code::kProposalUnknown, {fact("proposal", operation.proposal())});
    }
    if (proposal->status() != wire::PROPOSAL_OPEN) {
        return refuse(Code::kProposalClosed, {fact("decided_height", proposal->decided_height())});
    }
    if (context.time.value >= proposal->proposal().voting_ends_ms()) {
        return refuse(Code::kVotingEnded,
                      {fact("voting_ended", TimeMs{proposal->proposal().voting_ends_ms()}),
                       fact("now", context.time)});
    }
    if (has_voted(*proposal, context.sender)) {
        return refuse(Code::kAlreadyVoted, {fact("member", context.sender)});
    }
    const int votes = proposal->approvals_size() + proposal->rejections_size();
    if (votes >= kVotesMax) {
        return refuse(Code::kRecordFull, {fact("votes", static_cast<std::uint64_t>(votes))},
                      {fact("proposal", "a new one")});
    }
    // What was right when it was proposed may be stale by now.
    if (operation.approve() && tally_with_vote(*proposal, true, view, context).enacts()) {
        return check_action(proposal->proposal(), view, context);
    }
    return kPass;
}

Outcome CastVote::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    const Bytes key = keys::proposal(operation.proposal());
    auto proposal = load_existing<wire::ProposalRecord>(overlay, key);
    const Tally tally = tally_with_vote(proposal, operation.approve(), overlay, context);
    std::string status = "open";
    if (operation.approve() && tally.enacts()) {
        enact(proposal.proposal(), operation.proposal(), context, overlay);
        proposal.set_status(wire::PROPOSAL_ENACTED);
        proposal.set_decided_height(context.height.value);
        status = "enacted";
    } else if (tally.rejects()) {
        proposal.set_status(wire::PROPOSAL_REJECTED);
        proposal.set_decided_height(context.height.value);
        status = "rejected";
    }
    store(overlay, key, proposal);
    return {operation.proposal(),
            {fact("status", status), fact("approvals", tally.approvals),
             fact("rejections", tally.rejections), fact("quorum", tally.quorum)}};
}

}  // namespace sanquan::contracts
