// The first state of a chain: what its genesis file says, as records.
#pragma once

#include "ledger/model/genesis.h"
#include "ledger/state/read_view.h"

namespace sanquan::contracts {

// The writes that make the state of height 0. kParameterUnknown, kParameterOutOfBounds with the
// parameter's name.
Result<StateWrites> genesis_state(const Genesis& genesis);

}  // namespace sanquan::contracts
