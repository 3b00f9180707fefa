// Goal: a genesis file is accepted only when every entry is right. Method: one valid sample, one
// wrong entry at a time.
#include "ledger/model/genesis.h"

#include <functional>

#include "ledger/codec/canonical.h"
#include "tests/support/catch.h"
#include "tests/support/sample_genesis.h"

namespace sanquan {
namespace {

struct Wrong {
    const char* what;
    std::function<void(wire::Genesis&)> spoil;
};

// clang-format off
const std::vector<Wrong>& wrong_entries() {
    static const std::vector<Wrong> kWrong = {
        {"format", [](auto& g) { g.set_format(2); }},
        {"network name", [](auto& g) { g.set_network("Sample"); }},
        {"no profile", [](auto& g) { g.clear_profile(); }},
        {"unknown profile", [](auto& g) { g.set_profile(static_cast<wire::Profile>(7)); }},
        {"no hash", [](auto& g) { g.clear_hash(); }},
        {"no time", [](auto& g) { g.clear_time_ms(); }},
        {"heartbeat", [](auto& g) { g.set_heartbeat_ms(10); }},
        {"view timeout", [](auto& g) { g.set_view_timeout_ms(1); }},
        {"reappends", [](auto& g) { g.set_state_reappends_per_entry(0); }},
        {"algorithms missing", [](auto& g) { g.clear_key_algorithms(); }},
        {"algorithm twice", [](auto& g) { g.add_key_algorithms(wire::ED25519); }},
        {"unknown algorithm", [](auto& g) { g.add_key_algorithms(static_cast<wire::KeyAlgorithm>(9)); }},
        {"organisations not ascending", [](auto& g) { g.mutable_organisations()->SwapElements(0, 1); }},
        {"organisation twice", [](auto& g) { *g.mutable_organisations(1) = g.organisations(0); }},
        {"bad id", [](auto& g) { g.mutable_organisations(15)->set_id("x-us"); }},
        {"bidirectional name", [](auto& g) { g.mutable_organisations(0)->mutable_name()->set_en("Bank\u202Eknab"); }},
        {"individual", [](auto& g) { g.mutable_organisations(0)->set_kind(wire::INDIVIDUAL); }},
        {"unknown region", [](auto& g) { g.mutable_organisations(0)->set_region("110000"); }},
        {"no keys", [](auto& g) { g.mutable_organisations(0)->clear_keys(); }},
        {"threshold above keys", [](auto& g) { g.mutable_organisations(0)->set_threshold(2); }},
        {"threshold zero", [](auto& g) { g.mutable_organisations(0)->set_threshold(0); }},
        {"key twice", [](auto& g) { *g.mutable_organisations(0)->mutable_keys(0) = g.organisations(1).keys(0); }},
        {"algorithm not admitted", [](auto& g) { g.mutable_organisations(0)->mutable_keys(0)->set_algorithm(wire::SM2); }},
        {"algorithm that truncates to Ed25519", [](auto& g) {
            g.mutable_organisations(0)->mutable_keys(0)->set_algorithm(static_cast<wire::KeyAlgorithm>(257)); }},
        {"small-order key", [](auto& g) { g.mutable_organisations(0)->mutable_keys(0)->set_key(Bytes(32, '\0')); }},
        {"three validators", [](auto& g) { g.mutable_validators()->RemoveLast(); }},
        {"no validators", [](auto& g) { g.clear_validators(); }},
        {"validator of nobody", [](auto& g) { g.mutable_validators(0)->set_organisation("X-NOBODY"); }},
        {"node name twice", [](auto& g) { g.mutable_validators(0)->set_name("node-1"); }},
        {"node name", [](auto& g) { g.mutable_validators(0)->set_name("../node"); }},
        {"vote key twice", [](auto& g) { *g.mutable_validators(0)->mutable_vote_key() = g.validators(1).vote_key(); }},
        {"TLS key twice", [](auto& g) { g.mutable_audit_nodes(0)->set_tls_key(g.validators(0).tls_key()); }},
        {"TLS key short", [](auto& g) { g.mutable_validators(0)->set_tls_key("short"); }},
        {"role of nobody", [](auto& g) { g.mutable_roles(0)->set_organisation("X-NOBODY"); }},
        {"role twice", [](auto& g) { *g.add_roles() = g.roles(0); }},
        {"unknown role", [](auto& g) { g.mutable_roles(4)->set_role(static_cast<wire::Role>(99)); }},
        {"platform without tender", [](auto& g) { g.mutable_roles(4)->set_role(wire::PLATFORM_COMPANY); }},
        {"sector role without sector", [](auto& g) { g.mutable_roles(7)->clear_sector(); }},
        {"sector on another role", [](auto& g) { g.mutable_roles(9)->set_sector("S01"); }},
        {"unknown sector", [](auto& g) { g.mutable_roles(7)->set_sector("S99"); }},
        {"two leads", [](auto& g) { g.mutable_roles(8)->set_sector("S01"); }},
        {"two supervisors", [](auto& g) { g.mutable_roles(4)->set_role(wire::INFORMATISATION_AUTHORITY); }},
        {"no supervisor", [](auto& g) { g.mutable_roles(0)->set_role(wire::AUDITOR); }},
        {"quorum of half", [](auto& g) { g.set_leading_group_quorum(1); }},
        {"quorum beyond members", [](auto& g) { g.set_leading_group_quorum(4); }},
        {"parameters not ascending", [](auto& g) {
            g.add_parameters()->set_name("b"); g.add_parameters()->set_name("a"); }},
        {"pilot sector", [](auto& g) { g.mutable_sectors(0)->set_code("P01"); }},
        {"sector of three letters", [](auto& g) { g.mutable_sectors(0)->set_code("ABC"); }},
        {"sector of three digits", [](auto& g) { g.mutable_sectors(0)->set_code("101"); }},
        {"region that begins with 0", [](auto& g) { g.mutable_regions(0)->set_code("030000"); }},
        {"no regions", [](auto& g) { g.clear_regions(); }},
        {"region code", [](auto& g) { g.mutable_regions(0)->set_code("53000X"); }},
        {"currency code", [](auto& g) { g.mutable_currencies(0)->set_code("cny"); }},
        {"currency exponent", [](auto& g) { g.mutable_currencies(0)->set_exponent(19); }},
    };
    return kWrong;
}
// clang-format on

}  // namespace

TEST_CASE("a valid genesis gives chain, validators and header", "[model][genesis]") {
    const Genesis genesis = testing::decoded_sample();
    CHECK(genesis.chain.profile == ChainProfile::kDemo);
    CHECK(genesis.chain.hash == HashAlgorithm::kSha256);
    CHECK(genesis_validators(genesis).validators.size() == 4);
    const BlockHeader header = genesis_header(genesis);
    CHECK(header.chain == genesis.chain.id);
    CHECK(header.time.value == 1'700'000'000'000);
    CHECK_FALSE(header.is_boundary());

    wire::Genesis other = testing::sample_genesis();
    other.set_time_ms(1'700'000'000'001);
    CHECK(decode_genesis(encode(other))->chain.id != genesis.chain.id);
}

TEST_CASE("one validator makes a single-node network", "[model][genesis]") {
    wire::Genesis message = testing::sample_genesis();
    while (message.validators_size() > 1) {
        message.mutable_validators()->RemoveLast();
    }
    CHECK(decode_genesis(encode(message)).has_value());
}

TEST_CASE("a genesis with one wrong entry is refused", "[model][genesis]") {
    for (const Wrong& wrong : wrong_entries()) {
        wire::Genesis message = testing::sample_genesis();
        wrong.spoil(message);
        const auto genesis = decode_genesis(encode(message));
        INFO(wrong.what);
        REQUIRE_FALSE(genesis.has_value());
        CHECK(text(genesis.error().code) == "GENESIS_INVALID");
    }
}

TEST_CASE("a genesis that is not canonical is refused", "[model][genesis]") {
    const Bytes file = encode(testing::sample_genesis());
    CHECK(decode_genesis(file + Bytes("\x08\x01", 2)).error().code == Code::kNotCanonical);
    CHECK(decode_genesis(file.substr(0, file.size() / 2)).error().code == Code::kBadEncoding);
    CHECK(decode_genesis(Bytes(kGenesisBytesMax + 1, 'x')).error().code == Code::kTooLong);
    CHECK(decode_genesis("").error().code == Code::kGenesisInvalid);
}

}  // namespace sanquan
