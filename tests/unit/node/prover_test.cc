// Goal: a node gives a voucher only of what the next block certifies, and says why else not. Method: the prover over the
// stores of an executor whose blocks become final one by one.
#include "node/service/prover.h"

#include "tests/support/catch.h"
#include "tests/unit/node/executor_bench.h"

namespace sanquan::testing {
namespace {

Code code_of(const Result<Bytes>& voucher) { return voucher ? Code::kOk : voucher.error().code; }

TEST_CASE("what no later block seals is not proven yet", "[node][prover]") {
    ExecutorBench bench;
    const node::Prover prover(bench.genesis, *bench.blocks, *bench.state);
    const TransactionId first = decode_transaction(bench.first, bench.genesis.chain)->id;
    const TransactionId second = decode_transaction(bench.second, bench.genesis.chain)->id;
    CHECK(code_of(prover.receipt(first)) == Code::kNotSealed);
    CHECK(code_of(prover.receipt(second)) == Code::kNotFound);  // not final
    CHECK(code_of(prover.state("network", std::nullopt)) == Code::kNotSealed);
    CHECK(code_of(prover.checkpoint(std::nullopt, "n", nullptr)) == Code::kNotSealed);
    bench.commit(bench.tip);
    CHECK(code_of(prover.receipt(first)) == Code::kOk);
    CHECK(code_of(prover.receipt(second)) == Code::kNotSealed);
    CHECK(code_of(prover.state("network", std::nullopt)) == Code::kOk);
    CHECK(code_of(prover.state("network", Height{0})) == Code::kOk);
    CHECK(code_of(prover.checkpoint(std::nullopt, "n", nullptr)) == Code::kOk);
    CHECK(code_of(prover.checkpoint(Height{2}, "n", nullptr)) == Code::kNotSealed);
}

TEST_CASE("a node that keeps no history proves the present alone", "[node][prover]") {
    ExecutorBench bench(decoded_sample(), /*keep_history=*/false);
    bench.commit(bench.tip);
    const node::Prover prover(bench.genesis, *bench.blocks, *bench.state);
    CHECK(code_of(prover.state("network", std::nullopt)) == Code::kOk);
    CHECK(code_of(prover.state("network", Height{0})) == Code::kHistoryPruned);
}

}  // namespace
}  // namespace sanquan::testing
