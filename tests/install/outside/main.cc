// Goal: a program outside the source tree can build, sign and read a transaction and verify a proof
// with the installed headers and libraries alone. Method: each step is checked; the first that
// fails names itself and ends the program.
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "client/lib/transaction_builder.h"
#include "ledger/codec/transaction.pb.h"
#include "ledger/crypto/signing_key.h"
#include "ledger/proof/merkle.h"

namespace {

void expect(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "outside: failed: %s\n", what);
        std::exit(1);
    }
}

}  // namespace

int main() {
    const sanquan::Chain chain{};
    const sanquan::SigningKey key = sanquan::SigningKey::generate();

    sanquan::client::TransactionBuilder builder(chain, "X-OUTSIDE");
    expect(!builder.build().has_value(), "a transaction without operations is refused");
    builder.add(sanquan::wire::Operation{}).valid_until(sanquan::client::now_ms());
    const auto unsigned_transaction = builder.build();
    expect(unsigned_transaction.has_value(), "the transaction is built");
    const auto signed_transaction =
        sanquan::client::sign_transaction(*unsigned_transaction, {&key});
    expect(signed_transaction.has_value(), "the transaction is signed");
    sanquan::wire::SignedTransaction decoded;
    expect(decoded.ParseFromString(signed_transaction->raw), "the bytes parse");
    expect(decoded.body() == unsigned_transaction->body, "the body is the one that was built");
    expect(decoded.signatures_size() == 1, "one signature");

    constexpr auto kHash = sanquan::HashAlgorithm::kSha256;
    std::vector<sanquan::Digest> leaves;
    for (const char* leaf : {"a", "b", "c"}) {
        leaves.push_back(sanquan::merkle_leaf_hash(kHash, leaf));
    }
    const auto root = sanquan::merkle_root(kHash, leaves);
    const auto proof = sanquan::make_inclusion_proof(kHash, leaves, 2);
    expect(sanquan::verify_inclusion(kHash, leaves[2], 2, 3, proof, root).has_value(),
           "a true proof is accepted");
    expect(!sanquan::verify_inclusion(kHash, leaves[1], 2, 3, proof, root).has_value(),
           "a proof of another leaf is refused");
    std::puts("outside: all good");
    return 0;
}
