// Goal: refusals that have a word of their own in HTTP carry their code too, and a client that is answered nonsense, or
// not at all, says which. Method: a table of requests; then answers made by hand and a port where nobody listens.
#include "client/cli/bench_load.h"
#include "tests/support/catch.h"
#include "tests/unit/gateway/test_server.h"

namespace sanquan::node {
namespace {

struct Row {
    const char* method;
    const char* target;
    const char* content_type;
    const char* body;
    unsigned status;
    Code code;
};

constexpr const char* kJson = "application/json";

const std::vector<Row>& rows() {
    static const std::vector<Row> kRows = {
        {"DELETE", "/v1/status", "", "", 405, Code::kMethodNotAllowed},
        {"GET", "/v1/transactions", "", "", 405, Code::kMethodNotAllowed},
        {"POST", "/v1/assets", kJson, "{}", 405, Code::kMethodNotAllowed},
        {"POST", "/v1/transactions", "", "", 415, Code::kUnsupportedMediaType},
        {"POST", "/v1/transactions", "text/plain", "{}", 415, Code::kUnsupportedMediaType},
        {"POST", "/v1/transactions:prepare", "application/jsonp", "{}", 415,
         Code::kUnsupportedMediaType},
        {"POST", "/v1/transactions:prepare", kJson, "[]", 400, Code::kBadEncoding},
        {"POST", "/v1/transactions:prepare", kJson, "{", 400, Code::kBadEncoding},
        {"GET", "/v1/nothing", "", "", 404, Code::kNoSuchResource},
        {"GET", "/v1/events?after=x", "", "", 400, Code::kBadRequest},
    };
    return kRows;
}

TEST_CASE("every refusal names its code beside HTTP's status", "[gateway][refusal]") {
    Server server;
    client::HttpClient http(server.address);
    for (const Row& row : rows()) {
        INFO(row.method << " " << row.target << " " << row.content_type);
        client::HttpRequest request;
        request.method = row.method;
        request.target = row.target;
        request.content_type = row.content_type;
        request.body = row.body;
        const auto response = http.request(request, std::chrono::seconds(10));
        REQUIRE(response);
        INFO(response->body);
        CHECK(response->status == row.status);
        CHECK(client::problem_error(*response).code == row.code);
    }
}

TEST_CASE("a wait that ends without an outcome is a gateway timeout", "[gateway][refusal]") {
    Server server;
    server.ledger.refuse_with(Code::kTimeout);
    client::HttpClient http(server.address);
    client::HttpRequest request;
    request.method = "POST";
    request.target = "/v1/transactions?wait=final&timeout_ms=1";
    request.content_type = "application/x-protobuf";
    request.body = sample_transaction(server.ledger.chain(), SigningKey::generate()).raw;
    const auto response = http.request(request, std::chrono::seconds(10));
    REQUIRE(response);
    CHECK(response->status == 504);
    CHECK(client::problem_error(*response).code == Code::kTimeout);
}

TEST_CASE("a client says that nobody listens, or that the answer is nonsense",
          "[gateway][client][refusal]") {
    Server server;
    client::HttpClient http(server.address);
    client::HttpRequest request;
    request.target = "/v1/nothing";
    const auto never = [](std::string_view) { return false; };
    const auto status = http.stream(request, std::chrono::seconds(10), never);
    REQUIRE_FALSE(status);
    CHECK(status.error().code == Code::kBadAnswer);

    for (const char* body : {"", "{", "[]", "{}", R"({"number": "2000"})", R"({"number": -1})",
                             R"({"number": 1999999})"}) {
        INFO(body);
        client::HttpResponse answer;
        answer.status = 400;
        answer.body = body;
        CHECK(client::problem_error(answer).code == Code::kBadAnswer);
        answer.status = 200;
        const auto read = client::parse_submit_answer(answer);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == Code::kBadAnswer);
    }

    server.gateway->stop();
    server.gateway.reset();
    auto client = server.client();
    const auto nobody = client.get("/v1/status");
    REQUIRE_FALSE(nobody);
    CHECK(nobody.error().code == Code::kUnreachable);
}

TEST_CASE("a benchmark does not count what the ledger refused", "[gateway][client][refusal]") {
    Server server;
    const auto key = SigningKey::generate();
    const auto make = [&]() -> Result<client::SignedTransaction> {
        return sample_transaction(server.ledger.chain(), key);
    };
    auto client = server.client();
    CHECK(cli::run_light(client, make, client::Stage::kFinal, 2, 1'000).value().size() == 2);
    server.ledger.refuse_operations_with(Code::kInsufficientFunds);
    const auto refused = cli::run_light(client, make, client::Stage::kFinal, 2, 1'000);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::kRefusedByLedger);
    CHECK(refused.error().context.find("INSUFFICIENT_FUNDS") != std::string::npos);
}

}  // namespace
}  // namespace sanquan::node
