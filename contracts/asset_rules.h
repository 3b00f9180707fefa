// Questions about assets and rights that several contracts and the gateway ask; each is answered
// here alone.
//
// All of them read the state at the context's time and pass or refuse with the code, the facts read
// and what would pass.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contracts/asset_life_cycle.h"
#include "contracts/contract.h"
#include "ledger/codec/state_asset.pb.h"

namespace sanquan::contracts {

// Basis points that `organisation` owns of the asset; 0 when it is no owner.
std::uint32_t share_of(const wire::AssetRecord& asset, std::string_view organisation);

// Passes an asset with a certificate in force that is neither suspended, objected to nor frozen.
// kNoSuchAsset, kAssetNotCertified, kAssetSuspended, kAssetObjected, kAssetEnded,
// kAssetCertificateExpired, kSubjectFrozen.
Verdict certified(const ReadView& view, const Context& context, std::string_view code);

// Passes an asset whose ownership may change hands: certified, grading reviewed and below core.
// Needs no stages, since no data moves. Also kLevelNotReviewed, kLevelCore, kReviewNegative.
Verdict ownership_tradable(const ReadView& view, const Context& context, std::string_view code);
// As above, of the record at asset/<code> that the caller has read already; kBadInputs when the
// sources' grants and those that they rest on are more than `source_grants_max`.
Verdict ownership_tradable(const ReadView& view, const Context& context, std::string_view code,
                           const wire::AssetRecord& asset, std::size_t source_grants_max);

// Passes an asset that may be listed, exchanged, traded or published for `purposes`:
// ownership_tradable, responsible officer named, stages complete, personal data desensitised,
// secrecy (always), security (important data), ethics (purposes that need it) and foreign sectors'
// reviews in force, and every source's grant live. Also kNoResponsibleOfficer, kStageOrder,
// kDesensitisingMissing, kReviewMissing, kReviewExpired, kParentGrantEnded.
Verdict tradable(const ReadView& view, const Context& context, std::string_view code,
                 const std::vector<std::string>& purposes);

// Passes a grant in force: it and every grant that it rests on within its term and not revoked, its
// franchise running, its asset certified. A revocation therefore reaches all that was delegated
// without touching their records. A usage right survives the loss of the operation right that it
// was sold under, unless rule "right.usage_ends_with_operation" is 1. kNoSuchGrant, kGrantRevoked,
// kGrantExpired, kGrantNotYetValid, kParentGrantEnded, kFranchiseRequired and the codes of
// certified().
Verdict grant_live(const ReadView& view, const Context& context, std::string_view grant);

enum class Exclusivity : std::uint8_t { kAny, kExclusive };

// Passes when `organisation` may do `action` with the asset under the grant that it cites: live,
// held by it, of this asset, holding the action (and exclusive, when asked). kNotGrantHolder,
// kGrantOtherAsset, kActionNotOfRight, kNotExclusive, codes of grant_live().
Verdict may_act_under(const ReadView& view, const Context& context, std::string_view grant,
                      std::string_view organisation, std::string_view asset, wire::Action action,
                      Exclusivity exclusivity = Exclusivity::kAny);

// Passes when `organisation` may do `action` with the asset by ownership or by any live grant that
// it holds; the rule is contracts/rights_table.h. kNoRight with the nearest miss as a fact,
// kActionForbidden, codes of certified().
Verdict holds_right(const ReadView& view, const Context& context, std::string_view organisation,
                    std::string_view asset, wire::Action action,
                    Exclusivity exclusivity = Exclusivity::kAny);

// Passes when the sector authority role, or the lead of a pilot sector, belongs to `organisation`.
// kNotAssetAuthority.
Verdict authority_of_sector(const ReadView& view, const Context& context,
                            std::string_view organisation, std::string_view sector);

// Moves the asset to a later stage; stage_follows() has passed, or the asset is there already.
void advance_stage(Overlay& overlay, std::string_view code, wire::Stage stage);

// Moves the whole share of `seller`, an owner, to `buyer`; the asset becomes ASSET_TRANSFERRED.
// Grants stay in force: a buyer takes the asset with the rights that others hold on it.
void transfer_ownership(Overlay& overlay, std::string_view code, const std::string& seller,
                        const std::string& buyer);

}  // namespace sanquan::contracts
