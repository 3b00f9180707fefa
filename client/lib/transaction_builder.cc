#include "client/lib/transaction_builder.h"

#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/crypto/random.h"
#include "ledger/model/transaction.h"

namespace sanquan::client {
namespace {

constexpr std::size_t kNonceBytes = 16;
constexpr std::uint64_t kDefaultValidityMs = 300'000;

}  // namespace

TimeMs now_ms() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return {static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count())};
}

TransactionBuilder::TransactionBuilder(const Chain& chain, std::string sender) : chain_(chain) {
    body_.set_chain_id(chain.id.bytes());
    body_.set_sender(std::move(sender));
    body_.set_mode(wire::INDEPENDENT);
}

TransactionBuilder& TransactionBuilder::mode(wire::Mode mode) {
    body_.set_mode(mode);
    return *this;
}

TransactionBuilder& TransactionBuilder::valid_until(TimeMs time) {
    body_.set_valid_until_ms(time.value);
    return *this;
}

TransactionBuilder& TransactionBuilder::cosigner(const std::string& organisation) {
    if (organisation != body_.sender() && cosigners_.insert(organisation).second) {
        // The wire wants strictly ascending ids.
        body_.mutable_cosigners()->Assign(cosigners_.begin(), cosigners_.end());
    }
    return *this;
}

TransactionBuilder& TransactionBuilder::add(wire::Operation operation) {
    *body_.add_operations() = std::move(operation);
    return *this;
}

Result<UnsignedTransaction> TransactionBuilder::build() {
    const auto count = static_cast<std::size_t>(body_.operations_size());
    if (count == 0) {
        return fail(Code::kMissingField, "operations: at least one");
    }
    if (count > limits::kOperationsPerTransactionMax) {
        return fail(Code::kTransactionTooLarge, std::to_string(count) + " operations");
    }
    const bool default_validity = body_.valid_until_ms() == 0;
    if (default_validity) {
        body_.set_valid_until_ms(now_ms().value + kDefaultValidityMs);
    }
    body_.set_nonce(random_bytes(kNonceBytes));
    auto unsigned_one = unsigned_transaction(chain_, encode(body_));
    if (default_validity) {
        body_.clear_valid_until_ms();
    }
    return unsigned_one;
}

UnsignedTransaction unsigned_transaction(const Chain& chain, Bytes body) {
    UnsignedTransaction transaction;
    transaction.id = transaction_id(chain, body);
    transaction.message = transaction_message(chain, body);
    transaction.body = std::move(body);
    return transaction;
}

Result<SignedTransaction> assemble_transaction(const UnsignedTransaction& transaction,
                                               std::vector<wire::Signature> signatures) {
    if (signatures.empty()) {
        return fail(Code::kMissingField, "signatures: at least one");
    }
    std::sort(signatures.begin(), signatures.end(),
              [](const auto& a, const auto& b) { return a.key_id() < b.key_id(); });
    wire::SignedTransaction envelope;
    envelope.set_body(transaction.body);
    const std::string* previous = nullptr;
    for (auto& signature : signatures) {
        if (previous != nullptr && *previous == signature.key_id()) {
            return fail(Code::kDuplicateSigner, "key " + to_hex(signature.key_id()));
        }
        auto* added = envelope.add_signatures();
        *added = std::move(signature);
        previous = &added->key_id();
    }
    SignedTransaction result{encode(envelope), transaction.id};
    if (result.raw.size() > limits::kTransactionBytesMax) {
        return fail(Code::kTransactionTooLarge, std::to_string(result.raw.size()) + " bytes");
    }
    return result;
}

Result<SignedTransaction> sign_transaction(const UnsignedTransaction& transaction,
                                           const std::vector<const SigningKey*>& keys) {
    std::vector<wire::Signature> signatures;
    signatures.reserve(keys.size());
    for (const SigningKey* key : keys) {
        auto& signature = signatures.emplace_back();
        signature.set_key_id(key->id().bytes());
        signature.set_signature(key->sign(transaction.message));
    }
    return assemble_transaction(transaction, std::move(signatures));
}

}  // namespace sanquan::client
