// Goal: the packed index behaves as an ordered map, through splits, merges and removals.
// Method: seeded random operations beside a std::map, with keys that share prefixes and keys of
// extreme lengths.
#include "ledger/state/state_index.h"

#include <map>
#include <random>

#include "tests/support/catch.h"

namespace sanquan {
namespace {

Bytes random_key(std::mt19937_64& random, std::uint64_t space) {
    const std::uint64_t number = random() % space;
    Bytes key = "k/" + std::to_string(number);
    if (number % 7 == 0) {
        key.append(number % 240, '\xff');
    }
    return key;
}

void check_equal(const StateIndex& index, const std::map<Bytes, StatePlaceInLog>& model) {
    REQUIRE(index.size() == model.size());
    auto expected = model.begin();
    index.visit_from("", model.size() + 1, [&](ByteView key, StatePlaceInLog place) {
        REQUIRE(expected != model.end());
        REQUIRE(expected->first == key);
        REQUIRE(expected->second == place);
        ++expected;
    });
    REQUIRE(expected == model.end());
}

TEST_CASE("the index agrees with a map", "[state][index]") {
    const std::uint64_t space = GENERATE(50U, 3'000U, 60'000U);
    std::mt19937_64 random(space);
    StateIndex index;
    std::map<Bytes, StatePlaceInLog> model;
    for (std::uint64_t i = 0; i < 120'000; ++i) {
        const Bytes key = random_key(random, space);
        // Phases of growth and of shrinking, so that leaves split and join.
        if (random() % 100 < ((i / 20'000) % 2 == 0 ? 25U : 75U)) {
            index.erase(key);
            model.erase(key);
        } else {
            const StatePlaceInLog place{i, i * 1'000'003};
            index.set(key, place);
            model[key] = place;
        }
        if (i % 5 == 0) {
            const Bytes probe = random_key(random, space);
            const auto at = model.find(probe);
            REQUIRE(index.find(probe).has_value() == (at != model.end()));
            const auto lower = model.lower_bound(probe);
            const auto upper = model.upper_bound(probe);
            const Bytes above = upper == model.end() ? "none" : upper->first;
            REQUIRE(index.after(probe).value_or("none") == above);
            const Bytes below = lower == model.begin() ? "none" : std::prev(lower)->first;
            REQUIRE(index.before(probe).value_or("none") == below);
            auto far = lower;
            const std::uint64_t steps = 1 + i % 300;
            for (std::uint64_t step = 0; step < steps && far != model.begin(); ++step) {
                --far;
            }
            const Bytes some_below = lower == model.begin() ? "none" : far->first;
            REQUIRE(index.before_by(probe, steps).value_or("none") == some_below);
        }
    }
    check_equal(index, model);
    for (const auto& [key, place] : std::map(model)) {
        index.erase(key);
    }
    CHECK(index.size() == 0);
    CHECK_FALSE(index.find("k/1").has_value());
    CHECK_FALSE(index.after("").has_value());
}

TEST_CASE("keys in order fill leaves", "[state][index]") {
    StateIndex index;
    std::map<Bytes, StatePlaceInLog> model;
    for (std::uint64_t i = 0; i < 100'000; ++i) {
        const Bytes number = std::to_string(i);
        const Bytes key = "asset/" + Bytes(12 - number.size(), '0') + number;
        index.set(key, {i, i});
        model[key] = {i, i};
    }
    check_equal(index, model);
    CHECK(index.memory_bytes() / index.size() < 60);
}

}  // namespace
}  // namespace sanquan
