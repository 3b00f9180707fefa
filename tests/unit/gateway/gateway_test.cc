// Goal: the gateway serves members and strangers as D9 says, over real TLS, and hostile bytes end
// in a refusal. Method: a gateway on a free port over a fake ledger; libsanquan as the well-behaved
// client, a raw TLS socket as the other.
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/serialize.hpp>
#include <functional>
#include <thread>

#include "client/lib/bulk_submitter.h"
#include "ledger/base/limits.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/model/asset_code.h"
#include "ledger/store/memory_kv_store.h"
#include "node/gateway/event_stream.h"
#include "node/gateway/history_index.h"
#include "node/gateway/session.h"
#include "node/net/address_count.h"
#include "tests/support/catch.h"
#include "tests/unit/gateway/test_server.h"

namespace sanquan::node {
namespace {

namespace asio = boost::asio;

// Sends raw bytes over TLS and answers what comes back until the server closes.
std::string raw_exchange(const Server& server, const std::string& bytes) {
    asio::io_context context;
    asio::ssl::context tls(asio::ssl::context::tls_client);
    asio::ssl::stream<asio::ip::tcp::socket> stream(context, tls);
    asio::ip::tcp::endpoint endpoint(asio::ip::make_address("127.0.0.1"), server.gateway->port());
    stream.next_layer().connect(endpoint);
    stream.handshake(asio::ssl::stream_base::client);
    boost::system::error_code error;
    asio::write(stream, asio::buffer(bytes), error);
    std::string answer;
    asio::read(stream, asio::dynamic_buffer(answer), error);
    return answer;
}

TEST_CASE("a member submits, looks up and proves; a stranger sees codes only", "[gateway]") {
    Server server;
    const auto key = SigningKey::generate();
    const auto other = SigningKey::generate();
    server.ledger.add_member("X-BANK", key);
    server.ledger.add_member("X-OTHER", other);
    const auto transaction = sample_transaction(server.ledger.chain(), key);
    auto client = server.client();

    const auto admitted = client.submit(transaction, client::Stage::kAdmitted);
    REQUIRE(admitted);
    CHECK(admitted->stage == "admitted");
    const auto sealed = client.submit(transaction, client::Stage::kSealed);
    REQUIRE(sealed);
    CHECK(sealed->id == transaction.id);
    CHECK(sealed->stage == "sealed");
    CHECK(sealed->accepted);

    const std::string target = "/v1/transactions/" + transaction.id.hex();
    const auto anonymous = client.get(target);
    REQUIRE(anonymous);
    CHECK_FALSE(anonymous->contains("transaction"));
    CHECK(boost::json::serialize(*anonymous).find("4242") == std::string::npos);
    CHECK(client.get(target + "?proof=1").error().code == Code::kAuthenticationRequired);

    client.authenticate_with(&other);
    CHECK_FALSE(client.get(target).value().contains("transaction"));
    CHECK(client.get_file("/v1/proofs/receipt/" + transaction.id.hex()).error().code ==
          Code::kForbidden);

    client.authenticate_with(&key);
    const auto full = client.get(target + "?proof=1");
    REQUIRE(full);
    CHECK(full->at("transaction").at("sender").as_string() == "X-BANK");
    CHECK(full->at("voucher").as_string() == to_hex("voucher"));
    CHECK(client.get_file("/v1/proofs/receipt/" + transaction.id.hex()).value() == "voucher");
}

TEST_CASE("challenges with an unknown key, a wrong time or another target are refused",
          "[gateway]") {
    Server server;
    const auto key = SigningKey::generate();
    auto client = server.client();
    client.authenticate_with(&key);
    CHECK(client.get("/v1/status").error().code == Code::kAuthenticationFailed);
    server.ledger.add_member("X-BANK", key);
    CHECK(client.get("/v1/status"));

    client::HttpClient http(server.address);
    for (const char* authorization :
         {"Basic YTpi", "Sanquan", "Sanquan key=00, ts=1, signature=00",
          "Sanquan key=000102030405060708090a0b0c0d0e0f, ts=1, signature=00"}) {
        client::HttpRequest request;
        request.target = "/v1/status";
        request.headers.emplace_back("Authorization", authorization);
        CHECK(http.request(request, std::chrono::seconds(10)).value().status == 401);
    }
}

TEST_CASE("refusals are problem details with stable codes in two languages", "[gateway]") {
    Server server;
    client::HttpClient http(server.address);
    const auto ask = [&](const std::string& method, const std::string& target,
                         const std::string& language) {
        client::HttpRequest request;
        request.method = method;
        request.target = target;
        request.headers.emplace_back("Accept-Language", language);
        return http.request(request, std::chrono::seconds(10)).value();
    };
    const auto missing = ask("GET", "/v1/nothing", "en");
    CHECK(missing.status == 404);
    CHECK(missing.content_type == "application/problem+json");
    CHECK(missing.body.find("NO_SUCH_RESOURCE") != std::string::npos);
    CHECK(missing.body.find("There is no such path") != std::string::npos);
    CHECK(ask("GET", "/v1/nothing", "zh-CN,en").body.find("没有该路径") != std::string::npos);
    CHECK(ask("DELETE", "/v1/status", "en").status == 405);
    CHECK(ask("GET", "/v1/status?colour=red", "en").status == 400);
    CHECK(ask("GET", "/v1/status%", "en").status == 400);
    CHECK(ask("GET", "/v1/transactions/xyz", "en").status == 400);
    CHECK(ask("GET", "/v1/transactions/" + std::string(64, 'f'), "en").status == 404);
    CHECK(ask("POST", "/v1/transactions", "en").status == 415);
    CHECK(ask("GET", "/v1/blocks/1", "en").status == 401);
    CHECK(ask("GET", "/v1/proofs/state?key=balance/X-A/CNY", "en").status == 401);
    CHECK(ask("GET", "/v1/proofs/state?key=network", "en").status == 200);
}

TEST_CASE("admission refusals keep their code and name the transaction", "[gateway]") {
    Server server;
    const auto key = SigningKey::generate();
    server.ledger.refuse_with(Code::kPoolFull);
    auto client = server.client();
    const auto transaction = sample_transaction(server.ledger.chain(), key);
    const auto refused = client.submit(transaction, client::Stage::kFinal);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::kPoolFull);
    CHECK(refused.error().context.find(transaction.id.hex()) != std::string::npos);
}

TEST_CASE("prepare gives what an external signer signs; dry runs are for one's own", "[gateway]") {
    Server server;
    const auto key = SigningKey::generate();
    server.ledger.add_member("X-BANK", key);
    auto client = server.client();
    boost::json::object document = {
        {"sender", "X-BANK"},
        {"operations", {{{"issue_money", {{"to", "X-BUYER"}, {"reference", "r"}}}}}}};
    const auto prepared = client.post("/v1/transactions:prepare", document);
    REQUIRE(prepared);
    const auto body = from_hex(std::string(prepared->at("body").as_string()));
    const auto unsigned_one = client::unsigned_transaction(server.ledger.chain(), *body);
    CHECK(prepared->at("id").as_string() == unsigned_one.id.hex());
    CHECK(prepared->at("message").as_string() == to_hex(unsigned_one.message));

    CHECK(client.post("/v1/transactions:dry-run", document).error().code ==
          Code::kAuthenticationRequired);
    client.authenticate_with(&key);
    CHECK(client.post("/v1/transactions:dry-run", document).value().at("accepted").as_bool());
    document["sender"] = "X-OTHER";
    CHECK(client.post("/v1/transactions:dry-run", document).error().code == Code::kForbidden);
    document["operations"] = {{{"fly", boost::json::object()}}};
    const auto unknown = client.post("/v1/transactions:prepare", document);
    CHECK(unknown.error().code == Code::kUnknownField);
    CHECK(unknown.error().context.find("operations[0].fly") != std::string::npos);
}

TEST_CASE("smuggled, oversized and broken requests are refused and the connection closed",
          "[gateway]") {
    Server server;
    const std::string good = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    CHECK(raw_exchange(server, good).starts_with("HTTP/1.1 200"));
    const std::string smuggled =
        "POST /v1/transactions HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
        good;
    const auto answer = raw_exchange(server, smuggled);
    CHECK(answer.starts_with("HTTP/1.1 400"));
    CHECK(answer.find("PROTOCOL_VIOLATION") != std::string::npos);
    CHECK(answer.find("HTTP/1.1 200") == std::string::npos);
    CHECK(raw_exchange(server,
                       "POST /v1/transactions HTTP/1.1\r\nHost: a\r\n"
                       "Content-Length: 99999999\r\n\r\n")
              .starts_with("HTTP/1.1 413"));
    CHECK(raw_exchange(server, "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x'))
              .starts_with("HTTP/1.1 431"));
    CHECK(raw_exchange(server, good).starts_with("HTTP/1.1 200"));
}

TEST_CASE("anonymous reads are limited per address, members are not", "[gateway]") {
    GatewayLimits limits;
    limits.anonymous_burst = 3;
    limits.anonymous_requests_per_second = 0.001;
    Server server(limits);
    const auto key = SigningKey::generate();
    server.ledger.add_member("X-BANK", key);
    auto client = server.client();
    for (int i = 0; i < 3; ++i) {
        CHECK(client.get("/v1/status"));
    }
    CHECK(client.get("/v1/status").error().code == Code::kRateLimited);
    client.authenticate_with(&key);
    CHECK(client.get("/v1/status"));
}

TEST_CASE("a client refuses a server with another key and sends nothing", "[gateway][client]") {
    Server server;
    auto address = server.address;
    address.tls_pin = std::string(64, '0');
    client::HttpClient http(address);
    client::HttpRequest request;
    request.target = "/v1/status";
    CHECK(http.request(request, std::chrono::seconds(10)).error().code == Code::kWrongServer);
}

TEST_CASE("the bulk submitter sends everything once and reports each", "[gateway][client]") {
    Server server;
    const auto key = SigningKey::generate();
    client::BulkOptions options;
    options.connections = 8;
    std::uint64_t sent = 0;
    std::uint64_t accepted = 0;
    const auto status = client::submit_all(
        {server.address}, options,
        [&]() -> std::optional<client::SubmitTask> {
            if (sent == 100) {
                return std::nullopt;
            }
            return client::SubmitTask{sent++, sample_transaction(server.ledger.chain(), key)};
        },
        [&](const client::SubmitResult& result) {
            const auto answer = client::parse_submit_answer(result.response.value());
            accepted += answer && answer->accepted ? 1U : 0U;
        });
    REQUIRE(status);
    CHECK(accepted == 100);
}

TEST_CASE("events begin after the cursor and name codes, not amounts", "[gateway]") {
    Server server;
    const auto key = SigningKey::generate();
    auto client = server.client();
    REQUIRE(client.submit(sample_transaction(server.ledger.chain(), key), client::Stage::kFinal));
    std::vector<client::LedgerEvent> events;
    const Status status = client.follow(0, [&](const client::LedgerEvent& event) {
        events.push_back(event);
        return false;
    });
    REQUIRE(status);
    REQUIRE(events.size() == 1);
    CHECK(events[0].type == "block");
    CHECK(events[0].id == "1");
    CHECK(boost::json::serialize(events[0].data).find("money.issue") != std::string::npos);
    CHECK(boost::json::serialize(events[0].data).find("4242") == std::string::npos);
}

bool eventually(const std::function<bool()>& holds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!holds() && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::yield();
    }
    return holds();
}

std::string post_request(const std::string& target, const std::string& body) {
    return "POST " + target +
           " HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\n"
           "Connection: close\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST_CASE("replies and bells that the node holds may outlive the gateway", "[gateway]") {
    Server server;
    const auto key = SigningKey::generate();
    server.ledger.hold();
    const auto transaction = sample_transaction(server.ledger.chain(), key);
    std::string answer;
    std::thread waiting([&] {
        answer = raw_exchange(server, post_request("/v1/transactions?wait=final", transaction.raw));
    });
    std::string events;
    std::thread listening(
        [&] { events = raw_exchange(server, "GET /v1/events HTTP/1.1\r\nHost: a\r\n\r\n"); });
    CHECK(eventually([&] { return server.ledger.held() == 1 && server.ledger.listeners() == 1; }));
    SECTION("until it stops, in the order of main.cc") {
        server.gateway->stop();
        server.ledger.drop_held();
        server.gateway.reset();
    }
    SECTION("beyond its end") {
        server.gateway.reset();
        server.ledger.drop_held();
    }
    waiting.join();
    listening.join();
    CHECK(answer.empty());
    CHECK(events.find("event: block") == std::string::npos);
}

TEST_CASE("who has used up its tokens is answered before its body is read", "[gateway]") {
    GatewayLimits limits;
    limits.anonymous_burst = 2;
    limits.anonymous_requests_per_second = 0.001;
    Server server(limits);
    const std::string wrong = post_request("/v1/nothing", "x");
    CHECK(raw_exchange(server, wrong).starts_with("HTTP/1.1 404"));
    CHECK(raw_exchange(server, wrong).starts_with("HTTP/1.1 404"));
    // The body never comes.
    const auto refused = raw_exchange(
        server, "POST /v1/transactions HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n");
    CHECK(refused.starts_with("HTTP/1.1 429"));
    CHECK(refused.find("RATE_LIMITED") != std::string::npos);
}

TEST_CASE("bodies are bounded for all requests together", "[gateway]") {
    GatewayLimits limits;
    limits.body_bytes_max = 80'000;
    Server server(limits);
    const auto refused =
        raw_exchange(server, post_request("/v1/transactions", std::string(20'001, 'x')));
    CHECK(refused.starts_with("HTTP/1.1 429"));
    CHECK(refused.find("POOL_FULL") != std::string::npos);
    for (int i = 0; i < 3; ++i) {  // each gives back what it took
        CHECK(raw_exchange(server, post_request("/v1/nothing", std::string(18'000, 'x')))
                  .starts_with("HTTP/1.1 404"));
    }
}

// A connection over TLS that has sent some bytes and says no more.
class SilentClient {
  public:
    SilentClient(const Server& server, const std::string& bytes) : stream_(context_, tls_) {
        stream_.next_layer().connect({asio::ip::make_address("127.0.0.1"), server.gateway->port()});
        stream_.handshake(asio::ssl::stream_base::client);
        asio::write(stream_, asio::buffer(bytes));
    }

  private:
    asio::io_context context_;
    asio::ssl::context tls_{asio::ssl::context::tls_client};
    asio::ssl::stream<asio::ip::tcp::socket> stream_;
};

TEST_CASE("a body that is announced and does not come keeps nobody out", "[gateway]") {
    GatewayLimits limits;
    limits.body_bytes_max = 80'000;
    Server server(limits);
    std::vector<std::unique_ptr<SilentClient>> silent;
    for (int i = 0; i < 8; ++i) {
        silent.push_back(std::make_unique<SilentClient>(
            server,
            "POST /v1/transactions HTTP/1.1\r\nHost: a\r\nContent-Type: "
            "application/x-protobuf\r\nContent-Length: 2000000\r\n\r\nx"));
    }
    CHECK(raw_exchange(server, post_request("/v1/nothing", std::string(18'000, 'x')))
              .starts_with("HTTP/1.1 404"));
}

TEST_CASE("what a request reads is charged on every route, to members too", "[gateway]") {
    GatewayLimits limits;
    limits.anonymous_burst = 8;
    limits.anonymous_requests_per_second = 0.001;
    Server server(limits);
    const auto key = SigningKey::generate();
    server.ledger.add_member("X-BANK", key);
    auto client = server.client();
    const auto transaction = sample_transaction(server.ledger.chain(), key);
    REQUIRE(client.submit(transaction, client::Stage::kFinal));
    server.ledger.set_certificate_bytes(512U << 10U);  // 8 tokens
    const std::string target = GENERATE(true, false) ? std::string("/v1/headers/1")
                                                     : "/v1/transactions/" + transaction.id.hex();
    CHECK(client.get(target));
    CHECK(client.get(target).error().code == Code::kRateLimited);
    client.authenticate_with(&key);  // 20 times as much
    int answered = 0;
    while (answered < 100 && client.get(target)) {
        ++answered;
    }
    CHECK(answered >= 15);
    CHECK(answered < 30);
}

TEST_CASE("streams share the text of a block's event", "[gateway]") {
    FakeLedger ledger;
    const auto key = SigningKey::generate();
    ledger.submit(sample_transaction(ledger.chain(), key).raw, WaitFor::kFinal,
                  std::chrono::seconds(1), [](const auto&) {});
    EventTexts texts;
    const auto first = texts.of(ledger, Height{1});
    REQUIRE(first);
    CHECK(**first == block_event(ledger, Height{1}).value());
    const std::size_t read = ledger.blocks_read();
    CHECK(texts.of(ledger, Height{1}).value() == *first);
    CHECK(ledger.blocks_read() == read);
    CHECK_FALSE(texts.of(ledger, Height{2}));
}

TEST_CASE("what no block takes for its weight is not tried out", "[gateway]") {
    Server server;
    const auto key = SigningKey::generate();
    server.ledger.add_member("X-BANK", key);
    auto client = server.client();
    client.authenticate_with(&key);
    boost::json::array operations;
    wire::TransactionBody body;
    for (int i = 0; i < 200; ++i) {
        operations.push_back(boost::json::object{{"settle_order", {{"order", "O"}}}});
        body.add_operations()->mutable_settle_order()->set_order("O");
    }
    REQUIRE(weight_of(body) > limits::kWeightPerTransactionMax);
    const boost::json::object document = {{"sender", "X-BANK"}, {"operations", operations}};
    for (const char* route : {"/v1/transactions:prepare", "/v1/transactions:dry-run"}) {
        CHECK(client.post(route, document).error().code == Code::kTransactionTooLarge);
    }
}

// Any text may stand in an operation: it must not stand for a subject of the index.
TEST_CASE("a subject with a zero byte opens nothing of others", "[gateway]") {
    FakeLedger ledger;
    const auto key = SigningKey::generate();
    client::TransactionBuilder builder(ledger.chain(), "X-EVIL");
    const Bytes place = Bytes(7, '\0') + '\1' + Bytes(8, '\0');
    wire::Operation forged;
    forged.mutable_record_use()->set_grant("MINE" + Bytes(1, '\0') + place);
    builder.add(forged);
    wire::Operation longer;
    longer.mutable_record_use()->set_grant("MINE" + Bytes(1, '\0') + "x");
    builder.add(longer);
    const auto unsigned_one = builder.build();
    REQUIRE(unsigned_one);
    ledger.submit(client::sign_transaction(*unsigned_one, {&key}).value().raw, WaitFor::kFinal,
                  std::chrono::seconds(1), [](const auto&) {});
    HistoryIndex index(ledger, std::make_unique<MemoryKvStore>());
    const auto page = index.find("MINE", "", 10);
    REQUIRE(page);
    CHECK(page->places.empty());
    CHECK(page->indexed_to == Height{1});
    CHECK(index.find("MINE" + Bytes(1, '\0') + place, "", 10)->places.empty());
    CHECK_FALSE(is_subject("MINE" + Bytes(1, '\0')));
    CHECK_FALSE(is_subject(std::string(65, 'x')));
    CHECK_FALSE(is_subject(""));
    CHECK(is_subject("530000S0100000001S"));
    MapView empty;
    CHECK(concerns(empty, forged, nullptr, "MINE") == false);
    wire::Operation honest;
    honest.mutable_record_use()->set_grant("MINE");
    CHECK(concerns(empty, honest, nullptr, "MINE"));
    CHECK_FALSE(concerns(empty, honest, nullptr, "YOURS"));
}

TEST_CASE("addresses are counted by what one client may have", "[gateway]") {
    const auto counted = [](const char* text) {
        return counted_address(asio::ip::make_address(text));
    };
    CHECK(counted("192.0.2.7") == "192.0.2.7");
    CHECK(counted("::ffff:192.0.2.7") == "192.0.2.7");
    CHECK(counted("2001:db8:1:2:3:4:5:6") == counted("2001:db8:1:2::9"));
    CHECK(counted("2001:db8:1:2::9") != counted("2001:db8:1:3::9"));
}

TEST_CASE("a history index of another chain or ahead of the ledger is built again", "[gateway]") {
    FakeLedger ledger;
    const auto key = SigningKey::generate();
    const auto transaction = sample_transaction(ledger.chain(), key);
    ledger.submit(transaction.raw, WaitFor::kFinal, std::chrono::seconds(1), [](const auto&) {});
    auto store = std::make_unique<MemoryKvStore>();
    KvBatch batch;
    SECTION("another chain") { batch.put("c", Bytes(32, 'x')); }
    SECTION("ahead") { batch.put("c", ledger.chain().id.bytes() + "2"); }
    SECTION("an older form") { batch.put("c", ledger.chain().id.bytes()); }
    batch.put("h", Bytes(7, '\0') + Bytes(1, '\x09'));
    batch.put("eX-BUYER" + Bytes(1, '\0') + Bytes(16, '\x05'), "");
    REQUIRE(store->write(batch, /*sync=*/false));
    HistoryIndex index(ledger, std::move(store));
    const auto page = index.find("X-BUYER", "", 10);
    REQUIRE(page);
    REQUIRE(page->places.size() == 1);
    CHECK(page->places[0].height == Height{1});
    CHECK(page->indexed_to == Height{1});
}

TEST_CASE("a record is proved to the parties that it names, not to those whose id begins likewise",
          "[gateway]") {
    Server server;
    const auto key = SigningKey::generate();
    const auto longer = SigningKey::generate();
    server.ledger.add_member("X-A", key);
    server.ledger.add_member("X-ACME", longer);
    wire::MandateRecord mandate;
    mandate.set_grantor("X-ACME");
    server.ledger.view().entries[keys::mandate("m1")] = encode(mandate);
    server.ledger.view().entries[keys::reference("X-ACME", "order", "X-A")] = "";
    auto client = server.client();
    for (const char* target :
         {"/v1/proofs/state?key=mandate/m1", "/v1/proofs/state?key=reference/X-ACME/order/X-A"}) {
        client.authenticate_with(&key);
        const auto refused = client.get_file(target);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Code::kForbidden);
        client.authenticate_with(&longer);
        CHECK(client.get_file(target).value() == "voucher");
    }
}

TEST_CASE("records of an asset are proved to whoever may read them", "[gateway]") {
    Server server;
    const auto key = SigningKey::generate();
    server.ledger.add_member("X-A", key);
    auto& entries = server.ledger.view().entries;
    const std::string open = format(AssetCode{"530000", "S01", 1});
    const std::string closed = format(AssetCode{"530000", "S01", 2});
    const std::string unused = format(AssetCode{"530000", "S01", 3});
    wire::AssetRecord asset;
    asset.set_access(wire::PUBLIC);
    entries[keys::asset(open)] = encode(asset);
    asset.set_access(wire::RESTRICTED_PUBLIC);
    entries[keys::asset(closed)] = encode(asset);
    for (const auto& code : {open, closed}) {
        entries[keys::dataset(code)] = encode(wire::DatasetRecord());
    }
    auto anonymous = server.client();
    auto member = server.client();
    member.authenticate_with(&key);
    for (const char* kind : {"asset/", "dataset/"}) {
        const std::string target = std::string("/v1/proofs/state?key=") + kind;
        CHECK(anonymous.get_file(target + open).value() == "voucher");
        CHECK(anonymous.get_file(target + closed).error().code == Code::kAuthenticationRequired);
        CHECK(anonymous.get_file(target + closed + "&at=1").error().code ==
              Code::kAuthenticationRequired);
        CHECK(member.get_file(target + closed).value() == "voucher");
        // That there is none is no secret.
        CHECK(anonymous.get_file(target + unused).value() == "voucher");
        // The same as for reading.
        CHECK(anonymous.get("/v1/assets/" + closed).error().code == Code::kAuthenticationRequired);
    }
    CHECK(anonymous.get_file("/v1/proofs/state?key=network").value() == "voucher");
    CHECK(anonymous.get_file("/v1/proofs/state?key=grant/g1").error().code ==
          Code::kAuthenticationRequired);
}

TEST_CASE("HEAD is answered as GET without its content", "[gateway]") {
    Server server;
    const auto ask = [&](const std::string& method, const std::string& target) {
        return raw_exchange(
            server, method + " " + target + " HTTP/1.1\r\nHost: n\r\nConnection: close\r\n\r\n");
    };
    for (const char* target :
         {"/v1/status", "/healthz", "/v1/nothing", "/v1/balances/X", "/v1/blocks/x"}) {
        INFO(target);
        const std::string get = ask("GET", target);
        const std::string head = ask("HEAD", target);
        const auto end = get.find("\r\n\r\n") + 4;
        REQUIRE(get.size() > end);
        CHECK(head == get.substr(0, end));
    }
    const std::string events = ask("HEAD", "/v1/events");
    CHECK(events.starts_with("HTTP/1.1 200"));
    CHECK(events.find("text/event-stream") != std::string::npos);
    CHECK(events.find("Content-Length") == std::string::npos);
    CHECK(events.ends_with("\r\n\r\n"));
    CHECK(ask("HEAD", "/v1/transactions:prepare").starts_with("HTTP/1.1 405"));
    CHECK(ask("POST", "/v1/status").find("Allow: GET, HEAD\r\n") != std::string::npos);

    SECTION("and the connection goes on") {
        const std::string both =
            raw_exchange(server,
                         "HEAD /v1/status HTTP/1.1\r\nHost: n\r\n\r\n"
                         "GET /v1/status HTTP/1.1\r\nHost: n\r\nConnection: close\r\n\r\n");
        CHECK(both.find("HTTP/1.1 200", 5) == both.find("\r\n\r\n") + 4);
        CHECK(both.ends_with("}"));
    }
}

}  // namespace
}  // namespace sanquan::node
