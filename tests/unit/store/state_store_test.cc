// Goal: the state store holds what was written, gives the root that an independent model gives, and
// moves its floor. Method: seeded random blocks of creations, updates and deletions beside a plain
// map, and a naive recomputation of the tree from the list of all entries (state_model.h shares no
// code with the store but the hash).
#include "ledger/store/state_store.h"

#include <random>

#include "ledger/proof/state_proof.h"
#include "ledger/store/memory_kv_store.h"
#include "tests/support/catch.h"
#include "tests/support/virtual_disk.h"
#include "tests/unit/store/state_model.h"

namespace sanquan {
namespace {

using tests::StateModel;
using tests::VirtualDisk;
using VersionPtr = std::shared_ptr<const StateVersion>;

StateOptions small_options() {
    StateOptions options;
    options.tombstones = std::make_shared<MemoryKvStore>();
    options.segment_bytes = 64U << 10U;
    options.checkpoint_bytes = 256U << 10U;
    return options;
}

Bytes key_of(std::uint64_t number) { return "k" + std::to_string(number); }

StateWrites random_writes(std::mt19937_64& random, std::uint64_t keys, std::size_t count) {
    StateWrites writes;
    for (std::size_t i = 0; i < count; ++i) {
        const Bytes key = key_of(random() % keys);
        if (random() % 4 == 0) {
            writes[key] = std::nullopt;
        } else {
            writes[key] = Bytes(random() % 40, static_cast<char>('a' + random() % 26));
        }
    }
    return writes;
}

std::unique_ptr<StateStore> open(Env& env, const StateOptions& options) {
    auto store = StateStore::open(env, "/state", options);
    INFO((store ? "" : to_string(store.error())));
    REQUIRE(store.has_value());
    return *std::move(store);
}

VersionPtr extend(StateStore& store, const VersionPtr& parent, std::uint64_t height,
                  const StateWrites& writes) {
    auto version = store.extend(parent, Height{height}, writes);
    REQUIRE(version.has_value());
    return *version;
}

void check_equal(const StateVersion& version, const StateModel& model, std::uint64_t keys) {
    REQUIRE(version.live_keys() == model.values().size());
    for (std::uint64_t i = 0; i < keys; ++i) {
        const Bytes key = key_of(i);
        const auto found = model.values().find(key);
        REQUIRE(version.get(key) ==
                (found == model.values().end() ? std::nullopt : std::optional(found->second)));
    }
}

TEST_CASE("an empty state has the sentinel's root and empty blocks keep the root",
          "[store][state]") {
    VirtualDisk disk;
    const auto store = open(disk, small_options());
    CHECK(store->height() == Height{0});
    CHECK(store->root() == StateModel(HashAlgorithm::kSha256, 2).root());
    const auto empty = extend(*store, store->head(), 1, {});
    CHECK(empty->root() == store->root());
    const auto deletion = extend(*store, empty, 2, {{"absent", std::nullopt}});
    CHECK(deletion->root() == store->root());
    REQUIRE(store->commit(empty));
    REQUIRE(store->commit(deletion));
    CHECK(store->height() == Height{2});
}

TEST_CASE("random blocks agree with the model", "[store][state]") {
    const std::uint64_t keys = GENERATE(6U, 60U, 3'000U);
    const auto hash = GENERATE(HashAlgorithm::kSha256, HashAlgorithm::kSm3);
    if (hash == HashAlgorithm::kSm3 && keys != 60) {
        return;
    }
    VirtualDisk disk;
    StateOptions options = small_options();
    options.hash = hash;
    auto store = open(disk, options);
    StateModel model(hash, options.reappends_per_entry);
    std::mt19937_64 random(keys);
    const std::uint64_t blocks = keys < 100 ? 500 : 60;
    for (std::uint64_t height = 1; height <= blocks; ++height) {
        const StateWrites writes = random_writes(random, keys, random() % (keys < 100 ? 30 : 400));
        model.apply(height, writes);
        const VersionPtr version = extend(*store, store->head(), height, writes);
        if (height % 10 == 0 || height < 4) {
            REQUIRE(version->root() == model.root());
        }
        REQUIRE(store->commit(version));
        if (height % 50 == 0) {
            check_equal(*store->head(), model, keys);
            store.reset();
            store = open(disk, options);
            REQUIRE(store->height() == Height{height});
            REQUIRE(store->root() == model.root());
            check_equal(*store->head(), model, keys);
        }
    }
    CHECK((keys == 6 || store->figures().floor > 100));
}

TEST_CASE("versions form a tree and siblings do not see each other", "[store][state]") {
    VirtualDisk disk;
    const auto store = open(disk, small_options());
    const auto base = extend(*store, store->head(), 1, {{"a", "1"}, {"c", "3"}});
    const auto left = extend(*store, base, 2, {{"a", "2"}, {"b", "left"}});
    const auto right = extend(*store, base, 2, {{"a", std::nullopt}});
    const auto deep = extend(*store, left, 3, {{"c", std::nullopt}});
    CHECK(left->get("b") == "left");
    CHECK(right->get("a") == std::nullopt);
    CHECK(right->get("b") == std::nullopt);
    CHECK(deep->get("a") == "2");
    CHECK(deep->get("c") == std::nullopt);
    REQUIRE(store->commit(base));
    REQUIRE(store->commit(left));
    REQUIRE(store->commit(deep));
    CHECK(store->head()->get("a") == "2");
    CHECK(store->root_at(Height{2}) == left->root());
    using Pairs = std::vector<std::pair<Bytes, Bytes>>;
    CHECK(store->head()->scan("", "", 10) == Pairs{{"a", "2"}, {"b", "left"}});
    CHECK(store->head()->scan("", "a", 10) == Pairs{{"b", "left"}});
    CHECK(store->head()->scan("b", "", 10) == Pairs{{"b", "left"}});
    CHECK(store->head()->scan("", "", 1) == Pairs{{"a", "2"}});
}

TEST_CASE("unfinalized versions that write are at most as deep as the limit, empty ones go on",
          "[store][state]") {
    VirtualDisk disk;
    const auto store = open(disk, small_options());
    VersionPtr tip = store->head();
    for (std::uint64_t height = 1; height <= 64; ++height) {
        tip = extend(*store, tip, height, {{"k", std::to_string(height)}});
    }
    std::vector<VersionPtr> all;
    for (VersionPtr& parent = tip; parent->height() < Height{200};) {
        const Height next = parent->height().next();
        const auto refused = store->extend(parent, next, {{"k", "deeper"}});
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == Code::kStateTooDeep);
        const auto empty = store->extend(parent, next, {});
        REQUIRE(empty.has_value());
        CHECK((*empty)->root() == parent->root());
        all.push_back(*empty);
        parent = *empty;
    }
    CHECK(all.back()->get("k") == "64");
}

TEST_CASE("a snapshot stays readable while blocks are committed", "[store][state]") {
    VirtualDisk disk;
    const auto store = open(disk, small_options());
    REQUIRE(store->commit(extend(*store, store->head(), 1, {{"a", "old"}})));
    VersionPtr snapshot = store->snapshot();
    for (std::uint64_t height = 2; height < 20; ++height) {
        REQUIRE(
            store->commit(extend(*store, store->head(), height, {{"a", std::to_string(height)}})));
    }
    CHECK(snapshot->get("a") == "old");
    CHECK(snapshot->height() == Height{1});
    CHECK(store->figures().versions > 10);
    snapshot.reset();
    REQUIRE(store->commit(extend(*store, store->head(), 20, {})));
    CHECK(store->figures().versions == 2);
    CHECK(store->snapshot_at(Height{19})->get("a") == "19");
    CHECK(store->snapshot_at(Height{18}) == nullptr);
}

TEST_CASE("a reader cannot hold back more than some blocks", "[store][state]") {
    VirtualDisk disk;
    const auto store = open(disk, small_options());
    std::mt19937_64 random(5);
    StateModel model(HashAlgorithm::kSha256, 2);
    const auto commit = [&](std::uint64_t height, const StateWrites& writes) {
        REQUIRE(store->commit(extend(*store, store->head(), height, writes)));
    };
    for (std::uint64_t height = 1; height <= 20; ++height) {
        const StateWrites writes = random_writes(random, 100, 30);
        commit(height, writes);
        model.apply(height, writes);
    }
    const VersionPtr held = store->head();
    for (std::uint64_t height = 21; height <= 40; ++height) {
        commit(height, random_writes(random, 100, 30));
    }
    REQUIRE(held->try_scan("", "", 10).has_value());
    for (std::uint64_t height = 41; height <= 300; ++height) {
        commit(height, random_writes(random, 100, 30));
        REQUIRE(store->figures().versions <= StateStore::kHeldVersionsMax + 1);
    }
    check_equal(*held, model, 100);
    CHECK(held->get_at("k1", Height{20}).value() == held->get("k1"));
    CHECK(held->prove_absent("zzz").error().code == Code::kNotSealed);
    CHECK_FALSE(held->try_scan("", "", 10).has_value());
    CHECK(store->head()->try_scan("", "", 10)->size() == 10);
}

TEST_CASE("the state before the last block can be proven after a start", "[store][state]") {
    VirtualDisk disk;
    const StateOptions options = small_options();
    std::vector<StateRoot> roots;
    {
        const auto store = open(disk, options);
        std::mt19937_64 random(8);
        for (std::uint64_t height = 1; height <= 30; ++height) {
            REQUIRE(store->commit(
                extend(*store, store->head(), height, random_writes(random, 50, 20))));
            roots.push_back(store->root());
        }
        REQUIRE(store->commit(
            extend(*store, store->head(), 31, {{"k1", "last"}, {"k2", std::nullopt}})));
        if (GENERATE(false, true)) {
            REQUIRE(store->checkpoint());
        }
    }
    const auto store = open(disk, options);
    CHECK(store->height() == Height{31});
    CHECK(store->head()->get("k1") == "last");
    const auto before = store->snapshot_at(Height{30});
    REQUIRE(before != nullptr);
    CHECK(before->root() == roots.back());
    const Bytes key = before->scan("k", "", 1).front().first;
    const auto proof = before->prove_held(key);
    REQUIRE(proof.has_value());
    CHECK(verify_held(options.hash, roots.back(), key, *proof));
}

TEST_CASE("truncation goes back to an earlier block", "[store][state]") {
    VirtualDisk disk;
    const StateOptions options = small_options();
    const auto store = open(disk, options);
    std::mt19937_64 random(3);
    std::vector<StateRoot> roots{store->root()};
    for (std::uint64_t height = 1; height <= 60; ++height) {
        REQUIRE(store->commit(
            extend(*store, store->head(), height, random_writes(random, 1'000, 300))));
        roots.push_back(store->root());
    }
    for (const std::uint64_t height : {59U, 58U, 30U, 1U}) {
        REQUIRE(store->truncate_to(Height{height}));
        CHECK(store->height() == Height{height});
        CHECK(store->root() == roots[height]);
    }
    REQUIRE(store->commit(extend(*store, store->head(), 2, {{"x", "y"}})));
    CHECK(store->head()->get("x") == "y");
}

}  // namespace
}  // namespace sanquan
