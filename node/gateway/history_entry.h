// One operation of the ledger as the history index names it: read back from its block.
#pragma once

#include "ledger/codec/block.pb.h"
#include "ledger/codec/transaction.pb.h"
#include "node/gateway/history_index.h"

namespace sanquan::node {

struct HistoryEntry {
    HistoryPlace place;
    TransactionId id;
    TimeMs time;  // of the block
    wire::TransactionBody body;
    wire::Receipt receipt;

    [[nodiscard]] const wire::Operation& operation() const {
        return body.operations(static_cast<int>(place.operation));
    }
    // Nothing when the whole transaction was refused before its operations were looked at.
    [[nodiscard]] const wire::OperationResult* result() const;
};

// Reads the place's block. kCorrupt (the index names what is not there), kNotFound, kIo.
Result<HistoryEntry> load_history_entry(const LedgerService& ledger, const HistoryPlace& place);

}  // namespace sanquan::node
