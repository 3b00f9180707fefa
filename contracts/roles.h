// Roles: who may grant which, and what a grant changes. Shared by GrantRole, RevokeRole and the
// proposals that enact them.
#pragma once

#include "contracts/contract.h"
#include "ledger/codec/operations_party.pb.h"

namespace sanquan::contracts {

// By whose will a role is granted or revoked.
enum class Authority : std::uint8_t {
    kSender,        // of the transaction: the table in roles.cc decides
    kLeadingGroup,  // a proposal that reached its quorum
};

// Sector, provider kind and lead stand where the role needs them and nowhere else: kRoleScopeWrong,
// kMissingField.
Verdict check_shape(const wire::GrantRole& grant);
Verdict check_shape(const wire::RevokeRole& revocation);

// Whether the role can be granted now: kNotGrantor, kRoleFollowsFranchise, kPartyUnknown,
// kPartyUnclaimed, kPartyFrozen, kSectorUnknown, kLeadExists, kRoleHeld, kRolesIncompatible,
// kBadPeriod.
Verdict check_grant(const wire::GrantRole& grant, Authority authority, const ReadView& view,
                    const Context& context);
// kNotGrantor, kRoleFollowsFranchise, kRoleNotHeld, kQuorumUnreachable.
Verdict check_revocation(const wire::RevokeRole& revocation, Authority authority,
                         const ReadView& view, const Context& context);

// Writes what check_grant passed. `granted_by`: organisation or proposal.
void write_grant(const wire::GrantRole& grant, ByteView granted_by, const Context& context,
                 Overlay& overlay);
void write_revocation(const wire::RevokeRole& revocation, Overlay& overlay);

struct GrantRole {
    using Operation = wire::GrantRole;
    static constexpr Rule kRule{"party.grant_role", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

struct RevokeRole {
    using Operation = wire::RevokeRole;
    static constexpr Rule kRule{"party.revoke_role", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

struct ApprovePilotSector {
    using Operation = wire::ApprovePilotSector;
    static constexpr Rule kRule{"governance.approve_pilot_sector", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

}  // namespace sanquan::contracts
