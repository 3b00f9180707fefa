// Goal: what the vote log confirmed is there after every crash and nothing else than a prefix of
// the rest; damage is reported, never cut off; a failed sync is never taken for a good one. Method:
// a run on the virtual disk is cut at every step, in every way to lose unsynced bytes; then every
// byte of a log is flipped.
#include "ledger/store/vote_log.h"

#include "ledger/state/record_format.h"
#include "ledger/store/data_directory.h"
#include "tests/support/catch.h"
#include "tests/support/virtual_disk.h"

namespace sanquan {
namespace {

using tests::VirtualDisk;
using Loss = VirtualDisk::Loss;

VoteRecord vote(std::uint64_t number) {
    return {static_cast<std::uint8_t>(number % 5),
            "vote " + Bytes(number * 37 % 1'500, 'v') + std::to_string(number)};
}

struct Outcome {
    std::vector<VoteRecord> confirmed;  // what must be there
    std::vector<VoteRecord> offered;    // what may be there
    bool rewriting = false;
};

// Appends, syncs and rewrites until something fails.
void run(Env& env, Outcome& outcome) {
    auto log = VoteLog::open(env, "/node");
    if (!log) {
        return;
    }
    for (std::uint64_t i = 0; i < 24; ++i) {
        std::vector<VoteRecord> records{vote(2 * i), vote(2 * i + 1)};
        outcome.offered.insert(outcome.offered.end(), records.begin(), records.end());
        if (!(*log)->append(records) || !(*log)->sync()) {
            CHECK_FALSE((*log)->sync());
            return;
        }
        outcome.confirmed = outcome.offered;
        if (i % 10 == 9) {
            const std::vector<VoteRecord> keep(outcome.confirmed.end() - 3,
                                               outcome.confirmed.end());
            outcome.rewriting = true;
            if (!(*log)->rewrite(keep)) {
                return;
            }
            outcome.rewriting = false;
            outcome.confirmed = outcome.offered = keep;
        }
    }
}

bool starts_with(const std::vector<VoteRecord>& whole, const std::vector<VoteRecord>& front) {
    return front.size() <= whole.size() && std::equal(front.begin(), front.end(), whole.begin());
}

void check_after(VirtualDisk& disk, const Outcome& outcome) {
    const auto log = VoteLog::open(disk, "/node");
    INFO((log ? "" : to_string(log.error())));
    REQUIRE(log.has_value());
    const std::vector<VoteRecord>& found = (*log)->recovered();
    const bool kept = starts_with(found, outcome.confirmed) && starts_with(outcome.offered, found);
    const std::vector<VoteRecord> rewritten(
        outcome.confirmed.end() -
            static_cast<std::ptrdiff_t>(std::min<std::size_t>(3, outcome.confirmed.size())),
        outcome.confirmed.end());
    CHECK((kept || (outcome.rewriting && found == rewritten)));
    // It goes on.
    REQUIRE((*log)->append({vote(1'000)}));
    REQUIRE((*log)->sync());
}

TEST_CASE("a crash at every step loses nothing that was confirmed", "[store][votes]") {
    const Loss loss = GENERATE(Loss::kNothing, Loss::kUnsynced, Loss::kTorn, Loss::kReordered);
    for (std::uint64_t step = 1;; ++step) {
        VirtualDisk disk;
        REQUIRE(VoteLog::create(disk, "/node"));
        disk.arm(step);
        Outcome outcome;
        run(disk, outcome);
        if (!disk.power_is_off()) {
            CHECK(step > 50);
            break;
        }
        disk.restart(loss, step);
        check_after(disk, outcome);
        const auto again = VoteLog::open(disk, "/node");
        REQUIRE(again.has_value());
        CHECK((*again)->recovered().back() == vote(1'000));
    }
}

TEST_CASE("a failed sync is never taken for a good one", "[store][votes]") {
    for (std::uint64_t count = 1; count < 12; ++count) {
        VirtualDisk disk;
        REQUIRE(VoteLog::create(disk, "/node"));
        const auto log = VoteLog::open(disk, "/node");
        REQUIRE(log.has_value());
        disk.fail_sync(count);
        std::vector<VoteRecord> confirmed;
        for (std::uint64_t i = 0; i < 20; ++i) {
            REQUIRE((*log)->append({vote(i)}).has_value() == (i < count));
            if (!(*log)->sync()) {
                break;
            }
            confirmed.push_back(vote(i));
        }
        CHECK(confirmed.size() == count - 1);
        CHECK_FALSE((*log)->rewrite({}));
        disk.restart(Loss::kUnsynced, 1);
        const auto reopened = VoteLog::open(disk, "/node");
        REQUIRE(reopened.has_value());
        CHECK((*reopened)->recovered() == confirmed);
    }
}

TEST_CASE("every flipped bit of the vote log is noticed", "[store][votes]") {
    VirtualDisk disk;
    REQUIRE(VoteLog::create(disk, "/node"));
    {
        const auto log = VoteLog::open(disk, "/node");
        REQUIRE(log.has_value());
        for (std::uint64_t i = 1; i < 9; ++i) {
            REQUIRE((*log)->append({vote(i)}));
            REQUIRE((*log)->sync());
        }
    }
    const Bytes good = disk.content("/node/votes.log");
    for (std::size_t i = 0; i < good.size(); ++i) {
        Bytes bad = good;
        bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
        disk.set_content("/node/votes.log", bad);
        const auto log = VoteLog::open(disk, "/node");
        REQUIRE_FALSE(log.has_value());
        REQUIRE(log.error().code == Code::kCorrupt);
    }
}

// What a member can put into a body: the header of a record that would come later.
Bytes forged_header(std::uint64_t sequence) {
    Bytes record(kRecordHeaderBytes, '\0');
    seal_record(record, sequence, /*salt=*/0x5eed);
    return record;
}

TEST_CASE("a torn vote that holds bytes like a record header is torn all the same",
          "[store][votes]") {
    VirtualDisk disk;
    REQUIRE(VoteLog::create(disk, "/node"));
    {
        const auto log = VoteLog::open(disk, "/node");
        REQUIRE(log.has_value());
        REQUIRE((*log)->append({vote(1)}));
        REQUIRE((*log)->sync());
        const Bytes block = "block " + forged_header(3) + Bytes(3'000, 'b');
        REQUIRE((*log)->append({{2, block}}));
        REQUIRE((*log)->sync());
    }
    const Bytes whole = disk.content("/node/votes.log");
    for (const std::size_t lost : {1U, 700U, 2'990U}) {
        disk.set_content("/node/votes.log", whole.substr(0, whole.size() - lost));
        const auto log = VoteLog::open(disk, "/node");
        INFO((log ? "" : to_string(log.error())));
        REQUIRE(log.has_value());
        CHECK((*log)->recovered() == std::vector<VoteRecord>{vote(1)});
    }
}

TEST_CASE("logs do not share a salt", "[store][votes]") {
    VirtualDisk disk;
    REQUIRE(VoteLog::create(disk, "/one"));
    REQUIRE(VoteLog::create(disk, "/two"));
    const auto one = parse_record_header(disk.content("/one/votes.log"));
    const auto two = parse_record_header(disk.content("/two/votes.log"));
    REQUIRE((one && two));
    CHECK(one->salt != kNoSalt);
    CHECK(one->salt != two->salt);
}

TEST_CASE("a missing log is not an empty one, and there is no second beginning", "[store][votes]") {
    VirtualDisk disk;
    CHECK(VoteLog::open(disk, "/node").error().code == Code::kVoteLogMissing);
    REQUIRE(VoteLog::create(disk, "/node"));
    CHECK(VoteLog::create(disk, "/node").error().code == Code::kVoteLogExists);
    disk.set_content("/node/votes.log", "");
    CHECK(VoteLog::open(disk, "/node").error().code == Code::kCorrupt);
    disk.lose_file("/node/votes.log");
    CHECK(VoteLog::open(disk, "/node").error().code == Code::kVoteLogMissing);
}

TEST_CASE("a data directory knows its chain and node and has one user", "[store][directory]") {
    const bool posix = GENERATE(false, true);
    VirtualDisk disk;
    Env& env = posix ? posix_env() : disk;
    const std::string path = "/tmp/sanquan_directory_test_" + std::to_string(posix ? 1 : 0);
    if (posix && env.exists(path + "/identity")) {
        REQUIRE(env.remove_file(path + "/identity"));
    }
    const DirectoryIdentity identity{ChainId{{1}}, Digest{{2}}};
    CHECK(DataDirectory::open(env, path, identity).error().code == Code::kDirectoryMissing);
    REQUIRE(DataDirectory::create(env, path, identity));
    CHECK(DataDirectory::create(env, path, identity).error().code == Code::kDirectoryExists);
    {
        const auto held = DataDirectory::open(env, path, identity);
        REQUIRE(held.has_value());
        CHECK(DataDirectory::open(env, path, identity).error().code == Code::kDirectoryLocked);
    }
    CHECK(DataDirectory::open(env, path, identity).has_value());
    CHECK(DataDirectory::open(env, path, {ChainId{{9}}, identity.node}).error().code ==
          Code::kWrongChainDirectory);
    CHECK(DataDirectory::open(env, path, {identity.chain, Digest{{9}}}).error().code ==
          Code::kWrongNodeDirectory);
    if (!posix) {
        const Bytes good = disk.content(path + "/identity");
        for (std::size_t i = 0; i < good.size(); ++i) {
            Bytes bad = good;
            bad[i] = static_cast<char>(bad[i] ^ 1);
            disk.set_content(path + "/identity", bad);
            CHECK(DataDirectory::open(env, path, identity).error().code == Code::kCorrupt);
        }
    }
}

}  // namespace
}  // namespace sanquan
