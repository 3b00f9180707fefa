// Goal: questions are answered at a bounded rate for each key, whatever its connections; strangers share one more bound.
#include "node/catchup/range_server.h"

#include "ledger/store/memory_kv_store.h"
#include "tests/support/catch.h"

using namespace sanquan;
using namespace sanquan::node;

namespace {

PeerInfo peer(std::uint16_t key, std::uint32_t connection, bool pinned) {
    PeerInfo info;
    info.number = PeerNumber{connection};
    info.key.octets[0] = static_cast<std::uint8_t>(key & 0xFFU);
    info.key.octets[1] = static_cast<std::uint8_t>(key >> 8U);
    info.pinned = pinned;
    return info;
}

}  // namespace

TEST_CASE("a new connection fills no bucket, and strangers take nothing of a validator's",
          "[node][range_server]") {
    const Chain chain{};
    const auto blocks = BlockStore::open(std::make_unique<MemoryKvStore>(), chain.hash);
    REQUIRE(blocks);
    RangeServer server(chain, **blocks);
    auto now = RangeServer::Clock::now();
    const auto answers = [&](std::uint16_t key, bool pinned, int questions) {
        int answered = 0;
        for (int i = 0; i < questions; ++i) {
            answered += server.take_token(peer(key, static_cast<std::uint32_t>(i), pinned), now);
        }
        return answered;
    };
    CHECK(answers(1, true, 1'000) == 100);
    CHECK(answers(2, true, 1'000) == 100);
    now += std::chrono::seconds(1);
    CHECK(answers(1, true, 1'000) == 50);
    // Keys cost a stranger nothing.
    int answered = 0;
    for (std::uint16_t key = 100; key < 3'000; ++key) {
        answered += answers(key, false, 1);
    }
    CHECK(answered == 120);
    CHECK(answers(3, true, 1'000) == 100);
    now += std::chrono::seconds(1);
    CHECK(answers(4'000, false, 1'000) <= 40);
    CHECK(answers(1, true, 1'000) == 50);
}
