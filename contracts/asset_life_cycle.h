// The registration life cycle and the five stages as pure tables (row 26 and the trade life cycle
// of the mission).
#pragma once

#include "contracts/contract.h"
#include "ledger/codec/state_asset.pb.h"

namespace sanquan::contracts {

// True when `to` may follow `from` in the registration life cycle:
//
//   DRAFT -> SUBMITTED -> UNDER_REVIEW -> PUBLIC_NOTICE -> CERTIFIED -> {CHANGED, TRANSFERRED,
//   SUSPENDED, CANCELLED, EXPIRED}; UNDER_REVIEW, PUBLIC_NOTICE -> REFUSED; any live status <->
//   OBJECTED; OBJECTED <-> {REFUSED, CANCELLED}, back by an appeal; SUSPENDED -> OBJECTED, resumed
//   while an appeal is open.
//
// Drafting, submission and the formal review happen in one operation, RegisterAsset, whose checks
// are the review.
bool status_follows(wire::AssetStatus from, wire::AssetStatus to);

// Passes when the stage after `from` is `to`. kStageOrder.
Verdict stage_follows(wire::Stage from, wire::Stage to);

// True for the statuses that an objection turns into OBJECTED: what is suspended or has ended takes
// none.
bool is_open_to_objection(wire::AssetStatus status);

// True for a certificate that stands: CERTIFIED, CHANGED, TRANSFERRED.
bool is_certified(wire::AssetStatus status);

}  // namespace sanquan::contracts
