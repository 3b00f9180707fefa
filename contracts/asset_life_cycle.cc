#include "contracts/asset_life_cycle.h"

#include "contracts/asset_records.h"
#include "contracts/explain.h"

namespace sanquan::contracts {

bool is_certified(wire::AssetStatus status) {
    return status == wire::ASSET_CERTIFIED || status == wire::ASSET_CHANGED ||
           status == wire::ASSET_TRANSFERRED;
}

bool is_open_to_objection(wire::AssetStatus status) {
    return is_certified(status) || status == wire::ASSET_PUBLIC_NOTICE ||
           status == wire::ASSET_UNDER_REVIEW;
}

bool status_follows(wire::AssetStatus from, wire::AssetStatus to) {
    switch (to) {
        case wire::ASSET_SUBMITTED:
            return from == wire::ASSET_DRAFT;
        case wire::ASSET_UNDER_REVIEW:
            return from == wire::ASSET_SUBMITTED;
        case wire::ASSET_PUBLIC_NOTICE:
            return from == wire::ASSET_UNDER_REVIEW || from == wire::ASSET_OBJECTED;
        case wire::ASSET_CERTIFIED:
            return from == wire::ASSET_PUBLIC_NOTICE || from == wire::ASSET_SUSPENDED ||
                   from == wire::ASSET_OBJECTED;
        case wire::ASSET_CHANGED:
        case wire::ASSET_TRANSFERRED:
            return is_certified(from) || from == wire::ASSET_SUSPENDED ||
                   from == wire::ASSET_OBJECTED;
        case wire::ASSET_SUSPENDED:
        case wire::ASSET_EXPIRED:
            return is_certified(from);
        case wire::ASSET_CANCELLED:
            return is_certified(from) || from == wire::ASSET_SUSPENDED ||
                   from == wire::ASSET_OBJECTED;
        case wire::ASSET_OBJECTED:
            return is_open_to_objection(from) || from == wire::ASSET_SUSPENDED ||
                   from == wire::ASSET_REFUSED || from == wire::ASSET_CANCELLED;
        case wire::ASSET_REFUSED:
            return from == wire::ASSET_UNDER_REVIEW || from == wire::ASSET_PUBLIC_NOTICE ||
                   from == wire::ASSET_OBJECTED;
        case wire::ASSET_STATUS_UNSPECIFIED:
        case wire::ASSET_DRAFT:
        case wire::AssetStatus_INT_MIN_SENTINEL_DO_NOT_USE_:
        case wire::AssetStatus_INT_MAX_SENTINEL_DO_NOT_USE_:
            break;
    }
    return false;
}

Verdict stage_follows(wire::Stage from, wire::Stage to) {
    if (static_cast<int>(to) == static_cast<int>(from) + 1) {
        return kPass;
    }
    const auto next = static_cast<wire::Stage>(static_cast<int>(from) + 1);
    return refuse(Code::kStageOrder, {fact("stage", name_of(from)), fact("asked_for", name_of(to))},
                  {fact("next_stage", name_of(next))});
}

}  // namespace sanquan::contracts
