// RevokeRight 撤销: one record changes; every grant that rests on it is dead from then on
// (grant_live walks the chain). A licence that an order paid for is revoked with its holder's
// signature, or for cause by an authority.
#include <array>

#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/grant_chain.h"
#include "contracts/rights.h"
#include "ledger/model/asset_code.h"

namespace sanquan::contracts {

namespace {

bool may_revoke(const ReadView& view, const Context& context, const wire::GrantRecord& grant) {
    const std::string& sender = context.sender;
    if (sender == grant.grantor() || share_of(load_asset(view, grant.asset()), sender) > 0) {
        // What was sold and paid for is not taken back by those who sold it.
        return grant.order().empty() || context.signers.contains(grant.holder());
    }
    constexpr std::array kAuthorities = {wire::INFORMATISATION_AUTHORITY, wire::SECRECY_AUTHORITY,
                                         wire::CYBER_SECURITY_AUTHORITY};
    for (const wire::Role role : kAuthorities) {
        if (holds_role(view, context, sender, role)) {
            return true;
        }
    }
    return !authority_of_sector(view, context, sender, sector_of(grant.asset()));
}

}  // namespace

Verdict RevokeRightContract::preflight(const Operation& operation, const Context& /*context*/) {
    return check_reason(operation.reason());
}

Verdict RevokeRightContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const std::string& id = stage.operation.grant();
    SANQUAN_TRY_PASS(require_grant(view, id));
    const auto grant = load_existing<wire::GrantRecord>(view, keys::grant(id));
    if (!may_revoke(view, stage.context, grant)) {
        return refuse(Code::kNotRevoker,
                      {fact("sender", stage.context.sender), fact("grantor", grant.grantor()),
                       fact("order", grant.order())});
    }
    if (grant.revoked_ms() != 0) {
        return refuse(Code::kGrantRevoked,
                      {fact("grant", id), fact("revoked_by", grant.revoked_by()),
                       fact("revoked_at", TimeMs{grant.revoked_ms()})});
    }
    return kPass;
}

Outcome RevokeRightContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const std::string& id = stage.operation.grant();
    auto grant = load_existing<wire::GrantRecord>(overlay, keys::grant(id));
    grant.set_revoked_ms(stage.context.time.value);
    grant.set_revoked_by(stage.context.sender);
    store(overlay, keys::grant(id), grant);
    return {id, {fact("asset", grant.asset()), fact("holder", grant.holder())}};
}

}  // namespace sanquan::contracts
