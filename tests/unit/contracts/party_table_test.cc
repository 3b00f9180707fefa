// The tables of parties, governance, tenders, money and mandates: every line is run through the
// registry; every code of this area has a line that expects it.
#include <algorithm>

#include "contracts/balances.h"
#include "contracts/checks.h"
#include "contracts/records.h"
#include "contracts/rules.h"
#include "ledger/model/bid_commitment.h"
#include "ledger/model/key_possession.h"
#include "ledger/model/state_keys.h"
#include "ledger/model/wire_keys.h"
#include "tests/support/catch.h"
#include "tests/support/sample_genesis.h"
#include "tests/unit/contracts/script.h"

namespace sanquan::contracts::testing {
namespace {

using sanquan::testing::key_of;
using Arguments = std::vector<std::string>;

// Bytes as they stand in protobuf's text format.
std::string escaped(ByteView bytes) {
    std::string text;
    for (const char c : bytes) {
        const auto octet = static_cast<std::uint8_t>(c);
        text +=
            {'\\', static_cast<char>('0' + (octet >> 6U)),
             static_cast<char>('0' + ((octet >> 3U) & 7U)), static_cast<char>('0' + (octet & 7U))};
    }
    return text;
}

// The fields of a KeyRegistration of `organisation`.
std::string registration(const World& world, const std::string& organisation,
                         const SigningKey& key) {
    const Bytes proof = key.sign(possession_message(world.chain(), organisation, key.public_key()));
    return "key { algorithm: " +
           std::string(wire::KeyAlgorithm_Name(to_wire(key.public_key()).algorithm())) +
           " key: \"" + escaped(key.public_key().bytes) + "\" } possession: \"" + escaped(proof) +
           "\"";
}

std::string commitment(const World& world, const Arguments& arguments) {
    wire::RevealBid reveal;
    reveal.set_tender(arguments.at(0));
    *reveal.mutable_price() = make_money("CNY", *Amount::parse(arguments.at(2)));
    reveal.set_proposal(Bytes(32, 'p'));
    reveal.set_salt(Bytes(32, 's'));
    return escaped(bid_commitment(world.chain(), arguments.at(1), reveal).view());
}

std::map<std::string, Question> functions() {
    std::map<std::string, Question> all;
    all["possess"] = [](const World& world, const Arguments& arguments) {
        return registration(world, arguments.at(0), key_of(arguments.at(1)));
    };
    all["possess-sm2"] = [](const World& world, const Arguments& arguments) {
        return registration(world, arguments.at(0), SigningKey::generate(KeyAlgorithm::kSm2));
    };
    all["keyid"] = [](const World&, const Arguments& arguments) {
        return escaped(key_of(arguments.at(0)).id().view());
    };
    all["amount"] = [](const World&, const Arguments& arguments) {
        return escaped(Amount::parse(arguments.at(0))->encode());
    };
    all["commit"] = commitment;
    return all;
}

std::map<std::string, Question> questions() {
    std::map<std::string, Question> all;
    all["balance"] = [](const World& world, const Arguments& arguments) {
        return balance_of(world.state(), arguments.at(0), arguments.at(1)).to_string();
    };
    all["parameter"] = [](const World& world, const Arguments& arguments) {
        const auto which = find_parameter(arguments.at(0));
        REQUIRE(which.has_value());
        return std::to_string(contracts::parameter(world.state(), world.context(), *which));
    };
    all["role"] = [](const World& world, const Arguments& arguments) {
        for (int role = 1; role < wire::Role_ARRAYSIZE; ++role) {
            if (keys::word(static_cast<wire::Role>(role)) == arguments.at(1)) {
                const std::string scope = arguments.size() > 2 ? arguments[2] : "";
                return std::string(holds_role(world.state(), world.context(), arguments.at(0),
                                              static_cast<wire::Role>(role), scope)
                                       ? "yes"
                                       : "no");
            }
        }
        FAIL("no such role");
        return std::string();
    };
    return all;
}

void occupy(World& world, const std::string& type) {
    const std::map<std::string, std::string> prefixes = {
        {"proposal", "GP"}, {"tender", "T"}, {"mandate", "M"}};
    REQUIRE(prefixes.contains(type));
    world.state().put(keys::join({type, world.next_id(prefixes.at(type))}), "taken");
}

void members(World& world, std::uint64_t count) {
    auto record = load_existing<wire::GovernanceRecord>(world.state(), keys::governance());
    while (static_cast<std::uint64_t>(record.members_size()) < count) {
        record.add_members("M" + std::to_string(100 + record.members_size()));
    }
    store(world.state(), keys::governance(), record);
}

// Votes and ratifications of members who left since.
void old_votes(World& world, const std::string& proposal, std::uint64_t count) {
    auto record = load_existing<wire::ProposalRecord>(world.state(), keys::proposal(proposal));
    for (std::uint64_t i = 0; i < count; ++i) {
        record.add_approvals("LEFT-" + std::to_string(1'000 + i));
    }
    std::sort(record.mutable_approvals()->begin(), record.mutable_approvals()->end());
    store(world.state(), keys::proposal(proposal), record);
}

void old_ratifications(World& world, const std::string& subject, std::uint64_t count) {
    auto record = load_existing<wire::FreezeRecord>(world.state(), keys::freeze(subject));
    for (std::uint64_t i = 0; i < count; ++i) {
        record.add_ratifications()->set_member("LEFT-" + std::to_string(1'000 + i));
    }
    store(world.state(), keys::freeze(subject), record);
}

void pending(World& world, const std::string& name, std::uint64_t count) {
    wire::ParameterRecord record;
    for (std::uint64_t i = 0; i <= count; ++i) {
        auto& version = *record.add_versions();
        version.set_value(9);
        version.set_version(i + 1);
        version.set_activation_height(i == 0 ? 0 : 100 + i);
    }
    store(world.state(), keys::parameter(name), record);
}

void shared_franchises(World& world, const std::string& sector, std::uint64_t count) {
    auto record = load_existing<wire::SectorRecord>(world.state(), keys::sector(sector));
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string id = "F-SHARED-" + std::to_string(i);
        wire::FranchiseRecord franchise;
        franchise.set_sector(sector);
        franchise.set_platform("US");
        franchise.set_valid_until_ms(~0ULL);
        store(world.state(), keys::franchise(id), franchise);
        record.add_franchises(id);
    }
    store(world.state(), keys::sector(sector), record);
}

std::map<std::string, Command> commands() {
    std::map<std::string, Command> all;
    all["height"] = [](World& world, const Arguments& arguments) {
        world.set_height(std::stoull(arguments.at(0)));
    };
    all["production"] = [](World& world, const Arguments&) {
        world.set_profile(ChainProfile::kProduction);
    };
    all["occupy"] = [](World& world, const Arguments& arguments) {
        occupy(world, arguments.at(0));
    };
    all["members"] = [](World& world, const Arguments& arguments) {
        members(world, std::stoull(arguments.at(0)));
    };
    all["old_votes"] = [](World& world, const Arguments& arguments) {
        old_votes(world, arguments.at(0), std::stoull(arguments.at(1)));
    };
    all["old_ratifications"] = [](World& world, const Arguments& arguments) {
        old_ratifications(world, arguments.at(0), std::stoull(arguments.at(1)));
    };
    all["pending"] = [](World& world, const Arguments& arguments) {
        pending(world, arguments.at(0), std::stoull(arguments.at(1)));
    };
    all["shared_franchises"] = [](World& world, const Arguments& arguments) {
        shared_franchises(world, arguments.at(0), std::stoull(arguments.at(1)));
    };
    return all;
}

}  // namespace

TEST_CASE("The contracts of parties, governance and money answer as their tables say",
          "[contracts][party]") {
    const Vocabulary vocabulary{questions(), commands(), functions()};
    std::set<std::string> seen;
    for (const char* table : {"party.table", "governance.table", "tender.table", "money.table"}) {
        seen.merge(run_script(std::string(SANQUAN_SOURCE_DIR) + "/tests/unit/contracts/" + table,
                              vocabulary));
    }
    for (std::uint32_t number = 3001; number < 3800; ++number) {
        if (const auto code = code_from_number(number)) {
            INFO(text(*code) << " is expected by no line of the tables");
            CHECK(seen.contains(std::string(text(*code))));
        }
    }
}

}  // namespace sanquan::contracts::testing
