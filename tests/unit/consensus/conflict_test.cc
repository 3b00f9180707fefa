// Goal: proof of more than f faulty validators stops a replica for good (SPEC 11.4). Method: two certificates that
// contradict each other, in every combination of kinds; afterwards time passes and work waits, and nothing is signed.
#include <vector>

#include "consensus/replica.h"
#include "tests/support/catch.h"
#include "tests/support/digest_of.h"
#include "tests/support/verified_access.h"

using namespace sanquan;
using namespace sanquan::consensus;
using sanquan::testing::digest_of;

namespace {

Replica fresh() {
    RestoredState state;
    state.epoch = {Epoch{0}, 4, ReplicaIndex{0}, digest_of(9), Height{0}, std::nullopt};
    state.finalized = {View{}, digest_of(9), Height{0}, false, std::nullopt};
    state.records = {encode_record(InitRecord{Epoch{0}})};
    auto replica = Replica::restore(Timing{}, state);
    REQUIRE(replica.has_value());
    return std::move(*replica);
}

// Of the other three, so that no vote in it is this replica's own (SPEC 9.6).
MessageReceived certificate(VoteKind kind, const BlockDigest& digest) {
    Certificate certificate{{Epoch{0}, View{3}, kind, digest}, {}};
    for (std::uint16_t i = 1; i < 4; ++i) {
        certificate.signatures.emplace_back(ReplicaIndex{i}, Bytes(64, 's'));
    }
    return {PeerNumber{1}, VerifiedAccess::make(std::move(certificate))};
}

struct Row {
    const char* name;
    VoteKind first;
    BlockDigest first_block;
    VoteKind second;
    BlockDigest second_block;
    bool conflict;
};

}  // namespace

TEST_CASE("contradicting certificates are evidence, and the last thing a replica does",
          "[consensus]") {
    const BlockDigest a = digest_of(1);
    const BlockDigest b = digest_of(2);
    const std::vector<Row> rows{
        {"two notarizations", VoteKind::kNotarize, a, VoteKind::kNotarize, b, true},
        {"notarized, another finalized", VoteKind::kNotarize, a, VoteKind::kFinalize, b, true},
        {"nullified and finalized", VoteKind::kNullify, {}, VoteKind::kFinalize, a, true},
        {"split, which is allowed", VoteKind::kNullify, {}, VoteKind::kNotarize, a, false},
    };
    for (const Row& row : rows) {
        INFO(row.name);
        Replica replica = fresh();
        (void)replica.start();
        (void)replica.step(WorkPending{true});
        (void)replica.step(certificate(row.first, row.first_block));
        const Effects effects = replica.step(certificate(row.second, row.second_block));
        CHECK(replica.status().halted == row.conflict);
        CHECK(effects.evidence.size() == (row.conflict ? 1U : 0U));
        if (row.conflict) {
            CHECK(effects.evidence.front().kind == EvidenceKind::kConflictingCertificates);
        }
        std::size_t signatures = 0;
        for (std::uint32_t tick = 0; tick < 2 * Timing{}.view_timeout; ++tick) {
            const Effects later = replica.step(TickElapsed{});
            signatures += later.sign_votes.size() + later.sign_proposals.size();
            CHECK(later.evidence.empty());
        }
        CHECK((signatures == 0) == row.conflict);
    }
}

TEST_CASE("a signer's contradictions are looked at until one is proven", "[consensus]") {
    for (const VoteKind kind : {VoteKind::kNotarize, VoteKind::kFinalize}) {
        Replica replica = fresh();
        (void)replica.start();
        std::size_t evidence = 0;
        std::vector<bool> wanted;
        for (std::uint8_t i = 1; i <= 4; ++i) {
            const SignedVote vote{
                {Epoch{0}, View{3}, kind, digest_of(i)}, ReplicaIndex{2}, Bytes(64, 's')};
            wanted.push_back(replica.wants(Message{vote}));
            if (wanted.back()) {
                const auto effects =
                    replica.step(MessageReceived{PeerNumber{1}, VerifiedAccess::make(vote)});
                evidence += effects.evidence.size();
            }
        }
        CHECK(wanted == std::vector<bool>{true, true, false, false});
        CHECK(evidence == 1);
    }
}
