// Who paid whom for an asset: the settlements of its orders and the trades of its ownership, found
// through the history index and told from the ledger's own records.
#pragma once

#include <boost/json/array.hpp>
#include <optional>

#include "node/gateway/history_index.h"
#include "node/gateway/viewer.h"

namespace sanquan::node {

// How much one answer may read: shared by all assets of a provenance graph.
struct PaymentBudget {
    std::size_t operations = 1'000;  // of the history, paid or not
};

struct Payments {
    boost::json::array list;  // in ledger order
    bool left_off = false;    // the budget ended here; /v1/assets/{code}/history has the rest
};

// The payments for `asset` that `viewer` may see: all of them with `sees_all`, else those that name
// its organisation. Errors of the index and the block store.
Result<Payments> payments_of(const LedgerService& ledger, HistoryIndex& history,
                             const std::string& asset, bool sees_all, const Viewer& viewer,
                             PaymentBudget& budget);

}  // namespace sanquan::node
