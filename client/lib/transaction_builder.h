// Builds and signs transactions (D4): operations in, the bytes that a node accepts out.
//
// A program collects operations, builds the body once, and lets one or several keys sign it. The
// transaction id is known before anything is sent, so that a lost answer can be looked up and the
// same bytes sent again without harm. Stateless apart from the builder itself; each builder belongs
// to one thread.
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "ledger/base/ids.h"
#include "ledger/base/result.h"
#include "ledger/codec/transaction.pb.h"
#include "ledger/crypto/signing_key.h"
#include "ledger/model/chain.h"

namespace sanquan::client {

// A body that is final but for its signatures; external signers sign `message`.
struct UnsignedTransaction {
    Bytes body;
    TransactionId id;
    Bytes message;  // what each signature covers: domain_message("transaction", chain, body)
};

struct SignedTransaction {
    Bytes raw;  // canonical wire::SignedTransaction
    TransactionId id;
};

class TransactionBuilder {
  public:
    // `sender` is the organisation in whose name the operations are done.
    TransactionBuilder(const Chain& chain, std::string sender);

    // INDEPENDENT by default: each operation stands alone.
    TransactionBuilder& mode(wire::Mode mode);
    // The end of validity in block time; without it, five minutes from the clock of this machine.
    TransactionBuilder& valid_until(TimeMs time);
    // An organisation that signs as well; the sender and one named before are taken once.
    TransactionBuilder& cosigner(const std::string& organisation);
    TransactionBuilder& add(wire::Operation operation);

    [[nodiscard]] int operations() const { return body_.operations_size(); }

    // Draws a fresh nonce and encodes: building twice makes two transactions. kMissingField (no
    // operation), kTransactionTooLarge.
    [[nodiscard]] Result<UnsignedTransaction> build();

  private:
    Chain chain_;
    wire::TransactionBody body_;
    std::set<std::string> cosigners_;
};

// Signs with every key, orders the signatures and encodes; kMissingField (no key),
// kDuplicateSigner, kTransactionTooLarge.
Result<SignedTransaction> sign_transaction(const UnsignedTransaction& transaction,
                                           const std::vector<const SigningKey*>& keys);

// As above with signatures made elsewhere (an HSM, another organisation).
Result<SignedTransaction> assemble_transaction(const UnsignedTransaction& transaction,
                                               std::vector<wire::Signature> signatures);

// The body as an UnsignedTransaction of `chain`, from bytes that another party built.
UnsignedTransaction unsigned_transaction(const Chain& chain, Bytes body);

// Milliseconds since the epoch by this machine's clock.
TimeMs now_ms();

}  // namespace sanquan::client
