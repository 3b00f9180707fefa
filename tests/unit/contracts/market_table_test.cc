// The table of the market contracts: every line is run through the registry with the invariants; every code of this area
// has a line that expects it.
#include "contracts/balances.h"
#include "contracts/records.h"
#include "ledger/codec/state_market.pb.h"
#include "ledger/model/state_keys.h"
#include "tests/support/catch.h"
#include "tests/unit/contracts/script.h"

namespace sanquan::contracts::testing {
namespace {

constexpr std::uint32_t kFirstCode = 4800;
constexpr std::uint32_t kLastCode = 4899;

TEST_CASE("the market's rules, line by line", "[contracts][market]") {
    Vocabulary vocabulary;
    vocabulary.questions["balance"] = [](const World& world,
                                         const std::vector<std::string>& arguments) {
        return balance_of(world.state(), arguments.at(0), arguments.at(1)).to_string();
    };
    vocabulary.functions["usage_grant"] = [](const World& world,
                                             const std::vector<std::string>& arguments) {
        const auto order = load<wire::OrderRecord>(world.state(), keys::order(arguments.at(0)));
        REQUIRE(order.has_value());
        return order->usage_grant();
    };
    vocabulary.commands["occupy"] = [](World& world, const std::vector<std::string>& arguments) {
        world.state().put(keys::join({arguments.at(0), world.next_id(arguments.at(1))}), Bytes());
    };
    const auto seen = run_script(
        std::string(SANQUAN_SOURCE_DIR) + "/tests/unit/contracts/market.table", vocabulary);
    for (std::uint32_t number = kFirstCode; number <= kLastCode; ++number) {
        if (const auto code = code_from_number(number)) {
            CAPTURE(text(*code));
            CHECK(seen.contains(std::string(text(*code))));
        }
    }
}

}  // namespace
}  // namespace sanquan::contracts::testing
