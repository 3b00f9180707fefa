// Where a transaction stands: all that rules may know of the world besides the state.
#pragma once

#include "ledger/base/ids.h"
#include "ledger/model/chain.h"

namespace sanquan::contracts {

struct BlockContext {
    const Chain& chain;
    Height height;
    TimeMs time;
};

}  // namespace sanquan::contracts
