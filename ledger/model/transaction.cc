#include "ledger/model/transaction.h"

#include <algorithm>
#include <array>

#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/model/body_rules.h"

namespace sanquan {
namespace {

constexpr std::size_t kNonceBytes = 16;
constexpr std::size_t kKeyIdBytes = 16;
constexpr std::size_t kSignatureBytesMax = 128;

std::size_t keys_of(const wire::Operation& operation) {
    return static_cast<std::size_t>(operation.register_organisation().keys_size()) +
           static_cast<std::size_t>(operation.claim_organisation().keys_size()) +
           (operation.has_add_key() ? 1 : 0);
}

// What an operation costs besides its keys, in operations: those that read many records count for
// more. An exclusive grant is held against up to kExclusiveScanGrantsMax grants and what they rest
// on; the others walk all sources of an asset and their grants, or all grants of a holder.
constexpr std::size_t kExclusiveGrantWeight = 64;
constexpr std::size_t kWalkWeight = 16;

// Whether the listing becomes open to orders, for which its asset must be tradable.
bool opens(const wire::ChangeListing& operation) {
    return operation.change() == wire::APPROVE || operation.change() == wire::UNPAUSE;
}

constexpr auto kAlwaysWalks = std::to_array<wire::Operation::KindCase>(
    {wire::Operation::kGrantRight, wire::Operation::kAggregateAssets,
     wire::Operation::kReviewGrading, wire::Operation::kDeclareStageNotNeeded,
     wire::Operation::kCreateListing, wire::Operation::kPlaceOrder, wire::Operation::kDeliver,
     wire::Operation::kSettleOrder, wire::Operation::kCancelOrder,
     wire::Operation::kRecordApplication});

bool walks(const wire::Operation& operation) {
    if (std::find(kAlwaysWalks.begin(), kAlwaysWalks.end(), operation.kind_case()) !=
        kAlwaysWalks.end()) {
        return true;
    }
    if (operation.has_license_asset()) {  // without a grant, all of the holder's are looked at
        return operation.license_asset().grant().empty();
    }
    if (operation.has_process_asset()) {
        return operation.process_asset().grant().empty();
    }
    return operation.record_use().has_paid() ||
           (operation.has_change_listing() && opens(operation.change_listing()));
}

std::size_t weight_of(const wire::Operation& operation) {
    if (operation.has_grant_right() && operation.grant_right().exclusive()) {
        return kExclusiveGrantWeight;
    }
    return walks(operation) ? kWalkWeight : 1;
}

Status check_signatures(const wire::SignedTransaction& envelope) {
    const auto count = static_cast<std::size_t>(envelope.signatures_size());
    if (count == 0) {
        return fail(Code::kMissingField, "signatures: at least one");
    }
    if (count > limits::kSignaturesPerTransactionMax) {
        return fail(Code::kTransactionTooLarge, std::to_string(count) + " signatures");
    }
    const std::string* previous = nullptr;
    for (const auto& signature : envelope.signatures()) {
        if (signature.key_id().size() != kKeyIdBytes || signature.signature().empty() ||
            signature.signature().size() > kSignatureBytesMax) {
            return fail(Code::kBadLength, "key_id: 16 bytes; signature: 1 to 128 bytes");
        }
        if (previous != nullptr && signature.key_id() <= *previous) {
            return fail(Code::kDuplicateSigner, "signatures stand in strictly ascending key_id");
        }
        previous = &signature.key_id();
    }
    return {};
}

// The body names who signs, so that a signature taken away makes the transaction inadmissible instead of another one
// under the same id.
Status check_cosigners(const wire::TransactionBody& body) {
    if (static_cast<std::size_t>(body.cosigners_size()) >= limits::kSignaturesPerTransactionMax) {
        return fail(Code::kTransactionTooLarge,
                    std::to_string(body.cosigners_size()) + " cosigners");
    }
    const std::string* previous = nullptr;
    for (const auto& cosigner : body.cosigners()) {
        if (cosigner.empty() || cosigner.size() > limits::kIdentifierBytesMax) {
            return fail(Code::kMissingField, "cosigners: 1 to 64 bytes each");
        }
        if (cosigner == body.sender() || (previous != nullptr && cosigner <= *previous)) {
            return fail(Code::kDuplicateSigner,
                        "cosigners stand in strictly ascending order, without the sender");
        }
        previous = &cosigner;
    }
    return {};
}

}  // namespace

Status check_transaction_body(const wire::TransactionBody& body, const Chain& chain) {
    if (body.chain_id() != chain.id.view()) {
        return fail(Code::kWrongChain, "this chain is " + chain.id.hex());
    }
    if (body.sender().empty() || body.sender().size() > limits::kIdentifierBytesMax) {
        return fail(Code::kMissingField, "sender: 1 to 64 bytes");
    }
    SANQUAN_TRY(check_cosigners(body));
    if (body.nonce().size() != kNonceBytes) {
        return fail(Code::kBadLength, "nonce: 16 bytes");
    }
    if (body.mode() != wire::ATOMIC && body.mode() != wire::INDEPENDENT) {
        return fail(Code::kMissingField, "mode: ATOMIC or INDEPENDENT");
    }
    const auto operations = static_cast<std::size_t>(body.operations_size());
    if (operations == 0) {
        return fail(Code::kMissingField, "operations: at least one");
    }
    if (operations > limits::kOperationsPerTransactionMax) {
        return fail(Code::kTransactionTooLarge, std::to_string(operations) + " operations");
    }
    for (const auto& operation : body.operations()) {
        if (operation.kind_case() == wire::Operation::KIND_NOT_SET) {
            return fail(Code::kMissingField, "an operation is empty");
        }
    }
    return {};
}

std::size_t weight_of(const wire::TransactionBody& body) {
    std::size_t weight = 0;
    for (const auto& operation : body.operations()) {
        weight += weight_of(operation) + limits::kKeyWeight * keys_of(operation);
    }
    return weight;
}

std::set<std::string> signers_of(const wire::TransactionBody& body) {
    std::set<std::string> signers(body.cosigners().begin(), body.cosigners().end());
    signers.insert(body.sender());
    return signers;
}

TransactionId transaction_id(const Chain& chain, ByteView body) {
    return TransactionId::from(domain_digest(chain.hash, "transaction", chain.id, body));
}

Bytes transaction_message(const Chain& chain, ByteView body) {
    return domain_message("transaction", chain.id, body);
}

Result<Transaction> decode_transaction(ByteView raw, const Chain& chain) {
    if (raw.size() > limits::kTransactionBytesMax) {
        return fail(Code::kTransactionTooLarge, std::to_string(raw.size()) + " bytes");
    }
    wire::SignedTransaction envelope;
    SANQUAN_TRY(decode_canonical(raw, limits::kTransactionBytesMax, envelope));
    SANQUAN_TRY(check_signatures(envelope));
    Transaction transaction;
    SANQUAN_TRY(decode_canonical(envelope.body(), limits::kTransactionBytesMax, transaction.body));
    SANQUAN_TRY(check_transaction_body(transaction.body, chain));
    // The first signature comes with the operations; each further one is verified for them.
    const auto signatures = static_cast<std::size_t>(envelope.signatures_size());
    transaction.weight = weight_of(transaction.body) + signatures - 1;
    if (transaction.weight > limits::kWeightPerTransactionMax) {
        return fail(Code::kTransactionTooLarge,
                    "weight " + std::to_string(transaction.weight) + ": send fewer operations");
    }
    transaction.raw = Bytes(raw);
    transaction.id = transaction_id(chain, envelope.body());
    transaction.signatures.assign(envelope.signatures().begin(), envelope.signatures().end());
    transaction.body_bytes = std::move(*envelope.mutable_body());
    return transaction;
}

}  // namespace sanquan
