// What can be said of a transaction's body without state or signatures: for submission and for preparing.
#pragma once

#include "ledger/base/result.h"
#include "ledger/model/chain.h"

namespace sanquan::wire {
class TransactionBody;
}

namespace sanquan {

// Chain, sender, nonce, mode, number of operations. Implemented beside decode_transaction.
// kWrongChain, kMissingField, kBadLength, kTransactionTooLarge.
Status check_transaction_body(const wire::TransactionBody& body, const Chain& chain);

}  // namespace sanquan
