#include "client/lib/connection.h"

#include <openssl/x509.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include "ledger/crypto/tls_certificate.h"

namespace sanquan::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::awaitable;
using asio::ip::tcp;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::uint64_t kAnswerBytesMax = 64ULL << 20U;
constexpr std::uint32_t kHeaderBytesMax = 64U << 10U;

Result<SpkiHash> presented_pin(SSL* ssl) {
    X509* certificate = SSL_get1_peer_certificate(ssl);
    if (certificate == nullptr) {
        return fail(Code::kWrongServer, "the server presented no certificate");
    }
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate, &der);
    X509_free(certificate);
    if (size <= 0) {
        return fail(Code::kWrongServer, "the server's certificate cannot be read");
    }
    auto pin = spki_hash_of_der(as_view(der, static_cast<std::size_t>(size)));
    OPENSSL_free(der);
    return pin;
}

Status check_pin(const NodeAddress& node, SSL* ssl) {
    if (node.tls_pin.empty()) {
        return {};
    }
    SANQUAN_TRY_ASSIGN(const auto pin, presented_pin(ssl));
    if (pin.hex() != node.tls_pin) {
        return fail(Code::kWrongServer, node.name + " at " + node.host + ":" + node.port +
                                            " presented the key " + pin.hex() + ", expected " +
                                            node.tls_pin);
    }
    return {};
}

}  // namespace

Error network_error(const NodeAddress& node, const boost::system::error_code& error,
                    std::string_view what) {
    Code code = Code::kUnreachable;
    if (error == beast::error::timeout) {
        code = Code::kTimeout;
    } else if (error == http::error::body_limit || error == http::error::header_limit ||
               (error.category() == http::make_error_code(http::error::bad_version).category() &&
                error != http::error::end_of_stream && error != http::error::partial_message)) {
        code = Code::kBadAnswer;
    }
    return Error{code, node.name + " (" + node.host + ":" + node.port + "), " + std::string(what) +
                           ": " + error.message()};
}

Result<std::shared_ptr<asio::ssl::context>> make_tls_context(const NodeAddress& node) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    if (SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_3_VERSION) != 1) {
        return fail(Code::kInternal, "this OpenSSL cannot do TLS 1.3");
    }
    if (node.tls_pin.empty()) {
        boost::system::error_code error;
        context->load_verify_file(node.ca_file, error);
        if (error) {
            return fail(Code::kIo, "CA file '" + node.ca_file + "': " + error.message());
        }
        context->set_verify_mode(asio::ssl::verify_peer);
        context->set_verify_callback(asio::ssl::host_name_verification(node.host));
    } else {
        // SECURITY: the pin is checked by check_pin after the handshake, which proves possession of
        // the key.
        context->set_verify_mode(asio::ssl::verify_none);
    }
    return context;
}

Connection::Connection(asio::io_context& context, NodeAddress node,
                       std::shared_ptr<asio::ssl::context> tls)
    : context_(context), node_(std::move(node)), tls_(std::move(tls)) {}

Connection::Request Connection::make(const HttpRequest& request) const {
    Request message(http::string_to_verb(request.method), request.target, 11);
    message.set(http::field::host, node_.host + ":" + node_.port);
    message.set(http::field::accept, "application/json, application/problem+json, */*");
    if (!request.content_type.empty()) {
        message.set(http::field::content_type, request.content_type);
    }
    for (const auto& [name, value] : request.headers) {
        message.set(name, value);
    }
    message.body() = request.body;
    message.prepare_payload();
    return message;
}

awaitable<Status> Connection::open(std::chrono::milliseconds timeout) {
    close();
    tcp::resolver resolver(context_);
    auto [resolve_error, endpoints] =
        co_await resolver.async_resolve(node_.host, node_.port, kTuple);
    if (resolve_error) {
        co_return tl::unexpected(network_error(node_, resolve_error, "resolving"));
    }
    stream_ = std::make_unique<Stream>(context_, *tls_);
    auto& socket = beast::get_lowest_layer(*stream_);
    socket.expires_after(timeout);
    auto [connect_error, endpoint] = co_await socket.async_connect(endpoints, kTuple);
    if (connect_error) {
        close();
        co_return tl::unexpected(network_error(node_, connect_error, "connecting"));
    }
    boost::system::error_code ignored;
    socket.socket().set_option(tcp::no_delay(true), ignored);
    Status status = co_await shake_hands();
    if (!status) {
        close();
    }
    co_return status;
}

awaitable<Status> Connection::shake_hands() {
    SSL* ssl = stream_->native_handle();
    boost::system::error_code not_an_address;
    asio::ip::make_address(node_.host, not_an_address);
    if (not_an_address) {  // RFC 6066, 3: server names only, never addresses
        SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, node_.host.data());
    }
    auto [error] = co_await stream_->async_handshake(asio::ssl::stream_base::client, kTuple);
    if (error) {
        Error failure = network_error(node_, error, "TLS handshake");
        if (error.category() == asio::error::get_ssl_category()) {
            failure.code = Code::kWrongServer;
        }
        co_return tl::unexpected(std::move(failure));
    }
    co_return check_pin(node_, ssl);
}

awaitable<Result<HttpResponse>> Connection::exchange(const Request& request,
                                                     std::chrono::milliseconds timeout) {
    beast::get_lowest_layer(*stream_).expires_after(timeout);
    auto [write_error, written] = co_await http::async_write(*stream_, request, kTuple);
    if (write_error) {
        close();
        co_return tl::unexpected(network_error(node_, write_error, "sending"));
    }
    http::response_parser<http::string_body> parser;
    parser.body_limit(kAnswerBytesMax);
    parser.header_limit(kHeaderBytesMax);
    parser.skip(request.method() == http::verb::head);
    auto [read_error, size] = co_await http::async_read(*stream_, buffer_, parser, kTuple);
    if (read_error) {
        close();
        co_return tl::unexpected(network_error(node_, read_error, "receiving"));
    }
    auto message = parser.release();
    HttpResponse response;
    response.status = message.result_int();
    response.content_type = std::string(message[http::field::content_type]);
    response.height = std::string(message["X-Sanquan-Height"]);
    response.state_root = std::string(message["X-Sanquan-State-Root"]);
    response.body = std::move(message.body());
    if (!message.keep_alive()) {
        close();
    }
    co_return response;
}

void Connection::close() {
    if (stream_ != nullptr) {
        boost::system::error_code ignored;
        beast::get_lowest_layer(*stream_).socket().close(ignored);
        stream_.reset();
    }
    buffer_.clear();
}

}  // namespace sanquan::client
