// The contracts of operations_asset.proto.
#include <array>

#include "contracts/assets.h"
#include "contracts/registry.h"
#include "contracts/rights.h"
#include "contracts/stages.h"

namespace sanquan::contracts {
namespace {

using wire::Operation;

constexpr auto kContracts = std::to_array<Registration>({
    registration<RegisterAssetContract, &Operation::register_asset>(Operation::kRegisterAsset),
    registration<ObjectToAssetContract, &Operation::object_to_asset>(Operation::kObjectToAsset),
    registration<ResolveObjectionContract, &Operation::resolve_objection>(
        Operation::kResolveObjection),
    registration<AppealObjectionContract, &Operation::appeal_objection>(
        Operation::kAppealObjection),
    registration<CertifyAssetContract, &Operation::certify_asset>(Operation::kCertifyAsset),
    registration<ReviewGradingContract, &Operation::review_grading>(Operation::kReviewGrading),
    registration<ChangeAssetStatusContract, &Operation::change_asset_status>(
        Operation::kChangeAssetStatus),
    registration<RecordReviewContract, &Operation::record_review>(Operation::kRecordReview),
    registration<GrantRightContract, &Operation::grant_right>(Operation::kGrantRight),
    registration<RevokeRightContract, &Operation::revoke_right>(Operation::kRevokeRight),
    registration<RecordUseContract, &Operation::record_use>(Operation::kRecordUse),
    registration<LicenseAssetContract, &Operation::license_asset>(Operation::kLicenseAsset),
    registration<AggregateAssetsContract, &Operation::aggregate_assets>(
        Operation::kAggregateAssets),
    registration<ProcessAssetContract, &Operation::process_asset>(Operation::kProcessAsset),
    registration<DeclareStageNotNeededContract, &Operation::declare_stage_not_needed>(
        Operation::kDeclareStageNotNeeded),
});

}  // namespace

std::span<const Registration> asset_contracts() { return kContracts; }

}  // namespace sanquan::contracts
