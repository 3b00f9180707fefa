// Goal: a network that `network create` or `network assemble` writes is complete and private.
// Method: create in a temporary folder and read everything back with the ledger's own decoders.
#include <sys/stat.h>

#include <fstream>

#include "client/cli/network_files.h"
#include "client/cli/network_parts.h"
#include "ledger/crypto/key_store.h"
#include "ledger/model/genesis.h"
#include "tests/support/catch.h"
#include "tests/unit/client/temporary_folder.h"

namespace sanquan::cli {
namespace {

unsigned mode_of(const fs::path& file) {
    struct stat info{};
    REQUIRE(::stat(file.c_str(), &info) == 0);
    return info.st_mode & 0777U;
}

Bytes read_file(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

TEST_CASE("a created network is complete, checked and private", "[client][network]") {
    const TemporaryFolder folder;
    NetworkOptions options;
    options.directory = folder.path / "net";
    options.demo = true;
    options.network_name = "demo";
    const auto profile = create_network(options);
    REQUIRE(profile);
    const auto genesis = decode_genesis(read_file(options.directory / "genesis.bin"));
    REQUIRE(genesis);
    CHECK(genesis->chain.id == profile->chain.id);
    CHECK(genesis->chain.profile == ChainProfile::kDemo);
    CHECK(genesis->message.validators_size() == 4);
    CHECK(genesis->message.audit_nodes_size() == 1);
    CHECK(genesis->message.sectors_size() == 20);
    std::uint32_t exponent = 0;
    for (const auto& currency : genesis->message.currencies()) {
        exponent = currency.code() == "XTS" ? currency.exponent() : exponent;
    }
    CHECK(exponent == 18);
    REQUIRE(profile->nodes.size() == 5);
    for (const auto& node : profile->nodes) {
        const auto home = options.directory / "nodes" / node.name;
        CHECK(mode_of(home / "tls.pem") == 0600);
        CHECK(mode_of(home / "passphrase") == 0600);
        CHECK(fs::exists(home / "vote.pem") == !node.audit);
        CHECK(fs::exists(home / "node.toml"));
    }
    CHECK(mode_of(options.directory / "keys" / "X-SETTLEMENT-BANK.pem") == 0600);
    CHECK(client::load_profile(options.directory));
    CHECK(create_network(options).error().code == Code::kDirectoryExists);  // never overwrites
    CHECK(mode_of(options.directory / "start.sh") == 0755);
    CHECK(read_file(options.directory / "start.sh").find("${SANQUAN:-") != Bytes::npos);
}

TEST_CASE("numbers of validators that survive no fault are refused", "[client][network]") {
    CHECK_FALSE(plan_network(0));
    CHECK_FALSE(plan_network(2));
    CHECK_FALSE(plan_network(3));
    CHECK_FALSE(plan_network(1'000));
    CHECK(plan_network(1)->nodes.size() == 1);
    CHECK(plan_network(7)->nodes.size() == 8);
}

TEST_CASE("genesis is assembled from signed parts and joined by its digest", "[client][network]") {
    const TemporaryFolder folder;
    const auto plan = plan_network(4).value();
    std::vector<fs::path> parts;
    std::uint16_t port = 7'000;
    for (const auto& organisation : plan.organisations) {
        PartOptions part;
        part.directory = folder.path / organisation.id;
        part.organisation = organisation.id;
        for (const auto& node : plan.nodes) {
            if (node.organisation == organisation.id) {
                part.node = node.name;
                part.host = "10.0.0.1";
                part.peer_port = port++;
                part.client_port = port++;
            }
        }
        const auto file = create_part(part);
        REQUIRE(file);
        parts.push_back(*file);
    }
    NetworkOptions options;
    options.directory = folder.path / "net";
    options.network_name = "sanquan";
    const auto profile = assemble_network(options, parts);
    REQUIRE(profile);
    const std::string digest = profile->chain.id.hex();
    const auto mine = folder.path / "X-DATA-EXCHANGE";
    CHECK(join_network(mine, options.directory, "X-DATA-EXCHANGE", std::string(64, '0'))
              .error()
              .code == Code::kGenesisInvalid);
    REQUIRE(join_network(mine, options.directory, "X-DATA-EXCHANGE", digest));
    CHECK(fs::exists(mine / "nodes" / "data-exchange" / "node.toml"));
    CHECK(client::load_profile(mine)->chain.id == profile->chain.id);
    CHECK(mode_of(mine / "start.sh") == 0755);
    CHECK(mode_of(mine / "stop.sh") == 0755);
    const auto bank = folder.path / "X-SETTLEMENT-BANK";  // runs no node
    REQUIRE(join_network(bank, options.directory, "X-SETTLEMENT-BANK", digest));
    CHECK_FALSE(fs::exists(bank / "start.sh"));

    SECTION("a changed part is refused") {
        std::string text = read_file(parts.front());
        text.replace(text.find("10.0.0.1"), 8, "10.0.0.2");
        std::ofstream(parts.front(), std::ios::trunc) << text;
        options.directory = folder.path / "net2";
        CHECK(assemble_network(options, parts).error().code == Code::kSigInvalid);
    }
    SECTION("a missing part is named") {
        parts.pop_back();
        options.directory = folder.path / "net3";
        const auto failed = assemble_network(options, parts);
        REQUIRE_FALSE(failed);
        CHECK(failed.error().context.find("X-LEADING-GROUP-3") != std::string::npos);
    }
}

}  // namespace
}  // namespace sanquan::cli
