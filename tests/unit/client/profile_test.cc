// Goal: a profile survives being written and read, and a bad one is refused with its line. Method:
// round trip and a table.
#include "client/lib/profile.h"

#include <fstream>

#include "client/lib/key_ring.h"
#include "tests/support/catch.h"
#include "tests/unit/client/temporary_folder.h"

namespace sanquan::client {
namespace {

Profile sample_profile() {
    Profile profile;
    profile.chain.id.octets[1] = 4;
    profile.chain.profile = ChainProfile::kDemo;
    profile.keys_dir = "keys";
    profile.passphrase_file = "keys/passphrase";
    profile.genesis = "genesis.bin";
    profile.nodes = {{"one", "127.0.0.1", "20001", std::string(64, 'a'), "", false},
                     {"two", "::1", "20002", std::string(64, 'b'), "", true}};
    profile.organisations = {{"bank", "X-BANK"}};
    return profile;
}

TEST_CASE("a profile is read as it was written", "[client][profile]") {
    const TemporaryFolder folder;
    const Profile written = sample_profile();
    std::ofstream(folder.path / "client.toml") << profile_toml(written);
    const auto read = load_profile(folder.path);
    REQUIRE(read);
    CHECK(read->chain.id == written.chain.id);
    CHECK(read->chain.profile == ChainProfile::kDemo);
    CHECK(read->keys_dir == folder.path / "keys");
    REQUIRE(read->nodes.size() == 2);
    CHECK(read->nodes[0].host == "127.0.0.1");
    CHECK(read->nodes[0].port == "20001");
    CHECK(read->nodes[1].audit);
    CHECK(read->organisation_id("bank") == "X-BANK");
    CHECK(read->organisation_id("X-OTHER") == "X-OTHER");
    // A witness is known by name and key together: nobody signs the name in a checkpoint.
    CHECK(read->knows_audit_node("two", std::string(64, 'b')));
    CHECK_FALSE(read->knows_audit_node("regulator", std::string(64, 'b')));
    CHECK_FALSE(read->knows_audit_node("two", std::string(64, 'c')));
    CHECK_FALSE(read->knows_audit_node("one", std::string(64, 'a')));
}

TEST_CASE("bad profiles are refused and name the line", "[client][profile]") {
    const TemporaryFolder folder;
    CHECK(load_profile(folder.path).error().code == Code::kBadProfile);
    const std::string good = profile_toml(sample_profile());
    const std::pair<std::string, std::string> changes[] = {
        {"hash = \"sha256\"", "hash = \"md5\""},
        {"profile = \"demo\"", "profile = \"test\""},
        {"chain_id = \"0004", "chain_id = \"XX04"},
        {"keys_dir = \"keys\"", "keys_dir = 7"},
        {"keys_dir = \"keys\"", "keys_dirs = \"keys\""},
        {"tls_pin = \"aaaa", "tls_pin = \"AAAA"},
        {"address = \"127.0.0.1:20001\"", "address = \"127.0.0.1\""},
        {"role = \"audit\"", "role = \"king\""},
        {"[[nodes]]", "[[nodes"},
    };
    for (const auto& [from, to] : changes) {
        INFO(to);
        std::string text = good;
        REQUIRE(text.find(from) != std::string::npos);
        text.replace(text.find(from), from.size(), to);
        std::ofstream(folder.path / "client.toml") << text;
        const auto read = load_profile(folder.path);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == Code::kBadProfile);
        CHECK(read.error().context.find("client.toml:") != std::string::npos);
    }
}

TEST_CASE("key rings make, find and derive keys", "[client][keys]") {
    const TemporaryFolder folder;
    KeyRing ring(folder.path / "keys", folder.path / "keys" / "passphrase");
    CHECK(ring.keys_of("X-A").error().code == Code::kNoSigningKey);
    CHECK(ring.create("../evil", KeyAlgorithm::kEd25519).error().code == Code::kBadText);
    REQUIRE(ring.create("X-A", KeyAlgorithm::kEd25519));
    REQUIRE(ring.create("X-A", KeyAlgorithm::kSm2));
    KeyRing again(folder.path / "keys", folder.path / "keys" / "passphrase");
    const auto keys = again.keys_of("X-A");
    REQUIRE(keys);
    REQUIRE(keys->size() == 2);
    CHECK((*keys)[1]->public_key().algorithm == KeyAlgorithm::kSm2);
    REQUIRE(again.create_wallet());
    const KeyId derived = again.keys_of("X-B").value().front()->id();
    KeyRing third(folder.path / "keys", folder.path / "keys" / "passphrase");
    CHECK(third.keys_of("X-B").value().front()->id() == derived);
    CHECK(third.keys_of("X-C").value().front()->id() != derived);
    CHECK(third.organisations().value() == std::vector<std::string>{"X-A"});
}

}  // namespace
}  // namespace sanquan::client
