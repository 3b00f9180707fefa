// A decoded transaction beside the bytes that it came in (D4).
//
// The id is the domain digest of the body alone: signatures are malleable and thresholds have many valid subsets, so a
// signature in the id would let one payment settle twice.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "ledger/base/ids.h"
#include "ledger/codec/transaction.pb.h"
#include "ledger/model/chain.h"

namespace sanquan {

struct Transaction {
    Bytes raw;  // canonical SignedTransaction, as received
    TransactionId id;
    wire::TransactionBody body;
    Bytes body_bytes;
    std::vector<wire::Signature> signatures;
    std::size_t weight = 0;  // weight_of(body): what a block's limit counts
};

// What executing the operations costs, the same on every node: limits.h.
std::size_t weight_of(const wire::TransactionBody& body);

TransactionId transaction_id(const Chain& chain, ByteView body);

// The bytes that each signature covers.
Bytes transaction_message(const Chain& chain, ByteView body);

// Who authorises the operations: the sender and the cosigners, each of which has met its threshold
// in every transaction that was admitted.
std::set<std::string> signers_of(const wire::TransactionBody& body);

// Everything that can be said without the state: size, canonical form, chain, nonce and identifier shape, mode, number
// and weight of operations, signatures, ascending key ids. Signatures are not verified here.
// kTransactionTooLarge, kBadEncoding, kNotCanonical, kWrongChain, kMissingField, kBadLength, kDuplicateSigner.
Result<Transaction> decode_transaction(ByteView raw, const Chain& chain);

}  // namespace sanquan
