// Goal: frames come out as they went in, whatever the chunks; a lying length is refused before it is stored.
// Method: every split of a stream of frames, and lengths around the limit.
#include "node/net/framing.h"

#include "ledger/base/limits.h"
#include "node/log.h"
#include "node/net/peer_message.h"
#include "tests/support/catch.h"

using namespace sanquan;
using namespace sanquan::node;

TEST_CASE("frames survive every split", "[node][framing]") {
    const std::vector<Bytes> bodies = {"", "a", Bytes(300, 'x'), "end"};
    Bytes stream;
    for (const Bytes& body : bodies) {
        stream += make_frame(body);
    }
    for (std::size_t chunk = 1; chunk <= stream.size(); ++chunk) {
        FrameReader reader(1'000);
        std::vector<Bytes> found;
        for (std::size_t at = 0; at < stream.size(); at += chunk) {
            reader.append(ByteView(stream).substr(at, chunk));
            for (auto next = reader.next(); next && *next; next = reader.next()) {
                found.push_back(**next);
            }
        }
        REQUIRE(found == bodies);
        CHECK_FALSE(reader.in_frame());
    }
}

TEST_CASE("another limit holds from the next frame on", "[node][framing]") {
    FrameReader reader(10);
    reader.append(make_frame(Bytes(10, 'a')) + make_frame(Bytes(100, 'b')));
    REQUIRE(reader.next().value().has_value());
    reader.set_frame_bytes_max(100);
    CHECK(reader.next().value() == Bytes(100, 'b'));
}

TEST_CASE("a length over the limit is refused from its four bytes alone", "[node][framing]") {
    FrameReader reader(1'000);
    reader.append(ByteView("\0\0\x03\xe8", 4));  // 1,000
    auto next = reader.next();
    REQUIRE(next);
    CHECK_FALSE(next->has_value());
    CHECK(reader.in_frame());
    FrameReader strict(999);
    strict.append(ByteView("\0\0\x03\xe8", 4));
    const auto refused = strict.next();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::kFrameTooLarge);
    FrameReader huge(limits::kFrameBytesMax);
    huge.append("\xff\xff\xff\xff");
    CHECK_FALSE(huge.next());
}

namespace {

ByteView body_of(const SharedFrame& frame) { return ByteView(*frame).substr(kFrameHeadBytes); }

}  // namespace

TEST_CASE("peer messages come back as they were", "[node][peer_message]") {
    consensus::SignedVote vote;
    vote.vote = {Epoch{1}, View{7}, consensus::VoteKind::kNotarize, BlockDigest{{1, 2, 3}}};
    vote.signer = ReplicaIndex{2};
    vote.signature = Bytes(64, 's');
    const auto frame = encode_peer_message(ConsensusMessage{vote, {}});
    const auto back = decode_peer_message(body_of(frame));
    REQUIRE(back);
    const auto* message = std::get_if<ConsensusMessage>(&*back);
    REQUIRE(message != nullptr);
    CHECK(std::get<consensus::SignedVote>(message->message) == vote);

    const RangeMessage range{
        Height{3}, {"b1", "b2"}, {"h"}, consensus::Certificate{vote.vote, {}}, Height{9}};
    const auto range_back = decode_peer_message(body_of(encode_peer_message(range)));
    REQUIRE(range_back);
    CHECK(std::get<RangeMessage>(*range_back).blocks == range.blocks);
    CHECK(std::get<RangeMessage>(*range_back).finalized == Height{9});
}

TEST_CASE("peer messages that no honest node sends are refused", "[node][peer_message]") {
    consensus::SignedVote vote;
    vote.vote = {Epoch{1}, View{7}, consensus::VoteKind::kNotarize, BlockDigest{{1, 2, 3}}};
    vote.signature = Bytes(64, 's');

    SECTION("nothing, an unknown field, a cut") {
        CHECK_FALSE(decode_peer_message(""));
        const Bytes good(body_of(encode_peer_message(ConsensusMessage{vote, {}})));
        CHECK_FALSE(decode_peer_message(good + Bytes("\xf8\x07\x01", 3)));
        for (std::size_t cut = 0; cut < good.size(); ++cut) {
            CHECK_FALSE(decode_peer_message(ByteView(good).substr(0, cut)));
        }
    }
    SECTION("an index beyond every set") {
        vote.signer = ReplicaIndex{200};
        CHECK_FALSE(decode_peer_message(body_of(encode_peer_message(ConsensusMessage{vote, {}}))));
    }
    SECTION("a signature of no length or too long") {
        for (const std::size_t size : {std::size_t{0}, std::size_t{81}, std::size_t{1'000'000}}) {
            vote.signature = Bytes(size, 's');
            CHECK_FALSE(
                decode_peer_message(body_of(encode_peer_message(ConsensusMessage{vote, {}}))));
        }
    }
    SECTION("a nullify vote with a digest, a notarize vote without") {
        vote.vote.digest = {};
        CHECK_FALSE(decode_peer_message(body_of(encode_peer_message(ConsensusMessage{vote, {}}))));
    }
    SECTION("certificates with one signer twice or signers out of order") {
        consensus::Certificate certificate{vote.vote, {}};
        certificate.signatures = {{ReplicaIndex{1}, "a"}, {ReplicaIndex{1}, "a"}};
        CHECK_FALSE(decode_certificate(encode_certificate(certificate)));
        certificate.signatures = {{ReplicaIndex{2}, "a"}, {ReplicaIndex{1}, "a"}};
        CHECK_FALSE(decode_certificate(encode_certificate(certificate)));
        certificate.signatures = {{ReplicaIndex{1}, "a"}, {ReplicaIndex{2}, "a"}};
        CHECK(decode_certificate(encode_certificate(certificate)));
    }
    SECTION("a question for too many views") {
        const consensus::FetchCertificates fetch{Epoch{0}, View{1},
                                                 View{1 + limits::kFetchViewsMax}};
        CHECK_FALSE(decode_peer_message(body_of(encode_peer_message(ConsensusMessage{fetch, {}}))));
    }
    SECTION("blocks without a certificate") {
        const RangeMessage range{Height{3}, {"b1"}, {}, std::nullopt, Height{9}};
        CHECK_FALSE(decode_peer_message(body_of(encode_peer_message(range))));
    }
}

TEST_CASE("log values cannot break out of their line", "[node][log]") {
    CHECK(escape_log_value("plain") == "plain");
    CHECK(escape_log_value("") == "\"\"");
    CHECK(escape_log_value("two words") == "\"two words\"");
    CHECK(escape_log_value("a\nb") == "a\\x0ab");
    CHECK(escape_log_value("\x1b[31m") == "\\x1b[31m");
    CHECK(escape_log_value("q\"\\") == "q\\\"\\\\");
    CHECK(escape_log_value("云南") == "云南");
    CHECK(escape_log_value("\xe2\x80\xae") == "\\xe2\\x80\\xae");  // right-to-left override
    CHECK(escape_log_value("\xff") == "\\xff");
}
