// Every invariant over a whole state, as if each record had just been made from nothing: what the checks after
// transactions, which look at what was touched, never look at again.
//
// Called by `sanquan-node verify-data`. Pure and deterministic; single-threaded. Reads each record a few times, page by
// page, and keeps at most the grants of one asset in memory.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "ledger/base/result.h"
#include "ledger/state/read_view.h"

namespace sanquan::contracts {

// Up to `limit` pairs whose keys start with `prefix` and are greater than `after`, in key order; of
// the same state as the view beside it (StateVersion::scan).
using StateScan = std::function<std::vector<std::pair<Bytes, Bytes>>(
    ByteView prefix, ByteView after, std::size_t limit)>;

// kInvariantBreach with "invariant: key: what is wrong"; kCorrupt for a record that does not parse.
Status check_whole_state(const ReadView& view, const StateScan& scan);

}  // namespace sanquan::contracts
