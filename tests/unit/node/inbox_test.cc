// Goal: one peer's flood takes only its own room; a block stands under its digest only with the transactions that its
// header names.
#include "node/runtime/inbox.h"

#include "node/executor/block_rules.h"
#include "tests/support/catch.h"

using namespace sanquan;
using namespace sanquan::node;

TEST_CASE("each peer has room of its own and gets it back", "[node][inbox]") {
    const InboxLimits limits{1'024, 24U << 20U};
    Inboxes inboxes(limits);
    SpkiHash loud;
    loud.octets[0] = 1;
    SpkiHash calm;
    calm.octets[0] = 2;
    std::vector<Inboxes::Ticket> held;
    for (std::size_t i = 0; i < limits.tasks; ++i) {
        held.push_back(inboxes.take(loud, 1));
        REQUIRE(held.back() != nullptr);
    }
    CHECK(inboxes.take(loud, 1) == nullptr);
    CHECK(inboxes.take(calm, 1) != nullptr);
    held.pop_back();
    CHECK(inboxes.take(loud, 1) != nullptr);
    held.clear();
    auto large = inboxes.take(loud, limits.bytes);
    CHECK(large != nullptr);
    CHECK(inboxes.take(loud, 1) == nullptr);
    CHECK(inboxes.take(calm, limits.bytes + 1) == nullptr);
    large.reset();
    CHECK(inboxes.take(loud, limits.bytes) != nullptr);
}

TEST_CASE("what a connection left waiting when it ended counts no more", "[node][inbox]") {
    Inboxes inboxes;
    CHECK_FALSE(inboxes.is_open(PeerNumber{1}));
    inboxes.open(PeerNumber{1});
    inboxes.open(PeerNumber{2});
    inboxes.close(PeerNumber{1});
    CHECK_FALSE(inboxes.is_open(PeerNumber{1}));
    CHECK(inboxes.is_open(PeerNumber{2}));
}

TEST_CASE("other transactions under the same header are no block", "[node][inbox]") {
    const Chain chain{};
    const std::vector<Bytes> right{"first", "second"};
    BlockHeader header;
    header.chain = chain.id;
    header.height = Height{1};
    header.view = View{1};
    header.transactions_root = transactions_root(chain.hash, right);
    const Bytes bytes = encode_header(header);
    const auto whole = decode_whole_block(encode_block(bytes, right), chain);
    REQUIRE(whole.has_value());
    for (const std::vector<Bytes>& wrong :
         {std::vector<Bytes>{"first"}, std::vector<Bytes>{"second", "first"},
          std::vector<Bytes>{"first", "second", "third"}, std::vector<Bytes>{}}) {
        const auto refused = decode_whole_block(encode_block(bytes, wrong), chain);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == Code::kBlockInvalid);
    }
}
