// Goal: a refusal says which of several causes it has, and what would pass. Method: a mandate with a
// lowest price that is wrong in one way at a time.
#include <google/protobuf/text_format.h>

#include <algorithm>

#include "tests/support/catch.h"
#include "tests/unit/contracts/world.h"

namespace sanquan::contracts::testing {
namespace {

Ran grant_mandate(const std::string& sides, const std::string& price_min) {
    wire::Operation operation;
    REQUIRE(google::protobuf::TextFormat::ParseFromString(
        "grant_mandate { reference: 'm' broker: 'EX' price_max { currency: 'CNY' amount: '<' } "
        "valid_until_ms: 1800000009000 price_min { currency: 'CNY' amount: '" +
            price_min + "' } " + sides + " }",
        &operation));
    World world;
    return world.run("OW1", {}, operation);
}

std::string value(const std::vector<Fact>& facts, const std::string& name) {
    const auto found = std::find_if(facts.begin(), facts.end(),
                                    [&](const Fact& fact) { return fact.name == name; });
    return found == facts.end() ? "absent" : found->value;
}

}  // namespace

TEST_CASE("a refused lowest price is told apart from a side that has none",
          "[contracts][mandate]") {
    const Ran buyer = grant_mandate("may_buy: true", "2");
    CHECK(buyer.code == Code::kMandateShape);
    CHECK(value(buyer.facts, "may_sell") == "no");
    CHECK(value(buyer.would_pass, "may_sell") == "yes");

    const Ran nothing = grant_mandate("may_sell: true", "");
    CHECK(nothing.code == Code::kMandateShape);
    CHECK(value(nothing.facts, "may_sell") == "yes");
    CHECK(value(nothing.facts, "price_min") == "0");
    CHECK(value(nothing.would_pass, "price_min_above") == "0");
    CHECK(value(nothing.would_pass, "price_min_at_most") == "60");
    CHECK(grant_mandate("may_sell: true", "2").code == Code::kOk);
}

}  // namespace sanquan::contracts::testing
