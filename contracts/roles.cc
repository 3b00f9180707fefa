#include "contracts/roles.h"

#include <algorithm>
#include <array>

#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/governance.h"
#include "contracts/records.h"
#include "contracts/rules.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

constexpr int kMembersMax = 64;

// Who grants and revokes a role besides the leading group, which may all but what a tender awards.
struct Grantors {
    wire::Role role;
    bool informatisation_authority;
    bool exchange;
};

constexpr auto kGrantors = std::to_array<Grantors>({
    {wire::LEADING_GROUP, false, false},
    {wire::OFFICE, false, false},
    {wire::SECTOR_AUTHORITY, true, false},
    {wire::INFORMATISATION_AUTHORITY, false, false},
    {wire::SECRECY_AUTHORITY, false, false},
    {wire::CYBER_SECURITY_AUTHORITY, false, false},
    {wire::EXCHANGE, true, false},
    {wire::EXCHANGE_MEMBER, true, true},
    {wire::ASSET_OWNER, true, true},
    {wire::DATA_USER, true, true},
    {wire::SERVICE_PROVIDER, true, false},
    {wire::SETTLEMENT_BANK, true, false},
    {wire::AUDITOR, true, false},
});

struct Incompatible {
    wire::Role one;
    wire::Role other;
};

constexpr auto kIncompatible = std::to_array<Incompatible>({
    {wire::OFFICE, wire::LEADING_GROUP},
    {wire::SETTLEMENT_BANK, wire::EXCHANGE_MEMBER},
});

// The role's scope in its state key.
template <typename Operation>
ByteView scope_of(const Operation& operation) {
    return operation.role() == wire::SECTOR_AUTHORITY ? ByteView(operation.sector())
                                                      : keys::word(operation.provider_kind());
}

template <typename Operation>
Verdict check_scope(const Operation& operation) {
    if (operation.role() == wire::ROLE_UNSPECIFIED || keys::word(operation.role()).empty()) {
        return refuse(Code::kMissingField, {fact("field", "role")});
    }
    if (operation.role() == wire::PLATFORM_COMPANY) {
        return refuse(
            Code::kRoleFollowsFranchise,
            {fact("organisation", operation.organisation()), fact("sector", operation.sector())},
            {fact("role_from", "a tender of the sector that the organisation is awarded")});
    }
    const bool is_sector_role = operation.role() == wire::SECTOR_AUTHORITY;
    const bool is_provider = operation.role() == wire::SERVICE_PROVIDER;
    const bool has_kind = operation.provider_kind() != wire::PROVIDER_KIND_UNSPECIFIED;
    if (operation.sector().empty() == is_sector_role || has_kind != is_provider ||
        keys::word(operation.provider_kind()).empty() == is_provider) {
        return refuse(
            Code::kRoleScopeWrong,
            {fact("role", keys::word(operation.role())), fact("sector", operation.sector()),
             fact("provider_kind", keys::word(operation.provider_kind()))});
    }
    return kPass;
}

// The sender stands in the table for this role, and does not act for itself.
Verdict check_grantor(wire::Role role, ByteView organisation, const ReadView& view,
                      const Context& context) {
    const auto* entry = std::find_if(kGrantors.begin(), kGrantors.end(),
                                     [&](const Grantors& row) { return row.role == role; });
    std::vector<Fact> would_pass{fact("by", "a proposal of the leading group")};
    bool allowed = false;
    const auto admit = [&](bool in_table, wire::Role grantor) {
        if (in_table) {
            would_pass.push_back(fact("by", keys::word(grantor)));
            allowed = allowed || holds_role(view, context, context.sender, grantor);
        }
    };
    if (entry != kGrantors.end()) {
        admit(entry->informatisation_authority, wire::INFORMATISATION_AUTHORITY);
        admit(entry->exchange, wire::EXCHANGE);
    }
    if (allowed && organisation != context.sender) {
        return kPass;
    }
    return refuse(Code::kNotGrantor,
                  {fact("sender", context.sender), fact("role", keys::word(role)),
                   fact("organisation", organisation)},
                  std::move(would_pass));
}

// Roles that the network cannot be without must not end by time alone.
bool is_permanent(wire::Role role) {
    return role == wire::LEADING_GROUP || role == wire::INFORMATISATION_AUTHORITY;
}

Verdict check_term(const wire::GrantRole& grant, const Context& context) {
    const std::uint64_t until = grant.valid_until_ms();
    if (until == 0 || (until > context.time.value && !is_permanent(grant.role()))) {
        return kPass;
    }
    return refuse(Code::kBadPeriod,
                  {fact("valid_until", TimeMs{until}), fact("now", context.time)});
}

Verdict check_compatible(const wire::GrantRole& grant, const ReadView& view,
                         const Context& context) {
    for (const auto& [one, other] : kIncompatible) {
        const bool conflicts =
            (grant.role() == one && holds_role(view, context, grant.organisation(), other)) ||
            (grant.role() == other && holds_role(view, context, grant.organisation(), one));
        if (conflicts) {
            return refuse(Code::kRolesIncompatible,
                          {fact("role", keys::word(one)), fact("role", keys::word(other))});
        }
    }
    return kPass;
}

// No version of the quorum, in force or pending, exceeds the members that would be left.
Verdict check_members_left(const wire::GovernanceRecord& governance, const ReadView& view,
                           const Context& context) {
    const auto left = static_cast<std::uint64_t>(governance.members_size()) - 1;
    std::uint64_t needed = parameter(view, context, Parameter::kGovernanceQuorum);
    const auto record = load_existing<wire::ParameterRecord>(
        view, keys::parameter(info(Parameter::kGovernanceQuorum).name));
    for (const auto& version : record.versions()) {
        if (version.activation_height() > context.height.value) {
            needed = std::max(needed, version.value());
        }
    }
    if (left >= needed) {
        return kPass;
    }
    return refuse(Code::kQuorumUnreachable, {fact("members_left", left)},
                  {fact("members_left", needed)});
}

void remove(google::protobuf::RepeatedPtrField<std::string>& list, ByteView entry) {
    list.erase(std::remove(list.begin(), list.end(), entry), list.end());
}

void set_lead(ByteView sector, ByteView lead, Overlay& overlay) {
    const Bytes key = keys::sector(sector);
    auto record = load_existing<wire::SectorRecord>(overlay, key);
    record.set_lead(std::string(lead));
    store(overlay, key, record);
}

}  // namespace

Verdict check_shape(const wire::GrantRole& grant) {
    SANQUAN_TRY_PASS(check_scope(grant));
    if (grant.lead() && grant.role() != wire::SECTOR_AUTHORITY) {
        return refuse(Code::kRoleScopeWrong, {fact("lead", "true")});
    }
    return kPass;
}

Verdict check_shape(const wire::RevokeRole& revocation) {
    SANQUAN_TRY_PASS(check_scope(revocation));
    return check_reason(revocation.reason());
}

Verdict check_grant(const wire::GrantRole& grant, Authority authority, const ReadView& view,
                    const Context& context) {
    if (authority == Authority::kSender) {
        SANQUAN_TRY_PASS(check_grantor(grant.role(), grant.organisation(), view, context));
    }
    SANQUAN_TRY_PASS(require_active(view, context, grant.organisation()));
    SANQUAN_TRY_PASS(check_term(grant, context));
    if (!grant.sector().empty()) {
        SANQUAN_TRY_PASS(require_sector(view, grant.sector()));
    }
    if (holds_role(view, context, grant.organisation(), grant.role(), scope_of(grant))) {
        return refuse(Code::kRoleHeld, {fact("organisation", grant.organisation()),
                                        fact("role", keys::word(grant.role()))});
    }
    if (grant.lead()) {
        const auto sector = load_existing<wire::SectorRecord>(view, keys::sector(grant.sector()));
        if (!sector.lead().empty()) {
            return refuse(Code::kLeadExists,
                          {fact("sector", grant.sector()), fact("lead", sector.lead())});
        }
    }
    if (grant.role() == wire::LEADING_GROUP) {
        const auto governance = load_existing<wire::GovernanceRecord>(view, keys::governance());
        if (governance.members_size() >= kMembersMax) {
            return refuse(Code::kTooManyMembers);
        }
    }
    return check_compatible(grant, view, context);
}

Verdict check_revocation(const wire::RevokeRole& revocation, Authority authority,
                         const ReadView& view, const Context& context) {
    if (authority == Authority::kSender) {
        SANQUAN_TRY_PASS(
            check_grantor(revocation.role(), revocation.organisation(), view, context));
    }
    // There is exactly one market supervisor: the role moves by being granted to another.
    const bool is_only = revocation.role() == wire::INFORMATISATION_AUTHORITY;
    if (is_only || !exists(view, keys::role(revocation.organisation(), revocation.role(),
                                            scope_of(revocation)))) {
        return refuse(is_only ? Code::kNotGrantor : Code::kRoleNotHeld,
                      {fact("organisation", revocation.organisation()),
                       fact("role", keys::word(revocation.role()))});
    }
    // An exchange takes back what it gave, and nothing that others gave.
    if (authority == Authority::kSender &&
        !holds_role(view, context, context.sender, wire::INFORMATISATION_AUTHORITY)) {
        const auto held = load_existing<wire::RoleRecord>(
            view, keys::role(revocation.organisation(), revocation.role(), scope_of(revocation)));
        if (held.granted_by() != context.sender) {
            return refuse(
                Code::kNotGrantor,
                {fact("sender", context.sender), fact("role", keys::word(revocation.role()))},
                {fact("by", held.granted_by().empty() ? "the informatisation authority"
                                                      : held.granted_by())});
        }
    }
    if (revocation.role() == wire::LEADING_GROUP) {
        const auto governance = load_existing<wire::GovernanceRecord>(view, keys::governance());
        SANQUAN_TRY_PASS(check_members_left(governance, view, context));
    }
    return kPass;
}

void write_grant(const wire::GrantRole& grant, ByteView granted_by, const Context& context,
                 Overlay& overlay) {
    wire::RoleRecord record;
    record.set_granted_by(std::string(granted_by));
    record.set_granted_ms(context.time.value);
    record.set_valid_until_ms(grant.valid_until_ms());
    record.set_lead(grant.lead());
    store(overlay, keys::role(grant.organisation(), grant.role(), scope_of(grant)), record);
    if (grant.lead()) {
        set_lead(grant.sector(), grant.organisation(), overlay);
    }
    if (is_permanent(grant.role())) {
        auto governance = load_existing<wire::GovernanceRecord>(overlay, keys::governance());
        if (grant.role() == wire::LEADING_GROUP) {
            insert_ascending(*governance.mutable_members(), grant.organisation());
        } else {
            overlay.erase(keys::role(governance.informatisation_authority(), grant.role()));
            governance.set_informatisation_authority(grant.organisation());
        }
        store(overlay, keys::governance(), governance);
    }
}

void write_revocation(const wire::RevokeRole& revocation, Overlay& overlay) {
    const Bytes key =
        keys::role(revocation.organisation(), revocation.role(), scope_of(revocation));
    if (load_existing<wire::RoleRecord>(overlay, key).lead()) {
        set_lead(revocation.sector(), {}, overlay);
    }
    overlay.erase(key);
    if (revocation.role() == wire::LEADING_GROUP) {
        auto governance = load_existing<wire::GovernanceRecord>(overlay, keys::governance());
        remove(*governance.mutable_members(), revocation.organisation());
        store(overlay, keys::governance(), governance);
    }
}

}  // namespace sanquan::contracts
