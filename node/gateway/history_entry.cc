#include "node/gateway/history_entry.h"

#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/model/block.h"
#include "ledger/model/transaction.h"
#include "node/gateway/receipt_json.h"

namespace sanquan::node {

const wire::OperationResult* HistoryEntry::result() const {
    const int number = static_cast<int>(place.operation);
    return number < receipt.results_size() ? &receipt.results(number) : nullptr;
}

Result<HistoryEntry> load_history_entry(const LedgerService& ledger, const HistoryPlace& place) {
    SANQUAN_TRY_ASSIGN(auto stored, ledger.block(place.height));
    SANQUAN_TRY_ASSIGN(const auto block, decode_block(std::move(stored.block), ledger.chain()));
    if (place.transaction >= block.transactions.size() ||
        place.transaction >= stored.receipts.size()) {
        return fail(Code::kCorrupt, "the history index names a transaction that is not there");
    }
    HistoryEntry entry;
    entry.place = place;
    entry.time = block.header.time;
    SANQUAN_TRY_ASSIGN(const auto envelope,
                       decode<wire::SignedTransaction>(block.transactions[place.transaction],
                                                       limits::kTransactionBytesMax));
    entry.id = transaction_id(ledger.chain(), envelope.body());
    SANQUAN_TRY_ASSIGN(
        entry.body, decode<wire::TransactionBody>(envelope.body(), limits::kTransactionBytesMax));
    SANQUAN_TRY_ASSIGN(entry.receipt,
                       decode<wire::Receipt>(stored.receipts[place.transaction], kReceiptBytesMax));
    if (place.operation >= static_cast<std::uint32_t>(entry.body.operations_size())) {
        return fail(Code::kCorrupt, "the history index names an operation that is not there");
    }
    return entry;
}

}  // namespace sanquan::node
