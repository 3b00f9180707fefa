#include "contracts/rights_table.h"

namespace sanquan::contracts::rights {

namespace {

bool is_franchised(AssetState state) {
    return state == AssetState::kFranchised || state == AssetState::kCoreFranchised;
}

bool is_core(AssetState state) {
    return state == AssetState::kCore || state == AssetState::kCoreFranchised;
}

// What makes the asset's data leave its holder for a consideration, which core data never may.
bool is_trading(wire::Action action) {
    return action == wire::LIST || action == wire::PRICE || action == wire::SUBLICENSE ||
           action == wire::TRANSFER_OWNERSHIP;
}

// What the franchise reserves for the platform company.
bool is_operating(wire::Action action) {
    return action == wire::AGGREGATE || action == wire::PROCESS || action == wire::LIST ||
           action == wire::PRICE;
}

Code decide_holder(wire::Right right, wire::Action action, Holder holder) {
    if (right != wire::OWNERSHIP) {
        const bool granted =
            holder == Holder::kGrantHolder || holder == Holder::kFranchiseGrantHolder;
        return granted ? Code::kOk : Code::kNoRight;
    }
    if (holder == Holder::kUnclaimedOwner) {
        // Revenue is credited to an owner that cannot act yet; it finds it when it is claimed.
        return action == wire::RECEIVE_REVENUE ? Code::kOk : Code::kGrantorUnclaimed;
    }
    return holder == Holder::kOwner ? Code::kOk : Code::kNotOwner;
}

Code decide_state(wire::Right right, wire::Action action, Holder holder, AssetState state) {
    if (action == wire::RECEIVE_REVENUE) {
        return Code::kOk;  // what was earned is paid out whatever became of the asset
    }
    if (state == AssetState::kEnded) {
        return Code::kAssetEnded;
    }
    if (action == wire::VETO) {
        return Code::kOk;
    }
    if (state == AssetState::kNotCertified) {
        return Code::kAssetNotCertified;
    }
    if (state == AssetState::kHalted) {
        return Code::kAssetSuspended;
    }
    if (is_core(state) && is_trading(action)) {
        return Code::kLevelCore;
    }
    const bool reserved =
        right == wire::OPERATION_MANAGEMENT || (right == wire::OWNERSHIP && is_operating(action));
    if (is_franchised(state) && reserved && holder != Holder::kFranchiseGrantHolder) {
        return Code::kFranchiseRequired;
    }
    return Code::kOk;
}

}  // namespace

bool is_action_of(wire::Right right, wire::Action action) {
    switch (action) {
        case wire::AUTHORISE:
        case wire::SET_CONDITIONS:
        case wire::TRANSFER_OWNERSHIP:
        case wire::VETO:
        case wire::RECEIVE_REVENUE:
            return right == wire::OWNERSHIP;
        case wire::AGGREGATE:
        case wire::PROCESS:
        case wire::LIST:
        case wire::PRICE:
            return right == wire::OWNERSHIP || right == wire::OPERATION_MANAGEMENT;
        case wire::SUBLICENSE:
            return right == wire::OPERATION_MANAGEMENT || right == wire::USAGE;
        case wire::USE:
            return right == wire::OWNERSHIP || right == wire::USAGE;
        case wire::ERASE_HISTORY:
        case wire::ACTION_UNSPECIFIED:
        case wire::Action_INT_MIN_SENTINEL_DO_NOT_USE_:
        case wire::Action_INT_MAX_SENTINEL_DO_NOT_USE_:
            break;
    }
    return false;
}

Code decide(wire::Right right, wire::Action action, Holder holder, AssetState state) {
    if (action == wire::ERASE_HISTORY) {
        return Code::kActionForbidden;
    }
    if (!is_action_of(right, action)) {
        return Code::kActionNotOfRight;
    }
    const Code by_holder = decide_holder(right, action, holder);
    return by_holder == Code::kOk ? decide_state(right, action, holder, state) : by_holder;
}

}  // namespace sanquan::contracts::rights
