// One operation of the ledger as the history index names it: read back from its block.
#pragma once

#include "ledger/codec/block.pb.h"
#include "ledger/codec/transaction.pb.h"
#include "ledger/model/block.h"
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

// Reads entries one after the other, and a block once for all its entries that follow each other.
class HistoryReader {
  public:
    explicit HistoryReader(const LedgerService& ledger) : ledger_(ledger) {}

    // kCorrupt (the index names what is not there), kNotFound, kIo.
    Result<HistoryEntry> load(const HistoryPlace& place);
    // Blocks read and decoded so far.
    [[nodiscard]] std::size_t blocks() const { return blocks_; }

  private:
    const LedgerService& ledger_;
    std::optional<Block> block_;
    std::vector<Bytes> receipts_;
    std::size_t blocks_ = 0;
};

}  // namespace sanquan::node
