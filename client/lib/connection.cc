#include "client/lib/connection.h"

#include <openssl/x509.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <fstream>

#include "ledger/crypto/tls_certificate.h"
#include "ledger/crypto/x509_chain.h"
#include "ledger/crypto/x509_profile.h"

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
constexpr std::size_t kCaFileBytesMax = 4U << 20U;

struct CertificateFree {
    void operator()(X509* certificate) const { X509_free(certificate); }
};
using Certificate = std::unique_ptr<X509, CertificateFree>;

Result<SpkiHash> pin_of(X509* certificate) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate, &der);
    if (size <= 0) {
        return fail(Code::kWrongServer, "the server's certificate cannot be read");
    }
    auto pin = spki_hash_of_der(as_view(der, static_cast<std::size_t>(size)));
    OPENSSL_free(der);
    return pin;
}

Status check_pin(const NodeAddress& node, X509* certificate) {
    SANQUAN_TRY_ASSIGN(const auto pin, pin_of(certificate));
    if (pin.hex() != node.tls_pin) {
        return fail(Code::kWrongServer, node.name + " at " + node.host + ":" + node.port +
                                            " presented the key " + pin.hex() + ", expected " +
                                            node.tls_pin);
    }
    return {};
}

// By our own profile (docs/X509_PROFILE.md), not by the library's rules.
Status check_path(const NodeAddress& node, const std::vector<Bytes>& roots, SSL* ssl,
                  X509* certificate) {
    X509Question question;
    question.chain = pem_chain(certificate, SSL_get_peer_cert_chain(ssl));
    question.roots = roots;
    question.time_seconds = std::chrono::duration_cast<std::chrono::seconds>(
                                std::chrono::system_clock::now().time_since_epoch())
                                .count();
    question.purpose = X509Purpose::kServer;
    question.peer_name = node.host;
    const Status judged = verify_x509_path(question);
    if (!judged) {
        return fail(Code::kWrongServer, node.name + " at " + node.host + ":" + node.port + ": " +
                                            to_string(judged.error()));
    }
    return {};
}

Status check_server(const NodeAddress& node, const ServerTrust& trust, SSL* ssl) {
    const Certificate certificate(SSL_get1_peer_certificate(ssl));
    if (certificate == nullptr) {
        return fail(Code::kWrongServer, "the server presented no certificate");
    }
    return node.tls_pin.empty() ? check_path(node, trust.roots, ssl, certificate.get())
                                : check_pin(node, certificate.get());
}

Result<Bytes> read_ca_file(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    Bytes text(kCaFileBytesMax + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (!stream.is_open() || stream.bad() || text.size() > kCaFileBytesMax) {
        return fail(Code::kIo, "CA file '" + path + "' cannot be read or has more than 4 MiB");
    }
    return text;
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

Result<std::shared_ptr<ServerTrust>> make_server_trust(const NodeAddress& node) {
    auto trust = std::make_shared<ServerTrust>();
    if (SSL_CTX_set_min_proto_version(trust->context.native_handle(), TLS1_3_VERSION) != 1) {
        return fail(Code::kInternal, "this OpenSSL cannot do TLS 1.3");
    }
    // SECURITY: check_server judges after the handshake, which proves possession of the key, and before a byte is sent.
    trust->context.set_verify_mode(asio::ssl::verify_none);
    if (node.tls_pin.empty()) {
        SANQUAN_TRY_ASSIGN(const Bytes text, read_ca_file(node.ca_file));
        auto roots = split_pem_certificates(text);
        if (!roots) {
            return fail(roots.error().code,
                        "CA file '" + node.ca_file + "': " + roots.error().context);
        }
        trust->roots = std::move(*roots);
    }
    return trust;
}

Connection::Connection(asio::io_context& context, NodeAddress node,
                       std::shared_ptr<ServerTrust> trust)
    : context_(context), node_(std::move(node)), trust_(std::move(trust)) {}

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
    stream_ = std::make_unique<Stream>(context_, trust_->context);
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
    co_return check_server(node_, *trust_, ssl);
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
