// Goal: every mistake in a node's file is refused with file, line and the fix, and a good file is read completely.
// Method: a table of edits of one good file, each with the sentence that must come.
#include "node/config.h"

#include "tests/support/catch.h"

using namespace sanquan;
using namespace sanquan::node;

namespace {

constexpr const char* kGood = R"(name = "alpha"
role = "validator"
data_dir = "data"
genesis = "../genesis.bin"

[keys]
passphrase_file = "passphrase"
vote_key = "vote.pem"
tls_key = "tls.pem"
tls_certificate = "tls.crt"

[peer]
listen = "127.0.0.1:7001"

[[peers]]
name = "beta"
address = "[::1]:7002"

[client]
listen = "127.0.0.1:8001"
tls_certificate = "tls.crt"
tls_key = "tls.pem"

[limits]
block_transactions = 100
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a good file is read completely", "[node][config]") {
    const auto config = parse_config(kGood, "/etc/sanquan/node.toml");
    REQUIRE(config);
    CHECK(config->name == "alpha");
    CHECK(config->role == NodeRole::kValidator);
    CHECK(config->data_dir == "/etc/sanquan/data");
    CHECK(config->genesis == "/etc/genesis.bin");
    CHECK(config->keys.vote_key == "/etc/sanquan/vote.pem");
    CHECK(config->peer_listen.text() == "127.0.0.1:7001");
    REQUIRE(config->peers.size() == 1);
    CHECK(config->peers[0].address.text() == "[::1]:7002");
    CHECK(config->client.enabled);
    CHECK(config->limits.block_transactions == 100);
    CHECK(config->limits.pool_transactions == LimitConfig{}.pool_transactions);
}

TEST_CASE("every mistake names file, line and fix", "[node][config]") {
    struct Row {
        const char* from;
        const char* to;
        const char* sentence;
    };
    const Row rows[] = {
        {"name = \"alpha\"", "name = \"Alpha!\"", "name must be 1 to 64 of a-z"},
        {"name = \"alpha\"", "", "name is missing; add it"},
        {"role = \"validator\"", "role = \"king\"", ":2: role must be \"validator\" or \"audit\""},
        {"role = \"validator\"", "role = 3", ":2: role must be a text in quotes"},
        {"data_dir = \"data\"", "data_dir = \"\"", ":3: data_dir must not be empty"},
        {"genesis = \"../genesis.bin\"", "genesis = \"x\"\ncolour = 1",
         ":5: colour is not a known key; known here: "},
        {"[keys]\n", "[keys]\nfoo = 1\n", "keys.foo is not a known key"},
        {"vote_key = \"vote.pem\"\n", "", "keys.vote_key is missing"},
        {"listen = \"127.0.0.1:7001\"", "listen = \"127.0.0.1\"", "peer.listen must be host:port"},
        {"listen = \"127.0.0.1:7001\"", "listen = \"127.0.0.1:70000\"", "must be host:port"},
        {"listen = \"127.0.0.1:7001\"", "listen = \"127.0.0.1:0\"", "must be host:port"},
        {"listen = \"127.0.0.1:7001\"", "listen = \"::1:7001\"", "must be host:port"},
        {"[[peers]]\n", "[[peers]]\nport = 3\n", "peers.port is not a known key"},
        {"name = \"beta\"", "", "peers.name is missing"},
        {"block_transactions = 100", "block_transactions = 0",
         "limits.block_transactions must be a whole number from 1 to 5000"},
        {"block_transactions = 100", "block_transactions = 1.5", "must be a whole number"},
        {"block_transactions = 100", "block_transactions = \"9\"", "must be a whole number"},
        {"[limits]", "[limits", "node.toml:24: "},
        {"[client]", "[[client]]", "must be a table: [client]"},
    };
    for (const Row& row : rows) {
        INFO(row.to);
        const auto config =
            parse_config(replaced(kGood, row.from, row.to), "/etc/sanquan/node.toml");
        REQUIRE_FALSE(config);
        CHECK(config.error().code == Code::kBadConfig);
        INFO(config.error().context);
        CHECK(config.error().context.find("/etc/sanquan/node.toml:") == 0);
        CHECK(config.error().context.find(row.sentence) != std::string::npos);
    }
}

TEST_CASE("a peer named twice is refused, the node itself among the peers is left out",
          "[node][config]") {
    const std::string twice =
        std::string(kGood) + "[[peers]]\nname = \"beta\"\naddress = \"127.0.0.1:7003\"\n";
    CHECK_FALSE(parse_config(twice, "node.toml"));
    const std::string self =
        std::string(kGood) + "[[peers]]\nname = \"alpha\"\naddress = \"127.0.0.1:7001\"\n";
    const auto config = parse_config(self, "node.toml");
    REQUIRE(config);
    CHECK(config->peers.size() == 1);
}

TEST_CASE("a missing file is an error that names it", "[node][config]") {
    const auto config = load_config("/nonexistent/node.toml");
    REQUIRE_FALSE(config);
    CHECK(config.error().code == Code::kIo);
    CHECK(config.error().context.find("/nonexistent/node.toml") != std::string::npos);
}
