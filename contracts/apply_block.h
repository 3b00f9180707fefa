// Executes the transactions of a block on top of its parent's state.
//
// Called by the node's executor for every block and by dry runs; deterministic; single-threaded.
//
//   block      one Overlay; its writes are the block's state change, a hot key stands in it once
//     transaction    a savepoint when ATOMIC: the first refusal rolls all of it back
//       operation    a savepoint: contract, then invariants on what it touched (ATOMIC: after the
//       last operation)
#pragma once

#include <set>
#include <string>
#include <vector>

#include "contracts/block_context.h"
#include "ledger/model/transaction.h"
#include "ledger/state/read_view.h"

namespace sanquan::contracts {

struct BlockResult {
    std::vector<Bytes> receipts;      // canonical wire::Receipt, one per transaction, in order
    StateWrites writes;               // nullopt deletes
    std::vector<std::string> alarms;  // invariant breaches that were rolled back
    bool valid =
        true;  // false: a breach that no transaction can be blamed for; the vote is withheld
};

// Transactions must have passed check_admission against the same parent state. Receipts: `code` is
// 0, or for a refused ATOMIC transaction the code of its refused operation; results stop there, and
// those before it are void.
BlockResult apply_block(const BlockContext& context,
                        const std::vector<const Transaction*>& transactions,
                        const ReadView& parent);

// The canonical wire::Receipt that `body` would get in a block at `context`, if `signers` had
// signed it. Nothing stays.
Bytes dry_run(const BlockContext& context, const TransactionId& id,
              const wire::TransactionBody& body, const std::set<std::string>& signers,
              const ReadView& view);

}  // namespace sanquan::contracts
