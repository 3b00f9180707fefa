// The contracts of operations_market.proto.
#include "contracts/registry.h"

namespace sanquan::contracts {

std::span<const Registration> market_contracts() { return {}; }

}  // namespace sanquan::contracts
