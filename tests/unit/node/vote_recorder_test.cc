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

}  // namespace
}  // namespace sanquan::node
