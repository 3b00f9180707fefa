// Goal: a block that went from memory before it was executed is asked for until it comes or is decided, of one validator
// after the other. Method: the list alone, at moments that the test chooses.
#include "node/runtime/missing_blocks.h"

#include "tests/support/catch.h"

using namespace sanquan;
using namespace std::chrono_literals;
using sanquan::node::MissingBlocks;

TEST_CASE("a missing block is asked for again, less and less often", "[node][blocks]") {
    MissingBlocks missing;
    const MissingBlocks::Clock::time_point began{};
    BlockDigest digest;
    digest.octets[0] = 1;
    missing.add(digest, Height{5}, began);
    missing.add(digest, Height{9}, began + 1s);  // no second wait
    CHECK(missing.due(began).empty());
    const auto first = missing.due(began + MissingBlocks::kFirstWait);
    REQUIRE(first.size() == 1);
    CHECK(first[0].digest == digest);
    CHECK(first[0].turn == 0);
    CHECK(missing.due(began + 1s).empty());
    const auto second = missing.due(began + 1'500ms);
    REQUIRE(second.size() == 1);
    CHECK(second[0].turn == 1);  // another validator
    int asked = 0;
    for (auto now = began + 2s; now < began + 102s; now += 100ms) {
        asked += static_cast<int>(missing.due(now).size());
    }
    CHECK(asked >= 12);
    CHECK(asked <= 16);
    CHECK(missing.arrived(digest));
    CHECK_FALSE(missing.arrived(digest));
    CHECK(missing.due(began + 200s).empty());
}

TEST_CASE("what is decided is not asked for any more", "[node][blocks]") {
    MissingBlocks missing;
    for (std::uint8_t i = 0; i < 40; ++i) {
        BlockDigest digest;
        digest.octets[0] = i;
        missing.add(digest, Height{5}, {});
    }
    CHECK(missing.due(MissingBlocks::Clock::time_point{} + 1s).size() == MissingBlocks::kAtOnceMax);
    missing.forget_final(Height{5 + MissingBlocks::kReach});
    CHECK(missing.size() == 40);
    missing.forget_final(Height{6 + MissingBlocks::kReach});
    CHECK(missing.size() == 0);
}
