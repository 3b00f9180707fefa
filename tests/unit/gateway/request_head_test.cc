// Goal: no request head that two readers could read differently gets past. Method: a table of good
// and bad heads, and whole requests with their bodies.
#include "node/gateway/request_head.h"

#include <boost/beast/http/parser.hpp>

#include "ledger/base/limits.h"
#include "node/gateway/growing_body.h"
#include "tests/support/catch.h"

namespace sanquan::node {
namespace {

TEST_CASE("a body takes no room before it arrives", "[gateway][head]") {
    namespace http = boost::beast::http;
    http::request_parser<GrowingBody> parser;
    parser.eager(true);
    parser.body_limit(limits::kHttpBodyBytesMax);
    const auto put = [&](const std::string& bytes) {
        boost::system::error_code error;
        parser.put(boost::asio::buffer(bytes), error);
        CHECK_FALSE(error);
    };
    put("POST / HTTP/1.1\r\nContent-Length: " + std::to_string(limits::kHttpBodyBytesMax) +
        "\r\n\r\nfirst ");
    CHECK(parser.get().body() == "first ");
    CHECK(parser.get().body().capacity() < 1'000);
    put("and more");
    CHECK(parser.get().body() == "first and more");
    CHECK_FALSE(parser.is_done());
    put(std::string(limits::kHttpBodyBytesMax - parser.get().body().size(), 'x'));
    CHECK(parser.is_done());
}

TEST_CASE("ordinary request heads are read", "[gateway][head]") {
    const auto head = parse_request_head(
        "POST /v1/transactions?wait=final HTTP/1.1\r\nHost: localhost:1\r\n"
        "Content-Length: 12\r\nX-Note:  padded \t\r\n\r\n");
    REQUIRE(head);
    CHECK(head->method == "POST");
    CHECK(head->target == "/v1/transactions?wait=final");
    CHECK(head->content_length == 12U);
    CHECK(head->header("x-note") == "padded");
    CHECK(head->keep_alive);
    const auto closing =
        parse_request_head("GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n");
    REQUIRE(closing);
    CHECK_FALSE(closing->keep_alive);
    const auto chunked =
        parse_request_head("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n");
    REQUIRE(chunked);
    CHECK(chunked->chunked);
}

TEST_CASE("ambiguous and malformed heads are refused", "[gateway][head]") {
    const char* const bad[] = {
        "GET / HTTP/1.1\r\n\r\n",                           // no Host
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",     // two Hosts
        "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",     // even equal ones
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",              // no host name
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",                  // empty
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n",  // obs-fold
        "GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n",       // blank before colon
        "GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n",         // no name
        "GET / HTTP/1.1\r\nHost: a\r\nX(: 1\r\n\r\n",       // no token
        "GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n",          // bare LF
        "GET / HTTP/1.1\r\nHost: a\rX: 1\r\n\r\n",          // bare CR
        "GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n",     // control character
        "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / \r\nHost: a\r\n\r\n",
        "GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n",
        "get / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunkedfoo\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
        "chunked\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    };
    for (const char* const head : bad) {
        INFO(head);
        const auto parsed = parse_request_head(head);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().code == Code::kProtocolViolation);
    }
}

TEST_CASE("heads and bodies are bounded", "[gateway][head]") {
    const std::string long_head =
        "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(limits::kHttpHeaderBytesMax, 'x') +
        "\r\n\r\n";
    CHECK(parse_request_head(long_head).error().code == Code::kTooLong);
    std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 64; ++i) {
        many += "X: 1\r\n";
    }
    CHECK_FALSE(parse_request_head(many + "\r\n"));
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
    const auto length = std::to_string(limits::kHttpBodyBytesMax + 1);
    CHECK(check_http_request(head + "Content-Length: " + length + "\r\n\r\n").error().code ==
          Code::kTooLong);
}

TEST_CASE("whole requests are accepted with exactly their body", "[gateway][head]") {
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
    CHECK(check_http_request(head + "Content-Length: 3\r\n\r\nabc").value() == 3);
    CHECK(check_http_request("GET / HTTP/1.1\r\nHost: a\r\n\r\n").value() == 0);
    const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
    CHECK(check_http_request(chunked + "3\r\nabc\r\n0\r\n\r\n").value() == 3);
    CHECK_FALSE(check_http_request(head + "Content-Length: 3\r\n\r\nab"));
    CHECK_FALSE(check_http_request(head + "Content-Length: 3\r\n\r\nabcd"));
    CHECK_FALSE(check_http_request(chunked + "g\r\nabc\r\n0\r\n\r\n"));
    CHECK_FALSE(check_http_request(chunked + "3\r\nabcd\r\n0\r\n\r\n"));
    CHECK_FALSE(check_http_request(chunked + "ffffffffffffffffff\r\nabc\r\n0\r\n\r\n"));
    CHECK_FALSE(check_http_request("GET / HTTP/1.1\r\nHost: a\r\n"));
}

}  // namespace
}  // namespace sanquan::node
