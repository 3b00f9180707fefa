#include "consensus/leader_schedule.h"

#include "consensus/rules.h"
#include "ledger/base/assert.h"

namespace sanquan::consensus {

ReplicaIndex leader_of(Epoch epoch, View view, std::uint16_t validators) {
    SANQUAN_ASSERT(validators > 0);
    // SPEC 1.4. Reduced before adding, so that huge numbers cannot wrap into a different order.
    const std::uint64_t turn = epoch.value % validators +
                               (enforced(Rule::kLeadersTakeTurns) ? view.value % validators : 0);
    return ReplicaIndex{static_cast<std::uint16_t>(turn % validators)};
}

}  // namespace sanquan::consensus
