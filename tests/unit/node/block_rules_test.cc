// Goal: what this machine cannot read is no fault of the block that it looks at.
// Method: the check of a block's transactions over an index that fails.
#include "node/executor/block_rules.h"

#include "tests/support/catch.h"
#include "tests/support/test_network.h"

using namespace sanquan;
using namespace sanquan::testing;

TEST_CASE("a failing store is no verdict on a block", "[node][block_rules]") {
    TestNetwork network;  // never started
    const Chain& chain = network.genesis().chain;
    const Bytes raw = network.issue("X-EX", 1, "a");
    const auto transaction = decode_transaction(raw, chain);
    REQUIRE(transaction);
    Block block;
    block.transactions = {raw};
    block.header.transactions_root = node::transactions_root(chain.hash, block.transactions);
    const node::TxPool pool(node::TxPoolLimits{});
    node::WorkerPool workers(1, {});
    for (const Code code : {Code::kIo, Code::kCorrupt}) {
        const node::TransactionRules rules{
            chain, pool, workers, [](const PublicKey&, ByteView, ByteView) { return true; },
            [code](const TransactionId&) -> Result<bool> { return fail(code, "no descriptor"); }};
        const auto checked = node::check_transactions(rules, block, node::ExecutedBlock{},
                                                      [](const TransactionId&) { return false; });
        REQUIRE_FALSE(checked);
        CHECK(checked.error().code == code);
        CHECK(node::is_operating_failure(checked.error()));
    }
    const node::TransactionRules rules{chain, pool, workers,
                                       [](const PublicKey&, ByteView, ByteView) { return true; },
                                       [](const TransactionId&) -> Result<bool> { return true; }};
    const auto checked = node::check_transactions(rules, block, node::ExecutedBlock{},
                                                  [](const TransactionId&) { return false; });
    REQUIRE_FALSE(checked);
    CHECK_FALSE(node::is_operating_failure(checked.error()));
}
