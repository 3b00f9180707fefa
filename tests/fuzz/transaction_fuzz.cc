// Goal: any bytes are refused or are the one encoding of a transaction. Method: what is accepted encodes to itself, and
// its id depends on the body alone.
#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/model/transaction.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const sanquan::Chain chain{};
    const auto bytes = sanquan::fuzz::input(data, size);
    const auto transaction = sanquan::decode_transaction(bytes, chain);
    if (transaction) {
        REQUIRE_THAT(transaction->raw == bytes);
        REQUIRE_THAT(sanquan::encode(transaction->body) == transaction->body_bytes);
        REQUIRE_THAT(transaction->id == sanquan::transaction_id(chain, transaction->body_bytes));
    }
    const auto body = sanquan::decode<sanquan::wire::TransactionBody>(
        bytes, sanquan::limits::kTransactionBytesMax);
    if (body) {
        REQUIRE_THAT(sanquan::encode(*body) == bytes);
    }
    return 0;
}
