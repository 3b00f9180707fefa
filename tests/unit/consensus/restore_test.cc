// Goal: a replica that was restored asks for what its log names, whatever happens to it first.
// Method: a log with a notarization; then start(), or an event that overtakes it.
#include <algorithm>
#include <vector>

#include "consensus/record_codec.h"
#include "consensus/replica.h"
#include "tests/support/catch.h"
#include "tests/support/digest_of.h"

using namespace sanquan;
using namespace sanquan::consensus;
using sanquan::testing::digest_of;

namespace {

Replica restored() {
    Certificate notarization;
    notarization.subject = {Epoch{0}, View{1}, VoteKind::kNotarize, digest_of(2)};
    notarization.signatures = {
        {ReplicaIndex{0}, "a"}, {ReplicaIndex{1}, "b"}, {ReplicaIndex{2}, "c"}};
    RestoredState state;
    state.epoch.validators = 4;
    state.epoch.own = ReplicaIndex{0};
    state.epoch.base = digest_of(1);
    state.finalized.digest = state.epoch.base;
    state.records = {encode_record(InitRecord{Epoch{0}}), encode_record(notarization)};
    Timing timing;
    timing.view_timeout = 100;
    timing.view_timeout_max = 1'000;
    timing.retransmit = 20;
    timing.retransmit_max = 200;
    timing.heartbeat = 1'000;
    return Replica::restore(timing, state).value();
}

bool executes(const Effects& effects, const BlockDigest& digest) {
    return std::any_of(effects.execute.begin(), effects.execute.end(),
                       [&](const auto& execute) { return execute.digest == digest; });
}

}  // namespace

TEST_CASE("a restored replica has the blocks of its log executed", "[consensus][restore]") {
    Replica replica = restored();
    SECTION("by its start") { CHECK(executes(replica.start(), digest_of(2))); }
    SECTION("by an event that comes before it") {
        CHECK(executes(replica.step(WorkPending{true}), digest_of(2)));
    }
}
