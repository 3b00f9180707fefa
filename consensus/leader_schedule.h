// Who leads a view: round robin by view, shifted by the epoch so that no validator leads every
// epoch's first view.
#pragma once

#include <cstdint>

#include "ledger/base/ids.h"

namespace sanquan::consensus {

// The leader of `view` in `epoch` among `validators` (> 0) members.
ReplicaIndex leader_of(Epoch epoch, View view, std::uint16_t validators);

}  // namespace sanquan::consensus
