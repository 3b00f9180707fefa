// One TLS 1.3 connection to a node, as coroutines; shared by HttpClient and BulkSubmitter, not for
// others.
//
// Belongs to one io_context that one thread runs.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <memory>
#include <vector>

#include "client/lib/http_client.h"
#include "ledger/base/bytes.h"

namespace sanquan::client {

// How a server is recognised.
struct ServerTrust {
    boost::asio::ssl::context context{boost::asio::ssl::context::tls_client};  // TLS 1.3 only
    std::vector<Bytes> roots;  // of the CA file, in PEM; none when the pin decides
};

// The pin of `node`, else its CA file. kIo, kBadEncoding (CA file), kInternal.
Result<std::shared_ptr<ServerTrust>> make_server_trust(const NodeAddress& node);

class Connection {
  public:
    using Request = boost::beast::http::request<boost::beast::http::string_body>;
    using Stream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

    Connection(boost::asio::io_context& context, NodeAddress node,
               std::shared_ptr<ServerTrust> trust);

    // Resolves, connects, shakes hands and checks the server's key or certificate before a byte is sent.
    boost::asio::awaitable<Status> open(std::chrono::milliseconds timeout);
    // Sends and reads one answer; the connection is closed afterwards if either side asked for it.
    boost::asio::awaitable<Result<HttpResponse>> exchange(const Request& request,
                                                          std::chrono::milliseconds timeout);
    [[nodiscard]] bool is_open() const { return stream_ != nullptr; }
    void close();

    Stream& stream() { return *stream_; }
    boost::beast::flat_buffer& buffer() { return buffer_; }

    // The request as it goes on the wire, with Host and keep-alive.
    [[nodiscard]] Request make(const HttpRequest& request) const;

  private:
    boost::asio::awaitable<Status> shake_hands();

    boost::asio::io_context& context_;
    NodeAddress node_;
    std::shared_ptr<ServerTrust> trust_;
    std::unique_ptr<Stream> stream_;
    boost::beast::flat_buffer buffer_;
};

// The library's error as one of ours: kTimeout, kBadAnswer, kUnreachable; `what` names the step.
Error network_error(const NodeAddress& node, const boost::system::error_code& error,
                    std::string_view what);

}  // namespace sanquan::client
