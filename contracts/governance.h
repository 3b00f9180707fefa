// The leading group: proposals, votes, and what they enact.
#pragma once

#include "contracts/contract.h"
#include "ledger/codec/operations_party.pb.h"
#include "ledger/codec/state_party.pb.h"

namespace sanquan::contracts {

// Approvals that enact: the rule parameter, but always more than half of the members.
std::uint64_t governance_quorum(const ReadView& view, const Context& context,
                                const wire::GovernanceRecord& governance);

// How many of `organisations` are members now: a member that left counts no more.
std::uint64_t count_members(const wire::GovernanceRecord& governance,
                            const google::protobuf::RepeatedPtrField<std::string>& organisations);

// Inserts into a strictly ascending list.
void insert_ascending(google::protobuf::RepeatedPtrField<std::string>& list, ByteView entry);

// Whether the proposal's action could be enacted in this block: codes of check_grant and
// check_revocation, and kParameterUnknown, kParameterOutOfBounds, kActivationTooEarly,
// kTooManyPending, kQuorumUnreachable.
Verdict check_action(const wire::SubmitProposal& proposal, const ReadView& view,
                     const Context& context);

struct SubmitProposal {
    using Operation = wire::SubmitProposal;
    static constexpr Rule kRule{"governance.submit_proposal", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

struct CastVote {
    using Operation = wire::CastVote;
    static constexpr Rule kRule{"governance.cast_vote", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

}  // namespace sanquan::contracts
