// The truth table of the three rights: every cell against tests/unit/contracts/rights.table, which
// lists by hand what is allowed; everything that it does not list must be refused.
#include "contracts/rights_table.h"

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "tests/support/catch.h"

namespace sanquan::contracts::rights {
namespace {

const std::map<std::string, Holder> kHolderNames = {
    {"owner", Holder::kOwner},         {"unclaimed-owner", Holder::kUnclaimedOwner},
    {"grantee", Holder::kGrantHolder}, {"franchised-grantee", Holder::kFranchiseGrantHolder},
    {"stranger", Holder::kStranger},
};
const std::map<std::string, AssetState> kStateNames = {
    {"open", AssetState::kOpen},
    {"franchised", AssetState::kFranchised},
    {"core", AssetState::kCore},
    {"core-franchised", AssetState::kCoreFranchised},
    {"not-certified", AssetState::kNotCertified},
    {"halted", AssetState::kHalted},
    {"ended", AssetState::kEnded},
};

using Cell = std::tuple<int, int, Holder, AssetState>;

std::set<Cell> read_table(std::size_t& lines) {
    std::ifstream file(std::string(SANQUAN_SOURCE_DIR) + "/tests/unit/contracts/rights.table");
    REQUIRE(file.good());
    std::set<Cell> allowed;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') {
            continue;
        }
        INFO(line);
        std::istringstream words(line);
        std::string right_name, holder, state, action_name;
        words >> right_name >> holder >> state;
        ++lines;
        wire::Right right{};
        REQUIRE(wire::Right_Parse(right_name, &right));
        REQUIRE(kHolderNames.contains(holder));
        REQUIRE(kStateNames.contains(state));
        while (words >> action_name) {
            if (action_name == "-") {
                continue;
            }
            wire::Action action{};
            REQUIRE(wire::Action_Parse(action_name, &action));
            allowed.emplace(right, action, kHolderNames.at(holder), kStateNames.at(state));
        }
    }
    return allowed;
}

}  // namespace

TEST_CASE("Every pair of right and action is decided as the table says", "[contracts][rights]") {
    std::size_t lines = 0;
    const std::set<Cell> allowed = read_table(lines);
    CHECK(lines == 3 * kHolders.size() * kAssetStates.size());  // no row forgotten
    std::size_t cells = 0;
    for (const int right : {wire::OWNERSHIP, wire::OPERATION_MANAGEMENT, wire::USAGE}) {
        for (int action = wire::AUTHORISE; action <= wire::Action_MAX; ++action) {
            for (const Holder holder : kHolders) {
                for (const AssetState state : kAssetStates) {
                    INFO(wire::Right_Name(right)
                         << " " << wire::Action_Name(action) << " holder "
                         << static_cast<int>(holder) << " state " << static_cast<int>(state));
                    const Code code = decide(static_cast<wire::Right>(right),
                                             static_cast<wire::Action>(action), holder, state);
                    const bool in_table = allowed.contains(Cell(right, action, holder, state));
                    CHECK((code == Code::kOk) == in_table);
                    ++cells;
                }
            }
        }
    }
    CHECK(cells == 3 * 12 * kHolders.size() * kAssetStates.size());
}

TEST_CASE("The table says why", "[contracts][rights]") {
    const auto why = [](wire::Right right, wire::Action action, Holder holder, AssetState state) {
        return std::string(text(decide(right, action, holder, state)));
    };
    CHECK(why(wire::OWNERSHIP, wire::ERASE_HISTORY, Holder::kOwner, AssetState::kOpen) ==
          "ACTION_FORBIDDEN");
    CHECK(why(wire::OPERATION_MANAGEMENT, wire::TRANSFER_OWNERSHIP, Holder::kGrantHolder,
              AssetState::kOpen) == "ACTION_NOT_OF_RIGHT");
    CHECK(why(wire::OWNERSHIP, wire::LIST, Holder::kOwner, AssetState::kFranchised) ==
          "FRANCHISE_REQUIRED");
    CHECK(why(wire::OWNERSHIP, wire::AUTHORISE, Holder::kUnclaimedOwner, AssetState::kOpen) ==
          "GRANTOR_UNCLAIMED");
    CHECK(why(wire::OPERATION_MANAGEMENT, wire::LIST, Holder::kGrantHolder, AssetState::kCore) ==
          "LEVEL_CORE");
    CHECK(why(wire::USAGE, wire::USE, Holder::kStranger, AssetState::kOpen) == "NO_RIGHT");
    CHECK(why(wire::USAGE, wire::USE, Holder::kGrantHolder, AssetState::kHalted) ==
          "ASSET_SUSPENDED");
}

}  // namespace sanquan::contracts::rights
