// Goal: no operation of the wire format is without a contract. Method: the format's own list against the registry.
#include "contracts/registry.h"

#include <set>

#include "contracts/rules.h"
#include "tests/support/catch.h"

namespace sanquan::contracts {

TEST_CASE("every operation has exactly one contract with a name of its own",
          "[contracts][registry]") {
    const auto* kinds = wire::Operation::descriptor()->FindOneofByName("kind");
    REQUIRE(kinds != nullptr);
    std::set<std::string_view> rules;
    for (int i = 0; i < kinds->field_count(); ++i) {
        INFO(kinds->field(i)->name());
        const auto* contract =
            find_contract(static_cast<wire::Operation::KindCase>(kinds->field(i)->number()));
        REQUIRE(contract != nullptr);
        CHECK(rules.insert(contract->rule.name).second);
        CHECK(contract->rule.version >= 1);
    }
    const auto registered =
        party_contracts().size() + asset_contracts().size() + market_contracts().size();
    CHECK(registered == rules.size());
}

TEST_CASE("parameters have names of their own and defaults within bounds",
          "[contracts][parameters]") {
    std::set<std::string_view> names;
    for (const ParameterInfo& entry : all_parameters()) {
        INFO(entry.name);
        CHECK(names.insert(entry.name).second);
        CHECK(find_parameter(entry.name) == entry.parameter);
        CHECK_FALSE(entry.sentence.empty());
    }
}

TEST_CASE("a version of a parameter is read from its height on, old ones go",
          "[contracts][parameters]") {
    wire::ParameterRecord record;
    add_version(record, 10, Height{0}, Height{0});
    add_version(record, 30, Height{30}, Height{1});
    add_version(record, 20, Height{20}, Height{2});
    REQUIRE(record.versions_size() == 3);
    CHECK(record.versions(1).value() == 20);
    CHECK(record.versions(1).version() == 3);
    add_version(record, 40, Height{40}, Height{25});
    REQUIRE(record.versions_size() == 3);
    CHECK(record.versions(0).value() == 20);
}

}  // namespace sanquan::contracts
