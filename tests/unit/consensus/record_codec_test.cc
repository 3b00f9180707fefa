// Goal: vote-log records come back as written, and nothing else is read as a record.
// Method: round trips, every truncation, every single-byte change, extensions.
#include "consensus/record_codec.h"

#include <vector>

#include "ledger/base/limits.h"
#include "tests/support/catch.h"
#include "tests/support/digest_of.h"

using namespace sanquan;
using namespace sanquan::consensus;
using sanquan::testing::digest_of;

namespace {

std::vector<Record> samples() {
    const Proposal proposal{Epoch{2},     View{9}, digest_of(1),   Height{77},
                            digest_of(2), View{8}, ReplicaIndex{3}};
    Certificate certificate;
    certificate.subject = {Epoch{2}, View{8}, VoteKind::kNullify, {}};
    certificate.signatures = {
        {ReplicaIndex{0}, "aa"}, {ReplicaIndex{2}, "bbb"}, {ReplicaIndex{3}, "c"}};
    return {InitRecord{Epoch{1}},
            Vote{Epoch{2}, View{9}, VoteKind::kNotarize, digest_of(1)},
            Vote{Epoch{2}, View{9}, VoteKind::kNullify, {}},
            proposal,
            SignedProposal{proposal, Bytes(64, 'x')},
            certificate,
            AbstainRecord{Epoch{5}},
            ThresholdRecord{Epoch{5}, View{12}}};
}

}  // namespace

TEST_CASE("vote-log records round-trip", "[consensus][records]") {
    for (const Record& record : samples()) {
        const auto decoded = decode_record(encode_record(record));
        REQUIRE(decoded.has_value());
        CHECK(*decoded == record);
    }
}

TEST_CASE("damaged records are refused or differ", "[consensus][records]") {
    for (const Record& record : samples()) {
        const Bytes bytes = encode_record(record);
        for (std::size_t length = 0; length < bytes.size(); ++length) {
            CHECK_FALSE(decode_record(bytes.substr(0, length)).has_value());
        }
        CHECK_FALSE(decode_record(bytes + '\0').has_value());
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            for (const unsigned flip : {0x01U, 0x80U, 0xFFU}) {
                Bytes damaged = bytes;
                damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ flip);
                const auto decoded = decode_record(damaged);
                if (decoded) {
                    CHECK(*decoded != record);
                    CHECK(encode_record(*decoded) == damaged);
                }
            }
        }
    }
}

TEST_CASE("records hold no vote that cannot be cast", "[consensus][records]") {
    Bytes bytes = encode_record(Vote{Epoch{0}, View{1}, VoteKind::kNotarize, digest_of(1)});
    bytes[17] = 4;
    CHECK_FALSE(decode_record(bytes).has_value());
    CHECK_FALSE(decode_record(encode_record(Vote{Epoch{0}, View{~0ULL}, VoteKind::kNullify, {}}))
                    .has_value());
}

TEST_CASE("init, abstain and threshold records are kept for ever", "[consensus][records]") {
    for (const Record& record : samples()) {
        const bool kept = std::holds_alternative<InitRecord>(record) ||
                          std::holds_alternative<AbstainRecord>(record) ||
                          std::holds_alternative<ThresholdRecord>(record);
        CHECK(position_of(record).keep == kept);
    }
}
