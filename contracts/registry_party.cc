// The contracts of operations_party.proto.
#include "contracts/registry.h"

namespace sanquan::contracts {

std::span<const Registration> party_contracts() { return {}; }

}  // namespace sanquan::contracts
