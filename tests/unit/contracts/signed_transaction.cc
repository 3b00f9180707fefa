#include "tests/unit/contracts/signed_transaction.h"

#include <algorithm>

#include "ledger/base/amount.h"
#include "ledger/base/assert.h"
#include "ledger/codec/canonical.h"

namespace sanquan::testing {

wire::TransactionBody body_of(const Genesis& genesis, const std::string& sender,
                              const std::vector<wire::Operation>& operations) {
    static std::uint64_t count = 0;
    wire::TransactionBody body;
    body.set_chain_id(genesis.chain.id.bytes());
    body.set_sender(sender);
    std::string nonce = std::to_string(++count);
    nonce.resize(16, '.');
    body.set_nonce(nonce);
    body.set_valid_until_ms(genesis.message.time_ms() + 60'000);
    body.set_mode(wire::ATOMIC);
    for (const auto& operation : operations) {
        *body.add_operations() = operation;
    }
    return body;
}

Bytes sign(const Genesis& genesis, const wire::TransactionBody& body,
           const std::vector<std::string>& key_names) {
    wire::SignedTransaction envelope;
    envelope.set_body(encode(body));
    for (const auto& name : key_names) {
        const SigningKey key = key_of(name);
        auto& signature = *envelope.add_signatures();
        signature.set_key_id(key.id().bytes());
        signature.set_signature(key.sign(transaction_message(genesis.chain, envelope.body())));
    }
    auto& signatures = *envelope.mutable_signatures();
    std::sort(signatures.begin(), signatures.end(),
              [](const auto& a, const auto& b) { return a.key_id() < b.key_id(); });
    return encode(envelope);
}

Transaction signed_transaction(const Genesis& genesis, const wire::TransactionBody& body,
                               const std::vector<std::string>& key_names) {
    auto transaction = decode_transaction(sign(genesis, body, key_names), genesis.chain);
    SANQUAN_ASSERT(transaction.has_value());
    return std::move(*transaction);
}

wire::Operation issue(const std::string& to, std::uint64_t amount, const std::string& reference) {
    wire::Operation operation;
    auto& money = *operation.mutable_issue_money();
    money.set_to(to);
    money.mutable_money()->set_currency("CNY");
    money.mutable_money()->set_amount(Amount(amount).encode());
    money.set_reference(reference);
    return operation;
}

}  // namespace sanquan::testing
