// Periods of notice, bidding, appeal and review, on block time: seconds on a demo chain, working
// days on a production chain. Working days are Monday to Friday in China Standard Time (UTC+8, no
// daylight saving); public holidays count as working days, because no calendar of them stands on
// the ledger.
#pragma once

#include "ledger/base/ids.h"
#include "ledger/model/chain.h"

namespace sanquan::contracts {

// The moment at which `count` periods after `from` have passed: on a production chain the midnight
// that ends the count-th working day after the day of `from`.
TimeMs add_periods(ChainProfile profile, TimeMs from, std::uint64_t count);

}  // namespace sanquan::contracts
