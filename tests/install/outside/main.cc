// Goal: a program outside the source tree can build, sign and read a transaction, verify a proof and a stored voucher,
// and ask a node, with the installed headers and libraries alone. Method: each step is checked; the first that fails
// names itself and ends the program.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "client/lib/ledger_client.h"
#include "client/lib/transaction_builder.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/transaction.pb.h"
#include "ledger/crypto/signing_key.h"
#include "ledger/proof/merkle.h"
#include "ledger/proof/voucher.h"

namespace {

void expect(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "outside: failed: %s\n", what);
        std::exit(1);
    }
}

void transactions() {
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
}

void inclusion_proofs() {
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
}

// receipt.voucher was given out by a network of four validators that is long gone; the digest of its genesis is all that
// a stranger needs.
void stored_voucher(const char* folder) {
    std::ifstream file(std::string(folder) + "/receipt.voucher", std::ios::binary);
    std::string voucher{std::istreambuf_iterator<char>(file), {}};
    std::ifstream genesis_file(std::string(folder) + "/genesis.digest");
    std::string digest;
    genesis_file >> digest;
    const auto bytes = sanquan::from_hex(digest);
    expect(bytes.has_value(), "the digest of genesis is read");
    auto genesis = sanquan::ChainId::from_bytes(*bytes);
    expect(genesis.has_value(), "the digest of genesis has 32 bytes");
    const auto fact = sanquan::verify_voucher(*genesis, voucher);
    expect(fact.has_value(), "the stored voucher verifies");
    expect(fact->kind == sanquan::FactKind::kReceipt, "it is about a receipt");
    expect(fact->signers.size() >= 3 && fact->validators == 4, "a quorum of four signed");
    sanquan::wire::Receipt receipt;
    expect(receipt.ParseFromString(fact->receipt) && receipt.code() == 0,
           "the transaction settled");
    voucher[voucher.size() / 2] = static_cast<char>(voucher[voucher.size() / 2] ^ 1);
    expect(!sanquan::verify_voucher(*genesis, voucher).has_value(), "one bit is refused");
    voucher[voucher.size() / 2] = static_cast<char>(voucher[voucher.size() / 2] ^ 1);
    genesis->octets[0] ^= 1U;
    expect(!sanquan::verify_voucher(*genesis, voucher).has_value(), "another chain is refused");
}

// A port of this machine where nobody listens, held until `closed` is closed.
std::string closed_port(int& closed) {
    closed = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    expect(::bind(closed, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
               ::getsockname(closed, reinterpret_cast<sockaddr*>(&address), &size) == 0,
           "a port is free");
    return std::to_string(ntohs(address.sin_port));
}

void unreachable_node() {
    int closed = -1;
    const sanquan::client::NodeAddress nobody{"nobody", "127.0.0.1", closed_port(closed),
                                              std::string(64, '0'), ""};
    sanquan::client::LedgerClient client(sanquan::Chain{}, {nobody});
    const auto status = client.get("/v1/status");
    ::close(closed);
    expect(!status.has_value(), "nobody answers");
    expect(status.error().code == sanquan::Code::kUnreachable, "and the client says so");
}

}  // namespace

int main(int argc, char** argv) {
    expect(argc == 2, "the folder of the stored voucher is named");
    transactions();
    inclusion_proofs();
    stored_voucher(argv[1]);
    unreachable_node();
    std::puts("outside: all good");
    return 0;
}
