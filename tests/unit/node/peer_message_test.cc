// Goal: a frame that means nothing, or more than one answer may hold, is refused when it is read. Method: good frames
// with one field changed, and their codes.
#include "node/net/peer_message.h"

#include <functional>

#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/peer.pb.h"
#include "tests/support/catch.h"

namespace sanquan::node {
namespace {

using Change = std::function<void(wire::PeerFrame&)>;

Code code_of(const Change& change) {
    wire::PeerFrame frame;
    change(frame);
    const auto message = decode_peer_message(encode(frame));
    return message ? Code::kOk : message.error().code;
}

// A vote of validator 1, signed with `signature`, after `change`.
Change vote(const std::function<void(wire::Vote&, wire::SignedVote&)>& change) {
    return [change](wire::PeerFrame& frame) {
        wire::Vote body;
        body.set_view(3);
        body.set_kind(wire::NOTARIZE);
        body.set_digest(Bytes(32, 'd'));
        auto& envelope = *frame.mutable_vote();
        envelope.set_signer(1);
        envelope.set_signature(Bytes(64, 's'));
        change(body, envelope);
        envelope.set_vote(encode(body));
    };
}

TEST_CASE("votes are read only in their one shape", "[node][peer_message]") {
    CHECK(code_of(vote([](auto&, auto&) {})) == Code::kOk);
    const std::vector<std::function<void(wire::Vote&, wire::SignedVote&)>> wrong = {
        [](auto& v, auto&) { v.set_kind(wire::VOTE_KIND_UNSPECIFIED); },
        [](auto& v, auto&) { v.set_kind(wire::NULLIFY); },  // names a block
        [](auto&, auto& e) { e.set_signer(limits::kValidatorsMax); },
        [](auto&, auto& e) { e.clear_signature(); },
        [](auto&, auto& e) { e.set_signature(Bytes(limits::kSignatureBytesMax + 1, 's')); },
    };
    for (const auto& change : wrong) {
        CHECK(code_of(vote(change)) == Code::kPeerProtocol);
    }
    CHECK(code_of(vote([](auto& v, auto&) { v.set_digest("short"); })) == Code::kBadLength);
}

TEST_CASE("questions and answers have their bounds", "[node][peer_message]") {
    const auto views = [](std::uint64_t first, std::uint64_t last) {
        return [first, last](wire::PeerFrame& frame) {
            frame.mutable_fetch_certificates()->set_first_view(first);
            frame.mutable_fetch_certificates()->set_last_view(last);
        };
    };
    CHECK(code_of(views(1, limits::kFetchViewsMax)) == Code::kOk);
    CHECK(code_of(views(1, limits::kFetchViewsMax + 1)) == Code::kPeerProtocol);
    CHECK(code_of(views(2, 1)) == Code::kPeerProtocol);
    const auto transactions = [](std::size_t count) {
        return [count](wire::PeerFrame& frame) {
            for (std::size_t i = 0; i < count; ++i) {
                frame.mutable_transactions()->add_transactions("t");
            }
        };
    };
    CHECK(code_of(transactions(limits::kTransactionsPerBlockMax)) == Code::kOk);
    CHECK(code_of(transactions(limits::kTransactionsPerBlockMax + 1)) == Code::kPeerProtocol);
    const auto writes = [](std::size_t count, const Bytes& key) {
        return [count, key](wire::PeerFrame& frame) {
            for (std::size_t i = 0; i < count; ++i) {
                frame.mutable_writes()->add_writes()->set_key(key);
            }
        };
    };
    CHECK(code_of(writes(limits::kWritesAnswerMax, "k")) == Code::kOk);
    CHECK(code_of(writes(limits::kWritesAnswerMax + 1, "k")) == Code::kPeerProtocol);
    CHECK(code_of(writes(1, "")) == Code::kPeerProtocol);
    CHECK(code_of(writes(1, Bytes(limits::kStateKeyBytesMax + 1, 'k'))) == Code::kPeerProtocol);
    CHECK(code_of([](auto& f) { f.mutable_range()->add_blocks("b"); }) == Code::kPeerProtocol);
}

TEST_CASE("a greeting in the middle of a conversation has no place", "[node][peer_message]") {
    CHECK(code_of([](auto& f) { f.mutable_hello(); }) == Code::kPeerProtocol);
    CHECK(code_of([](auto& f) { f.mutable_goodbye(); }) == Code::kPeerProtocol);
    CHECK(code_of([](auto&) {}) == Code::kPeerProtocol);
}

}  // namespace
}  // namespace sanquan::node
