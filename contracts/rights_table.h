// The truth table of the three rights: (right, action, holder, asset state) decided in one place
// (rows 9-12).
//
// holds_right() asks it for owners, grants are checked against it when they are made, and a test
// writes all its cells beside tests/unit/contracts/rights.table. Pure.
#pragma once

#include <array>

#include "ledger/base/error.h"
#include "ledger/codec/operations_asset.pb.h"

namespace sanquan::contracts::rights {

enum class Holder : std::uint8_t {
    kOwner,
    kUnclaimedOwner,        // without keys: can act on nothing
    kGrantHolder,           // holds a live grant of the right with the action
    kFranchiseGrantHolder,  // as above, resting on the sector's running franchise
    kStranger,
};
inline constexpr std::array kHolders = {Holder::kOwner, Holder::kUnclaimedOwner,
                                        Holder::kGrantHolder, Holder::kFranchiseGrantHolder,
                                        Holder::kStranger};

enum class AssetState : std::uint8_t {
    kOpen,            // certified, in a sector without an exclusive franchise
    kFranchised,      // certified, the sector's operation is franchised
    kCore,            // as kOpen, graded core
    kCoreFranchised,  // as kFranchised, graded core
    kNotCertified,    // before its certificate
    kHalted,          // suspended, objected to, frozen, or its certificate expired
    kEnded,           // cancelled or refused
};
inline constexpr std::array kAssetStates = {AssetState::kOpen,         AssetState::kFranchised,
                                            AssetState::kCore,         AssetState::kCoreFranchised,
                                            AssetState::kNotCertified, AssetState::kHalted,
                                            AssetState::kEnded};

// True when `action` can be part of `right` at all.
bool is_action_of(wire::Right right, wire::Action action);

// kOk, or why not: kActionForbidden, kActionNotOfRight, kNotOwner, kGrantorUnclaimed, kNoRight,
// kAssetNotCertified, kAssetSuspended, kAssetEnded, kFranchiseRequired, kLevelCore.
Code decide(wire::Right right, wire::Action action, Holder holder, AssetState state);

}  // namespace sanquan::contracts::rights
