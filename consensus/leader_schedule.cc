#include "consensus/leader_schedule.h"

#include "ledger/base/assert.h"

namespace sanquan::consensus {

ReplicaIndex leader_of(Epoch epoch, View view, std::uint16_t validators) {
    SANQUAN_ASSERT(validators > 0);
    // Reduced before adding, so that huge numbers cannot wrap into a different order.
    const std::uint64_t turn = epoch.value % validators + view.value % validators;
    return ReplicaIndex{static_cast<std::uint16_t>(turn % validators)};
}

}  // namespace sanquan::consensus
