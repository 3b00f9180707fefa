// Goal: a node that computes another state than the others notices, names block and key, and says so.
// Method: the linker puts the function below in front of contracts::apply_block in this program alone; it alters what
// one execution of one block writes. The programs that ship have no such seam.
#include <mutex>
#include <optional>

#include "contracts/apply_block.h"
#include "tests/support/catch.h"
#include "tests/support/test_network.h"

#define APPLY_BLOCK                                                             \
    "_ZN7sanquan9contracts11apply_blockERKNS0_12BlockContextERKSt6vectorIPKNS_" \
    "11TransactionESaIS7_"                                                      \
    "EERKNS_8ReadViewE"

namespace sanquan::testing {
namespace {

using contracts::BlockContext;
using contracts::BlockResult;

struct Alteration {
    Height height;
    Bytes key;
    Bytes value;
};

std::mutex alteration_mutex;
std::optional<Alteration> alteration;  // of the next execution of its block, whichever node's

}  // namespace

BlockResult honest_apply_block(const BlockContext& context,
                               const std::vector<const Transaction*>& transactions,
                               const ReadView& parent) __asm__("__real_" APPLY_BLOCK);
BlockResult altered_apply_block(const BlockContext& context,
                                const std::vector<const Transaction*>& transactions,
                                const ReadView& parent) __asm__("__wrap_" APPLY_BLOCK);

BlockResult altered_apply_block(const BlockContext& context,
                                const std::vector<const Transaction*>& transactions,
                                const ReadView& parent) {
    BlockResult result = honest_apply_block(context, transactions, parent);
    const std::lock_guard lock(alteration_mutex);
    if (alteration && alteration->height == context.height) {
        result.writes[alteration->key] = alteration->value;
        alteration.reset();
    }
    return result;
}

}  // namespace sanquan::testing

using namespace sanquan;
using namespace sanquan::testing;
using node::WaitFor;

TEST_CASE("an audit node that computes another state says at which block and key",
          "[node][network]") {
    TestNetwork network;
    network.start_validators();
    const auto first = network.submit(0, network.issue("X-EX", 5, "a"));
    REQUIRE(first);
    REQUIRE(network.all_agree(first->height));  // only the audit node still has to execute it
    {
        const std::lock_guard lock(alteration_mutex);
        alteration = {first->height, "balance/X-EX/CNY", "not what the bank issued"};
    }
    REQUIRE(network.start(TestNetwork::kAudit));
    REQUIRE(network.submit(1, network.issue("X-EX", 6, "b"), WaitFor::kSealed));
    auto& audit = network.node(TestNetwork::kAudit).service();
    CHECK(wait_until([&] {
        const auto status = audit.status();
        return status.diverged && status.divergence.find("balance/X-EX/CNY") != std::string::npos;
    }));
    const std::string text = audit.status().divergence;
    INFO(text);
    CHECK(text.find("block " + std::to_string(first->height.value) + ": state_root") == 0);
    CHECK(audit.metrics().find("sanquan_diverged 1") != std::string::npos);
}
