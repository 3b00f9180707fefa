#include "node/gateway/history_entry.h"

#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/model/transaction.h"
#include "node/gateway/receipt_json.h"

namespace sanquan::node {

const wire::OperationResult* HistoryEntry::result() const {
    const int number = static_cast<int>(place.operation);
    return number < receipt.results_size() ? &receipt.results(number) : nullptr;
}

Result<HistoryEntry> HistoryReader::load(const HistoryPlace& place) {
    if (!block_ || block_->header.height != place.height) {
        block_.reset();
        SANQUAN_TRY_ASSIGN(auto stored, ledger_.block(place.height));
        SANQUAN_TRY_ASSIGN(block_, decode_block(std::move(stored.block), ledger_.chain()));
        receipts_ = std::move(stored.receipts);
        ++blocks_;
    }
    const Block& block = *block_;
    if (place.transaction >= block.transactions.size() || place.transaction >= receipts_.size()) {
        return fail(Code::kCorrupt, "the history index names a transaction that is not there");
    }
    HistoryEntry entry;
    entry.place = place;
    entry.time = block.header.time;
    SANQUAN_TRY_ASSIGN(const auto envelope,
                       decode<wire::SignedTransaction>(block.transactions[place.transaction],
                                                       limits::kTransactionBytesMax));
    entry.id = transaction_id(ledger_.chain(), envelope.body());
    SANQUAN_TRY_ASSIGN(
        entry.body, decode<wire::TransactionBody>(envelope.body(), limits::kTransactionBytesMax));
    SANQUAN_TRY_ASSIGN(entry.receipt,
                       decode<wire::Receipt>(receipts_[place.transaction], kReceiptBytesMax));
    if (place.operation >= static_cast<std::uint32_t>(entry.body.operations_size())) {
        return fail(Code::kCorrupt, "the history index names an operation that is not there");
    }
    return entry;
}

}  // namespace sanquan::node
