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
    const auto receipt = decode<wire::Receipt>(*outcome->receipt, 1U << 20U).value();
    CHECK(receipt.code() == 0);
    CHECK(outcome->sealed);
    REQUIRE(network.all_agree(outcome->height));

    SECTION("the same bytes again answer the first receipt") {
        const auto again = network.submit(1, transaction);
        REQUIRE(again);
        CHECK(again->duplicate);
        CHECK(*again->receipt == *outcome->receipt);
    }
    SECTION("every node gives a voucher that verifies against the genesis digest") {
        for (std::size_t i = 0; i <= TestNetwork::kAudit; ++i) {
            const auto voucher = network.node(i).service().prove_receipt(outcome->id);
            REQUIRE(voucher);
            const auto fact = verify_voucher(network.genesis().chain.id, *voucher);
            INFO((fact ? std::string("ok") : to_string(fact.error())));
            REQUIRE(fact);
            CHECK(fact->receipt == *outcome->receipt);
        }
    }
}

TEST_CASE("a stopped validator catches up with what it missed", "[node][network]") {
    TestNetwork network;
    network.start_validators();
    REQUIRE(network.submit(0, network.issue("X-EX", 1, "before")));
    network.stop(3);
    Height last;
    for (int i = 0; i < 90; ++i) {
        const auto outcome =
            network.submit(static_cast<std::size_t>(i % 3),
                           network.issue("X-EX", 1, "missed " + std::to_string(i)));
        REQUIRE(outcome);
        last = outcome->height;
    }
    REQUIRE(network.start(3));
    CHECK(network.all_agree(last));
    REQUIRE(network.submit(3, network.issue("X-EX", 1, "after")));
}

TEST_CASE("transactions that may not stand in a block are refused with their code",
          "[node][network]") {
    TestNetwork network;
    network.start_validators();
    const Bytes good = network.issue("X-EX", 1, "good");
    const auto code = [&](const Bytes& raw) {
        const auto outcome = network.submit(2, raw);
        return outcome ? Code::kOk : outcome.error().code;
    };
    CHECK(code("") == Code::kMissingField);
    CHECK(code("nonsense") == Code::kBadEncoding);
    CHECK(code(good + Bytes("\xf8\x07\x01", 3)) == Code::kNotCanonical);
    CHECK(code(Bytes((1U << 20U) + 1, 'x')) == Code::kTransactionTooLarge);
    Bytes forged = good;
    forged.back() = static_cast<char>(forged.back() ^ 1);
    CHECK(code(forged) == Code::kSigInvalid);
    const auto once = network.submit(2, good);
    REQUIRE(once);
    REQUIRE(network.all_agree(once->height));  // node 3 may have connected late
    const auto again = network.submit(3, good);
    REQUIRE(again);
    CHECK(again->duplicate);
}

TEST_CASE("a validator whose log was lost says why it abstains, and when it votes again",
          "[node][network]") {
    TestNetwork network;
    REQUIRE(node::initialise(network.config(0), /*after_loss=*/true));
    REQUIRE(network.start(0));
    CHECK(wait_until([&] { return !network.status(0).abstaining.empty(); }));
    const std::string alone = network.status(0).abstaining;
    INFO(alone);
    CHECK(alone.find("--after-loss") != std::string::npos);
    CHECK(alone.find("quorum of the other validators") != std::string::npos);
    for (std::size_t i = 1; i < TestNetwork::kValidators; ++i) {
        REQUIRE(network.start(i));
        CHECK(network.status(i).abstaining.empty());
    }
    CHECK(wait_until([&] { return network.status(0).abstaining.empty(); }));
    REQUIRE(network.submit(0, network.issue("X-EX", 1, "again"), WaitFor::kSealed));
}
