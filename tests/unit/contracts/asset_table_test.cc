// The tables of the asset contracts: every line is run through the registry; every code of this
// area has a line that expects it.
#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/balances.h"
#include "contracts/records.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/model/state_keys.h"
#include "tests/support/catch.h"
#include "tests/unit/contracts/script.h"

namespace sanquan::contracts::testing {

namespace {

using Arguments = std::vector<std::string>;

std::string code_of(const Verdict& verdict) {
    return std::string(text(verdict ? verdict->code : Code::kOk));
}

wire::Action action_of(const std::string& name) {
    wire::Action action{};
    REQUIRE(wire::Action_Parse(name, &action));
    return action;
}

std::string may_act(const World& world, const Arguments& arguments, Exclusivity exclusivity) {
    return code_of(may_act_under(world.state(), world.context(), arguments.at(0), arguments.at(1),
                                 arguments.at(2), action_of(arguments.at(3)), exclusivity));
}

std::map<std::string, Question> questions() {
    std::map<std::string, Question> all;
    all["certified"] = [](const World& world, const Arguments& arguments) {
        return code_of(certified(world.state(), world.context(), arguments.at(0)));
    };
    all["ownership_tradable"] = [](const World& world, const Arguments& arguments) {
        return code_of(ownership_tradable(world.state(), world.context(), arguments.at(0)));
    };
    all["tradable"] = [](const World& world, const Arguments& arguments) {
        const Arguments purposes(arguments.begin() + 1, arguments.end());
        return code_of(tradable(world.state(), world.context(), arguments.at(0), purposes));
    };
    all["grant_live"] = [](const World& world, const Arguments& arguments) {
        return code_of(grant_live(world.state(), world.context(), arguments.at(0)));
    };
    all["may_act_under"] = [](const World& world, const Arguments& arguments) {
        return may_act(world, arguments, Exclusivity::kAny);
    };
    all["may_act_exclusively_under"] = [](const World& world, const Arguments& arguments) {
        return may_act(world, arguments, Exclusivity::kExclusive);
    };
    all["holds_right"] = [](const World& world, const Arguments& arguments) {
        return code_of(holds_right(world.state(), world.context(), arguments.at(0), arguments.at(1),
                                   action_of(arguments.at(2))));
    };
    all["balance"] = [](const World& world, const Arguments& arguments) {
        return balance_of(world.state(), arguments.at(0), arguments.at(1)).to_string();
    };
    all["status"] = [](const World& world, const Arguments& arguments) {
        return std::string(name_of(load_asset(world.state(), arguments.at(0)).status()));
    };
    all["open"] = [](const World& world, const Arguments& arguments) {
        return std::to_string(load_asset(world.state(), arguments.at(0)).open_objections());
    };
    all["objection"] = [](const World& world, const Arguments& arguments) {
        const auto record = load_existing<wire::ObjectionRecord>(
            world.state(), keys::objection(arguments.at(0), arguments.at(1)));
        return wire::ObjectionState_Name(record.state());
    };
    all["grant_count"] = [](const World& world, const Arguments& arguments) {
        std::size_t count = 0;
        const auto head =
            load<wire::GrantIndexRecord>(world.state(), keys::grants(arguments.at(0)));
        REQUIRE(head.has_value());
        count += static_cast<std::size_t>(head->grants_size());
        for (std::uint32_t page = 1; page <= head->full_pages(); ++page) {
            const auto full =
                load<wire::GrantIndexRecord>(world.state(), keys::grants(arguments.at(0), page));
            REQUIRE(full.has_value());
            count += static_cast<std::size_t>(full->grants_size());
        }
        return std::to_string(count);
    };
    return all;
}

std::map<std::string, Command> commands() {
    std::map<std::string, Command> all;
    all["production"] = [](World& world, const Arguments&) {
        world.set_profile(ChainProfile::kProduction);
    };
    return all;
}

std::set<std::string> run_table(const std::string& name) {
    return run_script(std::string(SANQUAN_SOURCE_DIR) + "/tests/unit/contracts/" + name,
                      {questions(), commands(), {}});
}

}  // namespace

TEST_CASE("The asset contracts answer as their tables say", "[contracts][asset]") {
    std::set<std::string> seen;
    for (const char* table : {"asset.table", "appeal.table", "right.table", "stage.table"}) {
        seen.merge(run_table(table));
    }
    for (std::uint32_t number = 4000; number < 4800; ++number) {
        if (const auto code = code_from_number(number)) {
            INFO(text(*code) << " is expected by no line of the tables");
            CHECK(seen.contains(std::string(text(*code))));
        }
    }
}

}  // namespace sanquan::contracts::testing
