// Goal: four validators and an audit node agree, over real TLS and real files, on what a client was told.
// Method: a network in one process; every outcome is compared on all nodes.
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/proof/voucher.h"
#include "tests/support/catch.h"
#include "tests/support/test_network.h"

using namespace sanquan;
using namespace sanquan::testing;
using node::WaitFor;

TEST_CASE("four validators and an audit node finalize a transaction", "[node][network]") {
    TestNetwork network;
    network.start_validators();
    REQUIRE(network.start(TestNetwork::kAudit));
    const Bytes transaction = network.issue("X-EX", 1'000, "first");
    const auto outcome = network.submit(0, transaction, WaitFor::kSealed);
    INFO((outcome ? std::string("ok") : to_string(outcome.error())));
    REQUIRE(outcome);
    const auto receipt = decode<wire::Receipt>(outcome->receipt, 1U << 20U).value();
    CHECK(receipt.code() == 0);
    CHECK(outcome->sealed);
    REQUIRE(network.all_agree(outcome->height));

    SECTION("the same bytes again answer the first receipt") {
        const auto again = network.submit(1, transaction);
        REQUIRE(again);
        CHECK(again->duplicate);
        CHECK(again->receipt == outcome->receipt);
    }
    SECTION("every node gives a voucher that verifies against the genesis digest") {
        for (std::size_t i = 0; i <= TestNetwork::kAudit; ++i) {
            const auto voucher = network.node(i).service().prove_receipt(outcome->id);
            REQUIRE(voucher);
            const auto fact = verify_voucher(network.genesis().chain.id, *voucher);
            INFO((fact ? std::string("ok") : to_string(fact.error())));
            REQUIRE(fact);
            CHECK(fact->receipt == outcome->receipt);
        }
    }
}
