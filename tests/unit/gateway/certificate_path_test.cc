// Goal: where a CA file decides, both sides of the client port judge by our X.509 profile and not by the TLS library's
// rules. Method: an issuer of the test's own; certificates that depart from the profile in one way each, over real TLS.
#include <openssl/ssl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>

#include "client/lib/http_client.h"
#include "ledger/crypto/random.h"
#include "ledger/crypto/tls_certificate.h"
#include "node/gateway/gateway.h"
#include "tests/support/catch.h"
#include "tests/unit/gateway/fake_ledger.h"
#include "tests/unit/gateway/issued_certificate.h"

namespace sanquan::node {
namespace {

namespace asio = boost::asio;
using testing::IssuedOptions;
using testing::Issuer;

struct TemporaryFile {
    explicit TemporaryFile(const Bytes& content)
        : path(std::filesystem::temp_directory_path() /
               ("sanquan-test-" + to_hex(random_bytes(8)))) {
        std::ofstream(path, std::ios::binary) << content;
    }
    ~TemporaryFile() { std::filesystem::remove(path); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    std::filesystem::path path;
};

std::unique_ptr<Gateway> start(FakeLedger& ledger, const SigningKey& key, const Bytes& certificate,
                               const Bytes& client_ca = {}) {
    GatewayConfig config;
    config.host = "127.0.0.1";
    config.certificate_pem = certificate;
    config.key_pem = key.plain_pem();
    config.client_ca_pem = client_ca;
    return std::move(Gateway::start(std::move(config), ledger).value());
}

TEST_CASE("a client with a CA file judges the server by the profile", "[gateway][client][x509]") {
    const Issuer issuer;
    const Issuer stranger;
    const IssuedOptions good{"node", "IP:127.0.0.1"};
    struct Row {
        const char* what;
        IssuedOptions options;
        const Issuer* trusted;
        bool accepted;
    };
    const Row rows[] = {
        {"as the profile wants it", good, &issuer, true},
        {"another issuer is trusted", good, &stranger, false},
        {"no alternative name", {"127.0.0.1", ""}, &issuer, false},
        {"another name", {"node", "IP:127.0.0.2"}, &issuer, false},
        {"expired", {"node", "IP:127.0.0.1", "serverAuth", true, -60}, &issuer, false},
        {"for clients", {"node", "IP:127.0.0.1", "clientAuth"}, &issuer, false},
        {"no key identifier, which OpenSSL lets pass",
         {"node", "IP:127.0.0.1", "serverAuth", false},
         &issuer,
         false},
    };
    const auto key = SigningKey::generate(KeyAlgorithm::kEcdsaP256);
    for (const Row& row : rows) {
        INFO(row.what);
        FakeLedger ledger;
        const auto gateway = start(ledger, key, issuer.issue(key, row.options));
        const TemporaryFile ca(row.trusted->root());
        client::HttpClient http(
            {"node", "127.0.0.1", std::to_string(gateway->port()), "", ca.path.string()});
        client::HttpRequest request;
        request.target = "/healthz";
        const auto answer = http.request(request, std::chrono::seconds(10));
        CHECK(answer.has_value() == row.accepted);
        if (!answer) {
            CHECK(answer.error().code == Code::kWrongServer);
            CHECK(answer.error().context.find(row.accepted ? "" : "X509_INVALID") !=
                  std::string::npos);
        }
    }
    SECTION("a pin needs no path") {
        FakeLedger ledger;
        const auto gateway =
            start(ledger, key, make_self_signed_certificate(key, "n", 0, 4'000'000'000).value());
        client::HttpClient http({"node", "127.0.0.1", std::to_string(gateway->port()),
                                 spki_hash(key).value().hex(), ""});
        client::HttpRequest request;
        request.target = "/healthz";
        CHECK(http.request(request, std::chrono::seconds(10)));
    }
    SECTION("a CA file that holds none is an error of its own") {
        const TemporaryFile ca("no certificate");
        client::HttpClient http({"node", "127.0.0.1", "1", "", ca.path.string()});
        const auto answer = http.request({}, std::chrono::seconds(10));
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == Code::kBadEncoding);
        CHECK(answer.error().context.find(ca.path.string()) != std::string::npos);
    }
}

// Whether a client with this certificate (none: empty) is answered.
bool is_answered(std::uint16_t port, const SigningKey& key, const Bytes& certificate) {
    asio::io_context context;
    asio::ssl::context tls(asio::ssl::context::tls_client);
    if (!certificate.empty()) {
        const SecretBytes pem = key.plain_pem();
        tls.use_certificate(asio::buffer(certificate), asio::ssl::context::pem);
        tls.use_private_key(asio::buffer(pem.view().data(), pem.size()), asio::ssl::context::pem);
    }
    asio::ssl::stream<asio::ip::tcp::socket> stream(context, tls);
    stream.next_layer().connect({asio::ip::make_address("127.0.0.1"), port});
    boost::system::error_code error;
    stream.handshake(asio::ssl::stream_base::client, error);
    asio::write(stream,
                asio::buffer(std::string("GET /healthz HTTP/1.1\r\nHost: n\r\nConnection: "
                                         "close\r\n\r\n")),
                error);
    std::string answer;
    asio::read(stream, asio::dynamic_buffer(answer), error);
    return answer.starts_with("HTTP/1.1 200");
}

TEST_CASE("a gateway with a client CA judges clients by the profile", "[gateway][x509]") {
    const Issuer issuer;
    const Issuer stranger;
    const auto node_key = SigningKey::generate(KeyAlgorithm::kEcdsaP256);
    const auto key = SigningKey::generate(KeyAlgorithm::kEcdsaP256);
    FakeLedger ledger;
    const auto gateway = start(
        ledger, node_key, make_self_signed_certificate(node_key, "n", 0, 4'000'000'000).value(),
        stranger.root() + issuer.root());
    const auto answered = [&](const Bytes& certificate) {
        return is_answered(gateway->port(), key, certificate);
    };
    CHECK(answered(issuer.issue(key, {"client", "", "clientAuth"})));
    CHECK(answered(""));  // anonymous
    CHECK_FALSE(answered(issuer.issue(key, {"client", "", "clientAuth", true, -60})));
    CHECK_FALSE(answered(issuer.issue(key, {"client", "", "serverAuth"})));
    CHECK_FALSE(answered(issuer.issue(key, {"client", "", "clientAuth", false})));
    CHECK_FALSE(answered(Issuer().issue(key, {"client", "", "clientAuth"})));
    CHECK_FALSE(answered(make_self_signed_certificate(key, "c", 0, 4'000'000'000).value()));
}

TEST_CASE("a client CA that holds no certificate stops the start", "[gateway][x509]") {
    const auto key = SigningKey::generate(KeyAlgorithm::kEcdsaP256);
    GatewayConfig config;
    config.host = "127.0.0.1";
    config.certificate_pem = make_self_signed_certificate(key, "n", 0, 4'000'000'000).value();
    config.key_pem = key.plain_pem();
    config.client_ca_pem = "nothing of the kind";
    FakeLedger ledger;
    const auto started = Gateway::start(std::move(config), ledger);
    REQUIRE_FALSE(started);
    CHECK(started.error().code == Code::kBadConfig);
}

}  // namespace
}  // namespace sanquan::node
