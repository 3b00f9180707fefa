// Executes the transactions of a block on top of its parent's state.
//
// Called by the node's executor for every block and by dry runs; deterministic; single-threaded.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/model/chain.h"
#include "ledger/model/transaction.h"
#include "ledger/state/read_view.h"

namespace sanquan::contracts {

struct BlockContext {
    const Chain& chain;
    Height height;
    TimeMs time;
};

struct BlockResult {
    std::vector<Bytes> receipts;  // canonical wire::Receipt, one per transaction, in order
    std::map<Bytes, std::optional<Bytes>> writes;  // state changes; nullopt deletes
    std::vector<std::string> alarms;  // invariant breaches that were rolled back
    bool valid = true;  // false: a breach that no transaction can be blamed for; the vote is withheld
};

// Transactions must have passed check_admission against the same parent state.
BlockResult apply_block(const BlockContext& context,
                        const std::vector<const Transaction*>& transactions,
                        const ReadView& parent);

}  // namespace sanquan::contracts
