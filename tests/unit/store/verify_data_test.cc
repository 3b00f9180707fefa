// Goal: verify-data accepts what a run left and notices every changed byte, without changing a byte
// itself.
#include "ledger/store/verify_data.h"

#include <random>

#include "ledger/store/memory_kv_store.h"
#include "ledger/store/state_store.h"
#include "ledger/store/vote_log.h"
#include "tests/support/catch.h"
#include "tests/support/virtual_disk.h"

namespace sanquan {
namespace {

using tests::VirtualDisk;

struct Written {
    explicit Written(bool keep_history) {
        StateOptions options;
        options.keep_history = keep_history;
        options.tombstones = tombstones;
        options.segment_bytes = 32U << 10U;
        options.checkpoint_bytes = 64U << 10U;
        const auto store = *StateStore::open(disk, "/state", options);
        std::mt19937_64 random(1);
        for (std::uint64_t height = 1; height <= 140; ++height) {
            StateWrites writes;
            for (int i = 0; i < 120; ++i) {
                const Bytes key = "k" + std::to_string(random() % 400);
                writes[key] =
                    random() % 5 == 0 ? std::nullopt : std::optional(Bytes(random() % 90, 'v'));
            }
            const auto version = store->extend(store->head(), Height{height}, writes);
            REQUIRE(version.has_value());
            REQUIRE(store->commit(*version));
            roots.push_back(store->root());
        }
    }
    VirtualDisk disk;
    std::shared_ptr<MemoryKvStore> tombstones = std::make_shared<MemoryKvStore>();
    std::vector<StateRoot> roots;
};

TEST_CASE("an undamaged state passes with all its roots", "[store][verify]") {
    const bool keep_history = GENERATE(true, false);
    Written written(keep_history);
    const std::uint64_t steps = written.disk.steps();
    std::map<std::uint64_t, StateRoot> seen;
    StateCheck check;
    check.tombstones = keep_history ? written.tombstones.get() : nullptr;
    check.on_root = [&](Height height, const StateRoot& root) {
        seen[height.value] = root;
        return Status{};
    };
    const auto report = verify_state(written.disk, "/state", check);
    INFO((report ? "" : to_string(report.error())));
    REQUIRE(report.has_value());
    CHECK(report->height == Height{140});
    CHECK(report->root == written.roots.back());
    CHECK(report->checkpoints == 2);
    CHECK(report->torn_bytes == 0);
    CHECK(report->from_the_beginning == keep_history);
    CHECK(seen.size() > (keep_history ? 139U : 10U));
    for (const auto& [height, root] : seen) {
        CHECK((height == 0 || root == written.roots[height - 1]));
    }
    CHECK(written.disk.steps() == steps);
    check.on_root = [](Height, const StateRoot&) {
        return Status(fail(Code::kStateMismatch, "as the caller says"));
    };
    CHECK(verify_state(written.disk, "/state", check).error().code == Code::kStateMismatch);
}

TEST_CASE("every kind of damage is noticed", "[store][verify]") {
    Written written(/*keep_history=*/true);
    std::mt19937_64 random(2);
    const std::vector<std::string> files = written.disk.files();
    REQUIRE(files.size() > 5);
    for (const std::string& path : files) {
        const Bytes good = written.disk.content(path);
        for (int i = 0; i < 12; ++i) {
            Bytes bad = good;
            bad[random() % bad.size()] ^= static_cast<char>(1U << (random() % 8));
            written.disk.set_content(path, bad);
            const auto report = verify_state(written.disk, "/state", {});
            INFO(path);
            CHECK((!report || report->torn_bytes > 0));
        }
        written.disk.set_content(path, good);
    }
    // The index lost what no replay brings back.
    MemoryKvStore none;
    StateCheck lost;
    lost.tombstones = &none;
    CHECK(verify_state(written.disk, "/state", lost).error().code == Code::kCorrupt);
    KvBatch batch;
    const auto all = *written.tombstones->scan({"", {}, 1, false});
    batch.put(all.front().first, Bytes(16, '\1'));
    REQUIRE(written.tombstones->write(batch, true));
    StateCheck check;
    check.tombstones = written.tombstones.get();
    CHECK(verify_state(written.disk, "/state", check).error().code == Code::kCorrupt);
}

TEST_CASE("votes are verified", "[store][verify]") {
    VirtualDisk disk;
    CHECK(verify_votes(disk, "/node").error().code == Code::kVoteLogMissing);
    REQUIRE(VoteLog::create(disk, "/node"));
    const auto log = VoteLog::open(disk, "/node");
    REQUIRE((*log)->append({{1, "a"}, {2, "b"}}));
    REQUIRE((*log)->sync());
    CHECK(verify_votes(disk, "/node")->votes == 2);
    const Bytes good = disk.content("/node/votes.log");
    disk.set_content("/node/votes.log", good.substr(0, good.size() - 1));
    CHECK(verify_votes(disk, "/node")->torn_bytes > 0);
    CHECK(disk.content("/node/votes.log").size() == good.size() - 1);
}

}  // namespace
}  // namespace sanquan
