// The checks of a genesis message, besides its encoding.
#pragma once

#include "ledger/base/result.h"
#include "ledger/codec/genesis.pb.h"

namespace sanquan {

// kGenesisInvalid with the entry and what is wrong with it.
Status check_genesis(const wire::Genesis& genesis);

}  // namespace sanquan
