// Goal: a header is accepted only in its own place. Method: the right child of a parent, one field
// changed at a time.
#include "ledger/model/header_rules.h"

#include <functional>

#include "tests/support/catch.h"
#include "tests/support/sample_genesis.h"

namespace sanquan {
namespace {

const BlockDigest kParentDigest{{1, 2, 3}};
const ValidatorSetDigest kNextSet{{9}};

BlockHeader child_of(const BlockHeader& parent) {
    BlockHeader header = parent;
    header.parent = kParentDigest;
    header.height = parent.height.next();
    header.view = parent.view.next();
    header.time.value += 1;
    header.history_size += 1;
    header.validators = parent.next_validators;
    return header;
}

}  // namespace

TEST_CASE("a header follows its parent in every field", "[model][header]") {
    const BlockHeader parent = genesis_header(testing::decoded_sample());
    CHECK(check_header(child_of(parent), parent, kParentDigest));
    const std::vector<std::function<void(BlockHeader&)>> wrong = {
        [](BlockHeader& h) { h.chain.octets[0] ^= 1; },
        [](BlockHeader& h) { h.parent.octets[0] ^= 1; },
        [](BlockHeader& h) { h.height = h.height.next(); },
        [](BlockHeader& h) { h.history_size += 1; },
        [](BlockHeader& h) { h.time.value -= 1; },
        [](BlockHeader& h) { h.validators = kNextSet; },
        [](BlockHeader& h) { h.epoch = h.epoch.next(); },
        [](BlockHeader& h) { h.view = View{0}; },
    };
    for (const auto& spoil : wrong) {
        BlockHeader header = child_of(parent);
        spoil(header);
        const Status status = check_header(header, parent, kParentDigest);
        REQUIRE_FALSE(status.has_value());
        CHECK(status.error().code == Code::kBlockInvalid);
    }
}

TEST_CASE("after the last block of an epoch the next begins with the named set",
          "[model][header]") {
    BlockHeader parent = genesis_header(testing::decoded_sample());
    parent.view = View{7};
    parent.next_validators = kNextSet;
    BlockHeader header = child_of(parent);
    header.epoch = parent.epoch.next();
    header.view = View{1};
    CHECK(check_header(header, parent, kParentDigest));
    header.epoch = parent.epoch;
    CHECK_FALSE(check_header(header, parent, kParentDigest));
    header.epoch = parent.epoch.next();
    header.view = View{0};
    CHECK_FALSE(check_header(header, parent, kParentDigest));
}

}  // namespace sanquan
