// The contracts of operations_party.proto, and the sale of ownership.
#include <array>

#include "contracts/freeze.h"
#include "contracts/governance.h"
#include "contracts/mandate.h"
#include "contracts/money.h"
#include "contracts/ownership.h"
#include "contracts/party.h"
#include "contracts/registry.h"
#include "contracts/roles.h"
#include "contracts/tender.h"

namespace sanquan::contracts {
namespace {

using O = wire::Operation;

// clang-format off
constexpr auto kContracts = std::to_array<Registration>({
    registration<RegisterOrganisation, &O::register_organisation>(O::kRegisterOrganisation),
    registration<ClaimOrganisation, &O::claim_organisation>(O::kClaimOrganisation),
    registration<AddKey, &O::add_key>(O::kAddKey),
    registration<RevokeKey, &O::revoke_key>(O::kRevokeKey),
    registration<GrantRole, &O::grant_role>(O::kGrantRole),
    registration<RevokeRole, &O::revoke_role>(O::kRevokeRole),
    registration<ApprovePilotSector, &O::approve_pilot_sector>(O::kApprovePilotSector),
    registration<SubmitProposal, &O::submit_proposal>(O::kSubmitProposal),
    registration<CastVote, &O::cast_vote>(O::kCastVote),
    registration<OpenTender, &O::open_tender>(O::kOpenTender),
    registration<SubmitBid, &O::submit_bid>(O::kSubmitBid),
    registration<RevealBid, &O::reveal_bid>(O::kRevealBid),
    registration<AwardTender, &O::award_tender>(O::kAwardTender),
    registration<CancelTender, &O::cancel_tender>(O::kCancelTender),
    registration<IssueMoney, &O::issue_money>(O::kIssueMoney),
    registration<RedeemMoney, &O::redeem_money>(O::kRedeemMoney),
    registration<GrantMandate, &O::grant_mandate>(O::kGrantMandate),
    registration<RevokeMandate, &O::revoke_mandate>(O::kRevokeMandate),
    registration<TradeOwnership, &O::trade_ownership>(O::kTradeOwnership),
    registration<Freeze, &O::freeze>(O::kFreeze),
    registration<LiftFreeze, &O::lift_freeze>(O::kLiftFreeze),
    registration<RatifyFreeze, &O::ratify_freeze>(O::kRatifyFreeze),
});
// clang-format on

}  // namespace

std::span<const Registration> party_contracts() { return kContracts; }

}  // namespace sanquan::contracts
