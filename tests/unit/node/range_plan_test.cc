// Goal: catching up asks for every gap until it is filled, of peers that say they have it, and blames only liars.
// Method: the plan alone, with hand-made peers; answers are spoken in by the test.
#include "node/catchup/range_plan.h"

#include "tests/support/catch.h"

using namespace sanquan;
using namespace sanquan::node;

namespace {

constexpr Height kLie{~std::uint64_t{0}};

PeerInfo peer(std::uint8_t key, std::uint32_t connection) {
    PeerInfo info;
    info.number = PeerNumber{connection};
    info.key.octets[0] = key;
    info.pinned = true;
    return info;
}

// Asks the next request, of the plan's choice.
std::optional<RangePlan::Request> ask(RangePlan& plan, Height head,
                                      const std::vector<RangePlan::Span>& held,
                                      const std::vector<PeerInfo>& peers) {
    auto request = plan.next(head, held, peers);
    if (request) {
        plan.asked(*request);
    }
    return request;
}

}  // namespace

TEST_CASE("a gap below held ranges is asked for again when a peer is free", "[node][catch_up]") {
    RangePlan plan;
    const std::vector<PeerInfo> peers{peer(1, 1), peer(2, 2)};
    const auto first = ask(plan, Height{0}, {}, peers);
    REQUIRE(first);
    CHECK(first->first == Height{1});
    CHECK_FALSE(ask(plan, Height{0}, {}, peers));  // how far the others are is not known yet
    REQUIRE(plan.answered(first->peer, first->first));
    plan.delivered(*first, Height{1'000});
    // 1..64 is on its way to the ledger; two peers take the next two ranges.
    const RangePlan::Span appending{Height{1}, Height{64}};
    const auto low = ask(plan, Height{0}, {appending}, peers);
    const auto high = ask(plan, Height{0}, {appending}, peers);
    REQUIRE(low);
    REQUIRE(high);
    CHECK(low->first == Height{65});
    CHECK(high->first == Height{129});
    // The lower one sends rubbish while the other is busy and no third is there.
    REQUIRE(plan.answered(low->peer, low->first));
    plan.not_delivered(*low);
    CHECK_FALSE(plan.next(Height{64}, {}, {peers[1].key == high->key ? peers[1] : peers[0]}));
    REQUIRE(plan.answered(high->peer, high->first));
    plan.delivered(*high, Height{1'000});
    const std::vector<RangePlan::Span> full{{Height{129}, Height{192}},
                                            {Height{193}, Height{256}},
                                            {Height{257}, Height{320}},
                                            {Height{321}, Height{384}}};
    const auto again = plan.next(Height{64}, full, peers);
    REQUIRE(again);
    CHECK(again->first == Height{65});
    CHECK(again->count == 64);
    CHECK(again->key == high->key);
    CHECK(plan.next(Height{100}, full, peers)->count == 28);
}

TEST_CASE("nothing more is asked far ahead of the head", "[node][catch_up]") {
    RangePlan plan;
    const std::vector<RangePlan::Span> full{{Height{1}, Height{64}},
                                            {Height{65}, Height{128}},
                                            {Height{129}, Height{192}},
                                            {Height{193}, Height{256}}};
    CHECK_FALSE(plan.next(Height{0}, full, {peer(1, 1)}));
}

TEST_CASE("only who named a height answers for it, and a new connection clears nothing",
          "[node][catch_up]") {
    RangePlan plan;
    const PeerInfo liar = peer(1, 1);
    const PeerInfo honest = peer(2, 2);
    const auto first = ask(plan, Height{0}, {}, {liar});
    REQUIRE(first);
    REQUIRE(plan.answered(liar.number, first->first));
    plan.delivered(*first, kLie);
    // Everybody else has nothing above 64: each is asked once and not blamed.
    const auto asked = ask(plan, Height{64}, {}, {honest});
    REQUIRE(asked);
    REQUIRE(plan.answered(honest.number, asked->first));
    plan.not_delivered(*asked);
    CHECK(plan.faults(honest.key) == 0);
    CHECK_FALSE(plan.next(Height{64}, {}, {honest}));
    const auto again = ask(plan, Height{64}, {}, {honest, liar});
    REQUIRE(again);
    CHECK(again->key == liar.key);
    REQUIRE(plan.answered(liar.number, again->first));
    plan.not_delivered(*again);
    CHECK(plan.faults(liar.key) == 1);
    CHECK_FALSE(plan.next(Height{64}, {}, {honest, liar}));  // the round is over
    plan.begin(Height{64});
    const auto round = plan.next(Height{64}, {}, {peer(1, 77), honest});
    REQUIRE(round);
    CHECK(round->key == honest.key);
}

TEST_CASE("a silent peer is asked last and holds nobody up", "[node][catch_up]") {
    RangePlan plan;
    const PeerInfo silent = peer(1, 1);
    const PeerInfo other = peer(2, 2);
    auto request = plan.next(Height{9}, {}, {silent});
    REQUIRE(request);
    const RangePlan::Clock::time_point began{};
    request->asked = began;
    plan.asked(*request);
    plan.late(began + RangePlan::kAnswerLimit);
    CHECK(plan.waiting());
    plan.late(began + RangePlan::kAnswerLimit + std::chrono::milliseconds(1));
    CHECK_FALSE(plan.waiting());
    CHECK_FALSE(plan.answered(silent.number, request->first));
    CHECK(plan.faults(silent.key) == 1);
    CHECK(plan.next(Height{9}, {}, {silent, other})->key == other.key);
    CHECK(plan.next(Height{9}, {}, {silent})->key == silent.key);
}
