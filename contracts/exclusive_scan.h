// Exclusive grants: whether a new grant would overlap one, or overlap others if it is exclusive
// itself.
//
// Two grants clash when they are of the same right and asset, share an action, overlap in time, at
// least one of them is exclusive, neither is over, and neither rests on the other.
#pragma once

#include "contracts/contract.h"
#include "ledger/codec/state_asset.pb.h"

namespace sanquan::contracts {

// kExclusiveClash, kRightsScanLimit. Looks at no more than limits::kExclusiveScanGrantsMax grants,
// and at none but the exclusive ones when the new grant is not exclusive or every other of its
// right ends before it begins.
Verdict check_exclusive_clash(const wire::GrantRight& terms, const Context& context,
                              const ReadView& view);

}  // namespace sanquan::contracts
