// Goal: catching up asks for every gap until it is filled, of peers that say they have it, and blames only liars.
// Method: the plan alone, with hand-made peers; answers are spoken in by the test.
#include "node/catchup/range_plan.h"

#include "tests/support/catch.h"

using namespace sanquan;
using namespace std::chrono_literals;
using namespace sanquan::node;

namespace {

constexpr Height kLie{~std::uint64_t{0}};
constexpr RangePlan::Clock::time_point kBegan{};

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
        plan.asked(*request, kBegan);
    }
    return request;
}

// All that was asked for, at once.
void deliver(RangePlan& plan, const RangePlan::Request& request, Height finalized) {
    plan.delivered(request, {request.count, 1U << 10U, finalized}, request.asked);
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
    deliver(plan, *first, Height{1'000});
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
    deliver(plan, *high, Height{1'000});
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

TEST_CASE("a peer that cannot be sent to holds up nobody else", "[node][catch_up]") {
    RangePlan plan;
    const std::vector<PeerInfo> peers{peer(1, 1), peer(2, 2)};
    std::vector<PeerNumber> tried;
    std::vector<RangePlan::Request> sent;
    const auto send = [&](const RangePlan::Request& request) {
        tried.push_back(request.peer);
        if (request.peer == PeerNumber{1}) {
            return false;  // reads nothing: its lane is full
        }
        sent.push_back(request);
        return true;
    };
    CHECK_FALSE(plan.ask(Height{0}, {}, peers, send, kBegan));
    REQUIRE(sent.size() == 1);
    CHECK(tried == std::vector{PeerNumber{1}, PeerNumber{2}});
    // Nothing more is to be asked before the answer, on however many ticks.
    CHECK(plan.ask(Height{0}, {}, peers, send, kBegan));
    CHECK(sent.size() == 1);
    REQUIRE(plan.answered(PeerNumber{2}, sent[0].first));
    deliver(plan, sent[0], Height{1'000});
    plan.ask(Height{64}, {}, peers, send, kBegan);
    REQUIRE(sent.size() == 2);
    CHECK(sent[1].first == Height{65});
    // Alone it is tried once a tick, no more.
    tried.clear();
    CHECK_FALSE(RangePlan().ask(Height{0}, {}, {peer(1, 1)}, send, kBegan));
    CHECK(tried.size() == 1);
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
    deliver(plan, *first, kLie);
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
    const auto request = ask(plan, Height{9}, {}, {silent});
    REQUIRE(request);
    plan.late(kBegan + RangePlan::kAnswerLimit, {silent});
    CHECK(plan.waiting());
    plan.late(kBegan + RangePlan::kAnswerLimit + 1ms, {silent});
    CHECK_FALSE(plan.waiting());
    CHECK_FALSE(plan.answered(silent.number, request->first));
    CHECK(plan.faults(silent.key) == 1);
    CHECK(plan.next(Height{9}, {}, {silent, other})->key == other.key);
    CHECK(plan.next(Height{9}, {}, {silent})->key == silent.key);
}

TEST_CASE("who answers late or with less than it has is not asked first again",
          "[node][catch_up]") {
    RangePlan plan;
    const PeerInfo miser = peer(1, 1);
    const PeerInfo honest = peer(2, 2);
    const std::vector<PeerInfo> peers{miser, honest};
    for (const auto& [blocks, wait] :
         {std::pair{std::size_t{1}, 0ms}, {std::size_t{64}, 1'001ms}}) {
        const auto request = ask(plan, Height{0}, {}, {miser});
        REQUIRE(request);
        REQUIRE(plan.answered(miser.number, request->first));
        const auto before = plan.faults(miser.key);
        plan.delivered(*request, {blocks, 100, Height{1'000}}, kBegan + wait);
        CHECK(plan.faults(miser.key) == before + 1);
        CHECK(plan.next(Height{64}, {}, peers)->key == honest.key);
    }
    // As long as the limit of bytes allows, or up to the peer's last block, is all that can be asked.
    for (const RangePlan::Delivery& whole :
         {RangePlan::Delivery{2, RangePlan::kRangeBytes, Height{1'000}},
          RangePlan::Delivery{3, 100, Height{3}}}) {
        const auto request = ask(plan, Height{0}, {}, {honest});
        REQUIRE(request);
        REQUIRE(plan.answered(honest.number, request->first));
        plan.delivered(*request, whole, kBegan);
        CHECK(plan.faults(honest.key) == 0);
        plan.begin(Height{3});
    }
}

TEST_CASE("equal peers are asked in turn", "[node][catch_up]") {
    RangePlan plan;
    const std::vector<PeerInfo> peers{peer(1, 1), peer(2, 2), peer(3, 3)};
    std::vector<std::uint32_t> order;
    for (std::uint64_t head = 0; head < 6 * 64; head += 64) {
        const auto request = ask(plan, Height{head}, {}, peers);
        REQUIRE(request);
        order.push_back(request->peer.value);
        REQUIRE(plan.answered(request->peer, request->first));
        deliver(plan, *request, Height{10'000});
    }
    CHECK(order == std::vector<std::uint32_t>{1, 2, 3, 1, 2, 3});
}

TEST_CASE("over a slow link less is asked at a time, and what arrives late is used",
          "[node][catch_up]") {
    RangePlan plan;
    PeerInfo slow = peer(1, 1);
    const PeerInfo other = peer(2, 2);
    auto now = kBegan;
    const auto first = ask(plan, Height{0}, {}, {slow});
    REQUIRE(first);
    CHECK(first->count == 64);
    for (int i = 0; i < 5; ++i) {
        now += RangePlan::kAnswerLimit - 1ms;
        slow.received += RangePlan::kArrivingBytes;
        plan.late(now, {slow, other});
    }
    // It is late, so somebody else is asked, for half of it; what is arriving is not given up.
    CHECK(plan.waiting());
    CHECK(plan.faults(slow.key) == 1);
    const auto second = plan.next(Height{0}, {}, {slow, other});
    REQUIRE(second);
    CHECK(second->key == other.key);
    CHECK(second->first == Height{1});
    CHECK(second->count == 32);
    CHECK_FALSE(plan.next(Height{0}, {}, {slow}));
    const auto answer = plan.answered(slow.number, Height{1});
    REQUIRE(answer);
    CHECK(answer->is_overdue);
    plan.delivered(*answer, {64, 1U << 20U, Height{1'000}}, now);
    CHECK(plan.faults(slow.key) == 1);
    auto next = plan.next(Height{64}, {}, {slow});
    REQUIRE(next);
    CHECK(next->count == 32);
    // Nobody may trickle for ever.
    plan.asked(*next, now);
    const auto end = now + RangePlan::kArrivalLimit + 1ms;
    while (now < end) {
        now += 1s;
        slow.received += RangePlan::kArrivingBytes;
        plan.late(now, {slow});
    }
    CHECK_FALSE(plan.waiting());
}
