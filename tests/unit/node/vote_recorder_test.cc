// Goal: the mark of a lost vote log lets a validator start on whatever is left of it, and abstain. Method: the recorder
// opens logs that are intact, damaged and missing, with and without the mark.
#include "node/runtime/vote_recorder.h"

#include "tests/support/catch.h"
#include "tests/support/virtual_disk.h"

namespace sanquan::node {
namespace {

enum class Left : std::uint8_t { kIntact, kDamaged, kNothing };

TEST_CASE("votes/ABSTAIN replaces any vote log", "[node][votes]") {
    const Left left = GENERATE(Left::kIntact, Left::kDamaged, Left::kNothing);
    tests::VirtualDisk disk;
    const Chain chain{};
    REQUIRE(VoteLog::create(disk, "/votes"));
    {
        const auto log = *VoteLog::open(disk, "/votes");
        REQUIRE(log->append(
            {{kConsensusVoteRecord, consensus::encode_record(consensus::InitRecord{})}}));
        REQUIRE(log->sync());
    }
    Bytes bytes = disk.content("/votes/votes.log");
    if (left == Left::kDamaged) {
        bytes[bytes.size() / 3] = static_cast<char>(bytes[bytes.size() / 3] ^ 1);
        disk.set_content("/votes/votes.log", bytes);
    } else if (left == Left::kNothing) {
        disk.lose_file("/votes/votes.log");
    }
    CHECK(VoteRecorder::open(disk, "/votes", chain).has_value() == (left == Left::kIntact));
    disk.set_content("/votes/ABSTAIN", "");
    for (int start = 0; start < 2; ++start) {
        const auto recorder = VoteRecorder::open(disk, "/votes", chain);
        INFO((recorder ? "" : to_string(recorder.error())));
        REQUIRE(recorder.has_value());
        CHECK((*recorder)->log_lost());
        CHECK((*recorder)->take_records().empty());
        CHECK(disk.exists("/votes/ABSTAIN"));  // until the replica's abstain record is durable
    }
}

// SPEC 8.4: a block that others count this vote for must not be one that nobody has after a power cut.
TEST_CASE("a vote is recorded with its block or not at all", "[node][votes]") {
    tests::VirtualDisk disk;
    const Chain chain{};
    REQUIRE(VoteLog::create(disk, "/votes"));
    const auto recorder = VoteRecorder::open(disk, "/votes", chain).value();
    auto block = std::make_shared<Block>();
    block->digest.octets[0] = 1;
    block->raw = "the bytes of a block";
    consensus::Vote vote;
    vote.kind = consensus::VoteKind::kNotarize;
    vote.view = View{1};
    vote.digest = block->digest;
    const std::vector<consensus::Persist> records{
        {consensus::encode_record(consensus::InitRecord{}), std::nullopt},
        {consensus::encode_record(vote), block->digest}};
    const auto logged = [&](ByteView bytes) {
        return disk.content("/votes/votes.log").find(bytes) != Bytes::npos;
    };

    const auto first = recorder->persist(records, [](const BlockDigest&) { return nullptr; });
    REQUIRE(first);
    CHECK(*first == std::set{block->digest});
    CHECK(logged(records[0].record));
    CHECK_FALSE(logged(records[1].record));

    const auto second = recorder->persist(records, [&](const BlockDigest&) { return block; });
    REQUIRE(second);
    CHECK(second->empty());
    CHECK(logged(block->raw));
    CHECK(logged(records[1].record));
    // It stands in the log now.
    const auto third = recorder->persist(records, [](const BlockDigest&) { return nullptr; });
    REQUIRE(third);
    CHECK(third->empty());
}

}  // namespace
}  // namespace sanquan::node
