// Goal: readers on other threads see one consistent state while blocks are committed and folded.
// Method: every block sets all keys to its height; readers check that a snapshot shows one height everywhere, and that
// its proofs verify against its own root. Run under the thread sanitizer by ./check --sanitize.
#include <atomic>
#include <thread>

#include "ledger/proof/state_proof.h"
#include "ledger/store/memory_kv_store.h"
#include "ledger/store/state_store.h"
#include "tests/support/catch.h"
#include "tests/support/virtual_disk.h"

namespace sanquan {
namespace {

constexpr std::uint64_t kKeys = 40;
constexpr std::uint64_t kBlocks = 250;

Bytes key_of(std::uint64_t number) { return "k" + std::to_string(number); }

// Whether one snapshot is consistent in itself; catch macros are not for other threads.
bool read_once(const StateStore& store, std::uint64_t turn) {
    const auto version = store.snapshot();
    const std::string height = std::to_string(version->height().value);
    if (version->height().value == 0) {
        return true;
    }
    const Bytes key = key_of(turn % kKeys);
    if (version->get(key) != height || version->get(key_of(kKeys)) != std::nullopt) {
        return false;
    }
    if (version->scan("k", "", kKeys + 1).size() != kKeys) {
        return false;
    }
    const auto held = version->prove_held(key);
    const auto absent = version->prove_absent(key_of(kKeys));
    if (!held || !absent) {
        return false;
    }
    const auto shown = verify_held(HashAlgorithm::kSha256, version->root(), key, *held);
    return shown && shown->value == height &&
           verify_absent(HashAlgorithm::kSha256, version->root(), key_of(kKeys), *absent) &&
           version->prove_held_at(key, Height{1}).has_value();
}

TEST_CASE("readers beside the executor", "[store][threads]") {
    tests::VirtualDisk disk;
    StateOptions options;
    options.tombstones = std::make_shared<MemoryKvStore>();
    options.checkpoint_bytes = 64U << 10U;
    const auto store = *StateStore::open(disk, "/state", options);
    std::atomic<bool> done = false;
    std::atomic<std::uint64_t> reads = 0;
    std::atomic<std::uint64_t> wrong = 0;
    std::vector<std::thread> readers;
    for (std::uint64_t r = 0; r < 3; ++r) {
        readers.emplace_back([&, r] {
            for (std::uint64_t turn = r; !done || reads < 20; ++turn) {
                wrong += read_once(*store, turn) ? 0U : 1U;
                ++reads;
            }
        });
    }
    for (std::uint64_t height = 1; height <= kBlocks; ++height) {
        StateWrites writes;
        for (std::uint64_t i = 0; i < kKeys; ++i) {
            writes[key_of(i)] = std::to_string(height);
        }
        const auto version = store->extend(store->head(), Height{height}, writes);
        REQUIRE(version.has_value());
        REQUIRE(store->commit(*version));
        static_cast<void>(store->figures());
    }
    done = true;
    for (std::thread& reader : readers) {
        reader.join();
    }
    CHECK(wrong == 0);
    CHECK(reads >= 20);
}

}  // namespace
}  // namespace sanquan
