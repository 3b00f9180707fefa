// Goal: the pool holds each transaction once, within its bounds, serves all senders alike and forgets on time.
// Method: hand-made transactions against small limits.
#include "node/mempool/tx_pool.h"

#include "ledger/base/limits.h"
#include "tests/support/catch.h"

using namespace sanquan;
using namespace sanquan::node;

namespace {

SharedTransaction make(std::uint8_t id, const std::string& sender, std::size_t size = 100,
                       std::uint64_t valid_until = 1'000, int operations = 1) {
    Transaction transaction;
    transaction.id.octets[0] = id;
    transaction.raw = Bytes(size, 'r');
    transaction.body.set_sender(sender);
    transaction.body.set_valid_until_ms(valid_until);
    for (int i = 0; i < operations; ++i) {
        transaction.body.add_operations();
    }
    transaction.weight = weight_of(transaction.body);
    return std::make_shared<const Transaction>(std::move(transaction));
}

const auto kSkipNone = [](const TransactionId&) { return false; };

}  // namespace

TEST_CASE("the pool refuses duplicates and keeps its bounds", "[node][tx_pool]") {
    TxPool pool({.transactions = 4, .bytes = 1'000, .per_organisation = 2});
    REQUIRE(pool.add(make(1, "A")));
    CHECK(pool.add(make(1, "A")).error().code == Code::kDuplicate);
    REQUIRE(pool.add(make(2, "A")));
    CHECK(pool.add(make(3, "A")).error().code == Code::kQuotaExceeded);
    REQUIRE(pool.add(make(4, "B")));
    CHECK(pool.add(make(5, "C", 900)).error().code == Code::kPoolFull);
    REQUIRE(pool.add(make(6, "C")));
    CHECK(pool.add(make(7, "D")).error().code == Code::kPoolFull);
    CHECK(pool.size() == 4);
    CHECK(pool.bytes() == 400);
    pool.remove({make(1, "A")->id, make(9, "A")->id});
    CHECK(pool.size() == 3);
    CHECK(pool.add(make(3, "A")).has_value());
}

TEST_CASE("a batch takes the oldest that fit and leaves them in the pool", "[node][tx_pool]") {
    TxPool pool({});
    for (std::uint8_t id = 1; id <= 5; ++id) {
        REQUIRE(pool.add(make(id, "A", 100, 1'000, 10)));
    }
    const auto ids = [&](const BatchLimits& limits, const auto& skip) {
        std::vector<int> found;
        for (const auto& transaction : pool.batch(limits, skip)) {
            found.push_back(transaction->id.octets[0]);
        }
        return found;
    };
    CHECK(ids({}, kSkipNone) == std::vector<int>{1, 2, 3, 4, 5});
    CHECK(ids({.transactions = 2}, kSkipNone) == std::vector<int>{1, 2});
    CHECK(ids({.bytes = 320}, kSkipNone) == std::vector<int>{1, 2, 3});
    CHECK(ids({.weight = 25}, kSkipNone) == std::vector<int>{1, 2});
    CHECK(ids({.transactions = 2}, [](const TransactionId& id) { return id.octets[0] < 3; }) ==
          std::vector<int>{3, 4});
    CHECK(pool.size() == 5);
}

TEST_CASE("one organisation takes neither the pool's bytes nor the block", "[node][tx_pool]") {
    constexpr std::size_t kMegabyte = 1U << 20U;
    TxPool pool({.bytes = 16 * kMegabyte});
    REQUIRE(pool.add(make(1, "A", kMegabyte)));
    REQUIRE(pool.add(make(2, "A", kMegabyte)));
    CHECK(pool.add(make(3, "A")).error().code == Code::kQuotaExceeded);
    pool.remove({make(2, "A")->id});
    for (std::uint8_t id = 4; id <= 9; ++id) {
        REQUIRE(pool.add(make(id, "A")));
    }
    REQUIRE(pool.add(make(10, "B")));
    REQUIRE(pool.add(make(11, "C")));
    // One each, then A's next; within the block in order of arrival.
    const auto taken = pool.batch({.transactions = 4}, kSkipNone);
    std::vector<int> ids;
    for (const auto& transaction : taken) {
        ids.push_back(transaction->id.octets[0]);
    }
    CHECK(ids == std::vector<int>{1, 4, 10, 11});
}

TEST_CASE("a transaction that found no room begins the next batch", "[node][tx_pool]") {
    TxPool pool({});
    for (std::uint8_t id = 1; id <= 9; ++id) {
        REQUIRE(pool.add(make(id, "A", 100)));
    }
    REQUIRE(pool.add(make(10, "B", 400)));
    const BatchLimits limits{.bytes = 450};
    CHECK(pool.batch(limits, kSkipNone).size() == 4);
    const auto next = pool.batch(limits, kSkipNone);
    REQUIRE(next.size() == 1);
    CHECK(next[0]->id.octets[0] == 10);
}

TEST_CASE("the largest transaction fits a block after any number of failed views",
          "[node][tx_pool]") {
    TxPool pool({});
    REQUIRE(pool.add(make(1, "A", limits::kTransactionBytesMax, 1'000, 10)));
    for (const std::size_t divisor : {1U, 2U, 64U}) {
        CHECK(pool.batch(BatchLimits{}.for_block(divisor), kSkipNone).size() == 1);
    }
}

TEST_CASE("what may no longer stand in a block leaves the pool", "[node][tx_pool]") {
    TxPool pool({});
    REQUIRE(pool.add(make(1, "A", 100, 500)));
    REQUIRE(pool.add(make(2, "A", 100, 501)));
    const auto expired = pool.expire(TimeMs{501});
    REQUIRE(expired.size() == 1);
    CHECK(expired[0].octets[0] == 1);
    CHECK(pool.size() == 1);
}
