// Goal: docs/openapi.yaml and the gateway say the same. Method: the document's paths and methods against the router's
// routes, both ways; then every GET is asked of a running gateway, and the members that the document calls required are
// looked for in the answer.
#include <boost/json/parse.hpp>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "client/lib/http_client.h"
#include "ledger/crypto/tls_certificate.h"
#include "node/gateway/gateway.h"
#include "node/gateway/routes.h"
#include "tests/support/catch.h"
#include "tests/unit/gateway/fake_ledger.h"

namespace sanquan::node {
namespace {

struct DocumentedOperation {
    std::set<std::string> statuses;
    std::vector<std::string> required;  // members of the first JSON object of the 200 answer
    bool is_json = false;
};

// The part of YAML that the document uses: two blanks a level; a path, a method and a status begin lines of their own.
std::map<std::string, DocumentedOperation> read_document() {
    std::ifstream stream(std::string(SANQUAN_SOURCE_DIR) + "/docs/openapi.yaml");
    std::map<std::string, DocumentedOperation> operations;
    std::string line;
    std::string path;
    std::string key;
    std::string status;
    bool in_paths = false;
    std::smatch match;
    static const std::regex kPath(R"(  (/\S*):)");
    static const std::regex kMethod(R"(    (get|post|put|delete):)");
    static const std::regex kStatus(R"-(        "(\d{3})":.*)-");
    static const std::regex kRequired(R"(                required: \[(.*)\])");
    while (std::getline(stream, line)) {
        if (!line.empty() && line.front() != ' ') {
            in_paths = line == "paths:";
        }
        if (!in_paths) {
            continue;
        }
        if (std::regex_match(line, match, kPath)) {
            path = match[1];
        } else if (std::regex_match(line, match, kMethod)) {
            key = (match[1] == "get" ? "GET " : "POST ") + path;
            status.clear();
        } else if (std::regex_match(line, match, kStatus)) {
            status = match[1];
            operations[key].statuses.insert(status);
        } else if (status == "200" && line.find("application/json") != std::string::npos) {
            operations[key].is_json = true;
        } else if (status == "200" && operations[key].required.empty() &&
                   std::regex_match(line, match, kRequired)) {
            std::istringstream names(match[1].str());
            std::string name;
            while (std::getline(names, name, ',')) {
                operations[key].required.push_back(name.substr(name.find_first_not_of(' ')));
            }
        }
    }
    return operations;
}

TEST_CASE("the API document names exactly the routes that there are", "[gateway][openapi]") {
    FakeLedger ledger;
    AdmissionGate gate({10, 10, 10, 10, 10});
    const GatewayConfig config;
    const auto router = make_router(ledger, gate, config);
    REQUIRE(router);
    std::set<std::string> served;
    for (const auto& route : (*router)->routes()) {
        served.insert(route.method + " " + route.pattern);
    }
    std::set<std::string> documented;
    for (const auto& [key, operation] : read_document()) {
        documented.insert(key);
    }
    CHECK(documented == served);
    CHECK(documented.size() > 20);
}

TEST_CASE("answers hold the members that the document requires", "[gateway][openapi]") {
    FakeLedger ledger;
    const auto member = SigningKey::generate();
    const auto server_key = SigningKey::generate(KeyAlgorithm::kEcdsaP256);
    GatewayConfig config;
    config.host = "127.0.0.1";
    config.certificate_pem =
        make_self_signed_certificate(server_key, "test", 0, 4'000'000'000).value();
    config.key_pem = server_key.plain_pem();
    const auto gateway = std::move(Gateway::start(std::move(config), ledger).value());
    client::HttpClient http({"test", "127.0.0.1", std::to_string(gateway->port()),
                             spki_hash(server_key).value().hex(), "", false});
    for (const auto& [key, operation] : read_document()) {
        if (!key.starts_with("GET ") || key.find('{') != std::string::npos ||
            key == "GET /v1/events") {
            continue;
        }
        INFO(key);
        client::HttpRequest request;
        request.target = key.substr(4);
        if (request.target == "/v1/proofs/state") {
            request.target += "?key=network";
        } else if (request.target == "/v1/proofs/consistency") {
            request.target += "?from=0&to=1";
        } else if (request.target == "/v1/genesis") {
            request.target += "?format=binary";
        } else if (request.target == "/v1/checkpoints") {
            continue;  // needs a block
        }
        const auto response = http.request(request, std::chrono::seconds(10));
        REQUIRE(response);
        CHECK((response->status == 200 || response->status == 401));
        CHECK(operation.statuses.contains(std::to_string(response->status)));
        if (response->status != 200 || !operation.is_json ||
            request.target.find('?') != std::string::npos) {
            continue;
        }
        const auto body = boost::json::parse(response->body);
        for (const auto& name : operation.required) {
            INFO(name);
            CHECK(body.as_object().contains(name));
        }
    }
}

}  // namespace
}  // namespace sanquan::node
