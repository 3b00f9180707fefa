// Goal: no certificate of the wrong shape counts, in any build. Method: one good certificate, each
// flaw in turn.
#include "consensus/certificate.h"

#include <vector>

#include "consensus/leader_schedule.h"
#include "consensus/quorum.h"
#include "ledger/base/limits.h"
#include "tests/support/catch.h"
#include "tests/support/digest_of.h"

using namespace sanquan;
using namespace sanquan::consensus;
using sanquan::testing::digest_of;

namespace {

Certificate good() {
    Certificate certificate;
    certificate.subject = {Epoch{3}, View{7}, VoteKind::kNotarize, digest_of(1)};
    for (std::uint16_t i = 0; i < 3; ++i) {
        certificate.signatures.emplace_back(ReplicaIndex{i}, Bytes(64, 's'));
    }
    return certificate;
}

bool accepted(const Certificate& certificate) {
    return check_shape(certificate, Epoch{3}, 4).has_value();
}

}  // namespace

TEST_CASE("a quorum is n minus the fault bound", "[consensus][quorum]") {
    struct Row {
        std::uint16_t n, f, q;
    };
    for (const Row row : {Row{1, 0, 1}, Row{4, 1, 3}, Row{5, 1, 4}, Row{6, 1, 5}, Row{7, 2, 5},
                          Row{10, 3, 7}, Row{31, 10, 21}, Row{100, 33, 67}}) {
        CHECK(fault_bound(row.n) == row.f);
        CHECK(quorum_size(row.n) == row.q);
        CHECK(2 * quorum_size(row.n) - row.n >= row.f + 1);
    }
}

TEST_CASE("leaders rotate by view and shift by epoch", "[consensus][leader]") {
    CHECK(leader_of(Epoch{0}, View{1}, 4) == ReplicaIndex{1});
    CHECK(leader_of(Epoch{0}, View{4}, 4) == ReplicaIndex{0});
    CHECK(leader_of(Epoch{1}, View{1}, 4) == ReplicaIndex{2});
    CHECK(leader_of(Epoch{~0ULL}, View{~0ULL}, 4).value < 4);
}

TEST_CASE("certificates of a wrong shape are refused", "[consensus][certificate]") {
    REQUIRE(accepted(good()));
    SECTION("below quorum") {
        auto c = good();
        c.signatures.pop_back();
        CHECK_FALSE(accepted(c));
    }
    SECTION("one signer twice") {
        auto c = good();
        c.signatures[2].first = ReplicaIndex{1};
        CHECK_FALSE(accepted(c));
    }
    SECTION("signers out of order") {
        auto c = good();
        std::swap(c.signatures[0], c.signatures[1]);
        CHECK_FALSE(accepted(c));
    }
    SECTION("signer outside the set") {
        auto c = good();
        c.signatures[2].first = ReplicaIndex{4};
        CHECK_FALSE(accepted(c));
    }
    SECTION("more signatures than validators") {
        auto c = good();
        c.signatures.emplace_back(ReplicaIndex{3}, "s");
        CHECK(accepted(c));
        c.signatures.emplace_back(ReplicaIndex{4}, "s");
        CHECK_FALSE(accepted(c));
    }
    SECTION("signature empty or too long") {
        auto c = good();
        c.signatures[1].second.clear();
        CHECK_FALSE(accepted(c));
        c.signatures[1].second.assign(limits::kSignatureBytesMax + 1, 's');
        CHECK_FALSE(accepted(c));
    }
    SECTION("another epoch") {
        auto c = good();
        c.subject.epoch = Epoch{2};
        CHECK_FALSE(accepted(c));
    }
    SECTION("views out of range") {
        auto c = good();
        for (const std::uint64_t view :
             std::vector<std::uint64_t>{0, limits::kViewMax + 1, 1ULL << 63U, ~0ULL}) {
            c.subject.view = View{view};
            CHECK_FALSE(accepted(c));
        }
    }
    SECTION("digest and kind must fit") {
        auto c = good();
        c.subject.kind = VoteKind::kNullify;
        CHECK_FALSE(accepted(c));
        c.subject.digest = {};
        CHECK(accepted(c));
        c.subject.kind = VoteKind::kFinalize;
        CHECK_FALSE(accepted(c));
        c.subject.kind = static_cast<VoteKind>(9);
        CHECK_FALSE(accepted(c));
    }
}
