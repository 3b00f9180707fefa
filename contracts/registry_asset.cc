// The contracts of operations_asset.proto.
#include "contracts/registry.h"

namespace sanquan::contracts {

std::span<const Registration> asset_contracts() { return {}; }

}  // namespace sanquan::contracts
