// Goal: docs/openapi.yaml and the gateway say the same. Method: the document's paths and methods against the router's
// routes, both ways; then every GET is asked of a running gateway, and the members that the document calls required are
// looked for in the answer.
#include <boost/json/parse.hpp>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "client/lib/http_client.h"
#include "client/lib/transaction_builder.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/codec/state_market.pb.h"
#include "ledger/crypto/tls_certificate.h"
#include "node/gateway/gateway.h"
#include "node/gateway/routes.h"
#include "node/gateway/viewer.h"
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

// One record of each kind that a path shows, so that every path has something to answer.
constexpr const char* kAsset = "530000S0100000001S";

void fill(FakeLedger& ledger, const std::string& auditor, const SigningKey& key) {
    ledger.add_member(auditor, key, wire::AUDITOR);
    auto& entries = ledger.view().entries;
    wire::OrganisationRecord organisation;
    organisation.set_threshold(1);
    entries[keys::organisation(auditor)] = encode(organisation);
    wire::AssetRecord asset;
    asset.set_access(wire::PUBLIC);
    entries[keys::asset(kAsset)] = encode(asset);
    entries[keys::dataset(kAsset)] = encode(wire::DatasetRecord());
    wire::OrderRecord order;
    order.set_id("order-1");
    order.set_asset(kAsset);
    entries[keys::order("order-1")] = encode(order);
    wire::ListingRecord listing;
    listing.set_sector("S01");
    entries[keys::listing("listing-1")] = encode(listing);
}

struct Asked {
    std::string target;
    std::string
        wrong;  // the same path for something that is not there; empty: there is no such question
};

// A target that is answered for each documented GET path.
Asked target_of(const std::string& path, const std::string& id) {
    const std::string asset = kAsset;
    const std::map<std::string, Asked> known = {
        {"/v1/transactions/{id}",
         {"/v1/transactions/" + id, "/v1/transactions/" + std::string(64, 'a')}},
        {"/v1/assets/{code}", {"/v1/assets/" + asset, "/v1/assets/530000S0100000002Q"}},
        {"/v1/assets/{code}/history",
         {"/v1/assets/" + asset + "/history?limit=7", "/v1/assets/x/history"}},
        {"/v1/assets/{code}/provenance",
         {"/v1/assets/" + asset + "/provenance", "/v1/assets//provenance"}},
        {"/v1/rights", {"/v1/rights?at=1&asset=" + asset, "/v1/rights?at=2&asset=" + asset}},
        {"/v1/market/orders/{id}", {"/v1/market/orders/order-1", "/v1/market/orders/order-2"}},
        {"/v1/organisations/{id}", {"/v1/organisations/X-AUDITOR", "/v1/organisations/X-NOBODY"}},
        {"/v1/balances/{organisation}", {"/v1/balances/X-AUDITOR", "/v1/balances/nobody"}},
        {"/v1/blocks/{height}", {"/v1/blocks/1", "/v1/blocks/0"}},
        {"/v1/headers/{height}", {"/v1/headers/1", "/v1/headers/2"}},
        {"/v1/proofs/receipt/{id}", {"/v1/proofs/receipt/" + id, "/v1/proofs/receipt/12"}},
        {"/v1/proofs/state", {"/v1/proofs/state?key=network", "/v1/proofs/state"}},
        {"/v1/proofs/consistency",
         {"/v1/proofs/consistency?from=0&to=1", "/v1/proofs/consistency?from=1"}},
    };
    const auto found = known.find(path);
    return found == known.end() ? Asked{path, ""} : found->second;
}

client::HttpRequest signed_request(const FakeLedger& ledger, const SigningKey& key,
                                   const std::string& target) {
    client::HttpRequest request;
    request.target = target;
    const std::string now = std::to_string(client::now_ms().value);
    const Bytes message = challenge_message(ledger.chain(), "GET", target, now, "");
    request.headers.emplace_back("Authorization", "Sanquan key=" + key.id().hex() + ", ts=" + now +
                                                      ", signature=" + to_hex(key.sign(message)));
    return request;
}

// The gateway over a ledger with one of everything, and an auditor's key.
struct Documented {
    Documented() {
        fill(ledger, "X-AUDITOR", auditor);
        const auto server_key = SigningKey::generate(KeyAlgorithm::kEcdsaP256);
        GatewayConfig config;
        config.host = "127.0.0.1";
        config.certificate_pem =
            make_self_signed_certificate(server_key, "test", 0, 4'000'000'000).value();
        config.key_pem = server_key.plain_pem();
        config.limits.anonymous_burst = 10'000;
        gateway = std::move(Gateway::start(std::move(config), ledger).value());
        http = std::make_unique<client::HttpClient>(
            client::NodeAddress{"test", "127.0.0.1", std::to_string(gateway->port()),
                                spki_hash(server_key).value().hex(), "", false});
        client::TransactionBuilder builder(ledger.chain(), "X-AUDITOR");
        wire::Operation operation;
        operation.mutable_issue_money()->set_to("X-BUYER");
        builder.add(operation);
        const auto transaction = client::sign_transaction(*builder.build(), {&auditor}).value();
        ledger.submit(transaction.raw, WaitFor::kSealed, std::chrono::seconds(1),
                      [](const Result<TransactionOutcome>&) {});
        id = transaction.id.hex();
    }
    client::HttpResponse ask(const client::HttpRequest& request) {
        auto response = http->request(request, std::chrono::seconds(10));
        REQUIRE(response);
        return std::move(*response);
    }

    FakeLedger ledger;
    SigningKey auditor = SigningKey::generate();
    std::unique_ptr<Gateway> gateway;
    std::unique_ptr<client::HttpClient> http;
    std::string id;
};

TEST_CASE("every documented GET answers with the members that the document requires",
          "[gateway][openapi]") {
    Documented server;
    for (const auto& [key, operation] : read_document()) {
        if (!key.starts_with("GET ") || key == "GET /v1/events") {
            continue;
        }
        INFO(key);
        const auto asked = target_of(key.substr(4), server.id);
        const auto response =
            server.ask(signed_request(server.ledger, server.auditor, asked.target));
        INFO(response.body);
        CHECK(response.status == 200);
        if (!operation.is_json || response.status != 200) {
            continue;
        }
        const auto body = boost::json::parse(response.body);
        for (const auto& name : operation.required) {
            INFO(name);
            CHECK(body.as_object().contains(name));
        }
        CHECK(response.height == "1");
    }
}

TEST_CASE("every refusal of a path is a problem with a status that the document lists",
          "[gateway][openapi]") {
    Documented server;
    for (const auto& [key, operation] : read_document()) {
        const std::string path = key.substr(key.find(' ') + 1);
        const auto asked = target_of(path, server.id);
        std::vector<client::HttpRequest> wrong(3);
        wrong[0].target =
            asked.target + (asked.target.find('?') == std::string::npos ? "?" : "&") + "bogus=1";
        wrong[1] = signed_request(server.ledger, SigningKey::generate(), asked.target);
        wrong[2] = signed_request(server.ledger, server.auditor,
                                  asked.wrong.empty() ? asked.target : asked.wrong);
        if (key.starts_with("POST ")) {
            wrong.resize(1);
            wrong[0].method = "POST";
            wrong.resize(3, wrong[0]);
            wrong[1].target = path;
            wrong[1].content_type = "text/plain";
            wrong[2].target = path;
            wrong[2].content_type = "application/json";
            wrong[2].body = R"({"sender":"X-A","sender":"X-B"})";
        }
        const bool open = path == "/healthz" || path == "/metrics" || path == "/v1/events";
        for (std::size_t i = 0; i < wrong.size(); ++i) {
            if ((i == 2 && key.starts_with("GET ") && asked.wrong.empty()) || (i == 1 && open)) {
                continue;
            }
            INFO(key << " " << wrong[i].target);
            const auto response = server.ask(wrong[i]);
            INFO(response.body);
            CHECK(response.status >= 400);
            CHECK(operation.statuses.contains(std::to_string(response.status)));
            CHECK(response.content_type == "application/problem+json");
            const auto body = boost::json::parse(response.body);
            for (const auto* name : {"type", "title", "status", "code", "number", "detail"}) {
                CHECK(body.as_object().contains(name));
            }
        }
    }
}

}  // namespace
}  // namespace sanquan::node
