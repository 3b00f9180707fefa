// Goal: one body settles at most once, whatever is done to its signatures, and nobody can spend its id by sending it
// mutilated (D4). Method: intake and executor together, as a client and a hostile relay meet them.
#include "ledger/codec/canonical.h"
#include "tests/support/catch.h"
#include "tests/unit/contracts/signed_transaction.h"
#include "tests/unit/node/executor_bench.h"

namespace sanquan::testing {
namespace {

// The order of P-256 (SEC 2, 2.4.2).
constexpr const char* kOrder = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

Bytes subtract(const Bytes& from, const Bytes& number) {
    Bytes result(from.size(), '\0');
    int borrow = 0;
    for (std::size_t i = from.size(); i-- > 0;) {
        const int digit =
            static_cast<unsigned char>(from[i]) - static_cast<unsigned char>(number[i]) - borrow;
        borrow = digit < 0 ? 1 : 0;
        result[i] = static_cast<char>(digit + 256 * borrow);
    }
    return result;
}

Bytes der_integer(Bytes number) {
    number.erase(0, number.find_first_not_of('\0'));
    if ((static_cast<unsigned char>(number[0]) & 0x80U) != 0) {
        number.insert(0, 1, '\0');
    }
    return Bytes{'\x02', static_cast<char>(number.size())} + number;
}

// (r, n - s) verifies whenever (r, s) does: anybody can make the one of the other.
Bytes mirrored(const Bytes& der) {
    const auto r_size = static_cast<std::size_t>(der[3]);
    const Bytes r = der.substr(2, 2 + r_size);
    Bytes s = der.substr(6 + r_size);
    s.erase(0, s.size() > 32 ? s.size() - 32 : 0);
    s.insert(0, 32 - s.size(), '\0');
    const Bytes body = r + der_integer(subtract(from_hex(kOrder).value(), s));
    return Bytes{'\x30', static_cast<char>(body.size())} + body;
}

// The sample with a P-256 key for the bank besides its own.
Genesis genesis_with(const SigningKey& bank) {
    auto genesis = sample_genesis();
    genesis.clear_key_algorithms();
    genesis.add_key_algorithms(wire::ED25519);
    genesis.add_key_algorithms(wire::ECDSA_P256);
    auto& key = *genesis.mutable_organisations(0)->add_keys();
    key.set_algorithm(wire::ECDSA_P256);
    key.set_key(bank.public_key().bytes);
    return decode_genesis(encode(genesis)).value();
}

Bytes with_signature(const wire::TransactionBody& body, const SigningKey& key,
                     const Bytes& signature) {
    wire::SignedTransaction envelope;
    envelope.set_body(encode(body));
    auto& one = *envelope.add_signatures();
    one.set_key_id(key.id().bytes());
    one.set_signature(signature);
    return encode(envelope);
}

node::SharedBlock block_of(const Genesis& genesis, BlockHeader header,
                           const std::vector<Bytes>& transactions) {
    header.transactions_root = node::transactions_root(genesis.chain.hash, transactions);
    return std::make_shared<const Block>(
        node::decode_whole_block(encode_block(encode_header(header), transactions), genesis.chain)
            .value());
}

}  // namespace

TEST_CASE("a signature altered without the key keeps the id and settles nothing a second time",
          "[node][replay]") {
    const auto key = SigningKey::generate(KeyAlgorithm::kEcdsaP256);
    const Genesis genesis = genesis_with(key);
    const auto body = body_of(genesis, "X-BANK", {issue("X-OW", 5, "once")});
    const Bytes message = transaction_message(genesis.chain, encode(body));
    const Bytes signature = key.sign(message);
    const Bytes altered = mirrored(signature);
    REQUIRE(altered != signature);
    REQUIRE(verify(key.public_key(), message, altered));
    const Bytes raw = with_signature(body, key, signature);
    const Bytes again = with_signature(body, key, altered);
    CHECK(decode_transaction(raw, genesis.chain)->id ==
          decode_transaction(again, genesis.chain)->id);

    ExecutorBench bench(genesis);
    bench.commit(bench.tip);
    REQUIRE(bench.submit(raw));
    const auto known = bench.submit(again);
    REQUIRE(known);
    CHECK(known->was_known);
    CHECK(bench.pool.size() == 1);
    const auto once = bench.build(bench.tip->digest, Height{3}, View{3});
    REQUIRE(once->transactions == std::vector<Bytes>{raw});
    CHECK_FALSE(bench.execute(block_of(genesis, once->header, {raw, again})));
    REQUIRE(bench.execute(once));
    const auto above = bench.build(once->digest, Height{4}, View{4});
    CHECK(above->transactions.empty());
    CHECK_FALSE(bench.execute(block_of(genesis, above->header, {again})));  // while it is not final
    bench.commit(once);
    CHECK_FALSE(bench.execute(block_of(genesis, above->header, {again, bench.issue_money()})));
    CHECK(bench.submit(again).value().was_known);
    CHECK(bench.pool.size() == 0);
}

TEST_CASE("a transaction without its cosigner's signature leaves no trace, and settles when whole",
          "[node][replay]") {
    ExecutorBench bench;
    auto body = body_of(bench.genesis, "X-BANK", {issue("X-OW", 5, "both")});
    body.add_cosigners("X-EX");
    const Bytes whole = sign(bench.genesis, body, {"X-BANK", "X-EX"});
    const Bytes stripped = sign(bench.genesis, body, {"X-BANK"});
    const std::size_t pooled = bench.pool.size();
    const auto refused = bench.submit(stripped);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::kThresholdNotMet);
    CHECK(bench.pool.size() == pooled);
    const auto taken = bench.submit(whole);
    REQUIRE(taken);
    CHECK_FALSE(taken->was_known);
    const auto block = bench.build(bench.tip->digest, Height{3}, View{3});
    REQUIRE(block->transactions.size() == 1);
    CHECK(block->transactions[0] == whole);
}

}  // namespace sanquan::testing
