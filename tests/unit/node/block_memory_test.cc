// Goal: leaders cannot make a validator keep more than one block a view, nor more than a bound; what is certified stays.
#include "node/runtime/block_memory.h"

#include "tests/support/catch.h"

using namespace sanquan;
using namespace sanquan::node;

namespace {

SharedBlock block(std::uint8_t digest, std::uint64_t height, std::uint64_t view,
                  std::size_t bytes = 1) {
    Block made;
    made.digest.octets[0] = digest;
    made.header.height = Height{height};
    made.header.view = View{view};
    made.raw = Bytes(bytes, 'x');
    return std::make_shared<const Block>(std::move(made));
}

}  // namespace

TEST_CASE("a view has one proposed block, and it goes with its view", "[node][block_memory]") {
    BlockMemory memory;
    const auto first = block(1, 100, 5);
    const auto second = block(2, 100, 5);
    memory.propose(View{5}, first);
    memory.propose(View{5}, second);
    CHECK(memory.find(first->digest) == first);
    CHECK(memory.find(second->digest) == nullptr);
    memory.keep(second);  // it was certified after all, and fetched
    CHECK(memory.find(second->digest) == second);
    const auto later = block(3, 2, 6);
    memory.propose(View{6}, later);
    // Height 1 became final in view 5: nothing beside it can, however high it says it stands.
    memory.forget_final(Height{1}, View{5});
    CHECK(memory.find(first->digest) == nullptr);
    CHECK(memory.find(second->digest) == nullptr);
    CHECK(memory.find(later->digest) == later);
    memory.forget_final(Height{2},
                        View{5});  // caught up: the certificate of a lower view covers it
    CHECK(memory.empty());
    CHECK(memory.proposed_bytes() == 0);
}

TEST_CASE("a block that is proposed again stays with the later view", "[node][block_memory]") {
    BlockMemory memory;
    const auto boundary = block(1, 10, 5);
    memory.propose(View{5}, boundary);
    memory.propose(View{7}, boundary);
    memory.forget_final(Height{9}, View{6});
    CHECK(memory.find(boundary->digest) == boundary);
    memory.forget_final(Height{9}, View{7});
    CHECK(memory.empty());
}

TEST_CASE("beyond the bound the oldest proposals go, and nothing that is certified",
          "[node][block_memory]") {
    BlockMemory memory;
    constexpr std::size_t kSize = 4U << 20U;
    constexpr std::size_t kFit = BlockMemory::kProposedBytesMax / kSize;
    const auto certified = block(200, 500, 1, kSize);
    memory.propose(View{1}, certified);
    memory.keep(certified);
    CHECK(memory.proposed_bytes() == 0);
    for (std::uint8_t i = 0; i < kFit + 10; ++i) {
        memory.propose(View{2U + i}, block(i, 500, 2U + i, kSize));
        CHECK(memory.proposed_bytes() <= BlockMemory::kProposedBytesMax);
        CHECK(memory.find(block(i, 0, 0)->digest) != nullptr);
    }
    CHECK(memory.find(block(9, 0, 0)->digest) == nullptr);
    CHECK(memory.find(block(10, 0, 0)->digest) != nullptr);
    CHECK(memory.find(certified->digest) == certified);
}
