#include "client/lib/http_client.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <exception>
#include <optional>

#include "client/lib/connection.h"

namespace sanquan::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::awaitable;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr auto kConnectTimeout = std::chrono::milliseconds(5'000);

// A kept connection that the server closed meanwhile shows only when it is used.
bool may_retry(const Error& error, bool was_open) {
    return was_open && error.code == Code::kUnreachable;
}

awaitable<Result<HttpResponse>> exchange(Connection& connection, Connection::Request request,
                                         std::chrono::milliseconds timeout) {
    const bool was_open = connection.is_open();
    if (!was_open) {
        Status opened = co_await connection.open(std::min(timeout, kConnectTimeout));
        if (!opened) {
            co_return tl::unexpected(std::move(opened).error());
        }
    }
    auto response = co_await connection.exchange(request, timeout);
    if (response || !may_retry(response.error(), was_open)) {
        co_return response;
    }
    Status opened = co_await connection.open(std::min(timeout, kConnectTimeout));
    if (!opened) {
        co_return tl::unexpected(std::move(opened).error());
    }
    co_return co_await connection.exchange(request, timeout);
}

using DataHandler = std::function<bool(std::string_view)>;

awaitable<Status> read_pieces(Connection& connection, const NodeAddress& node,
                              std::chrono::milliseconds idle, const DataHandler& on_data) {
    auto& stream = connection.stream();
    http::response_parser<http::buffer_body> parser;
    parser.body_limit(boost::none);
    auto [header_error, header_size] =
        co_await http::async_read_header(stream, connection.buffer(), parser, kTuple);
    if (header_error) {
        co_return tl::unexpected(network_error(node, header_error, "receiving"));
    }
    if (parser.get().result_int() != 200) {
        co_return fail(Code::kBadAnswer, "the stream was answered with HTTP " +
                                             std::to_string(parser.get().result_int()));
    }
    std::array<char, 16'384> piece{};
    while (!parser.is_done()) {
        parser.get().body().data = piece.data();
        parser.get().body().size = piece.size();
        beast::get_lowest_layer(stream).expires_after(idle);
        auto [error, size] =
            co_await http::async_read_some(stream, connection.buffer(), parser, kTuple);
        if (error && error != http::error::need_buffer) {
            co_return tl::unexpected(network_error(node, error, "receiving"));
        }
        const std::size_t filled = piece.size() - parser.get().body().size;
        if (filled > 0 && !on_data(std::string_view(piece.data(), filled))) {
            break;
        }
    }
    co_return Status();
}

awaitable<Status> run_stream(Connection& connection, Connection::Request request, NodeAddress node,
                             std::chrono::milliseconds idle, const DataHandler& on_data) {
    Status status = co_await connection.open(kConnectTimeout);
    if (!status) {
        co_return status;
    }
    beast::get_lowest_layer(connection.stream()).expires_after(idle);
    auto [error, size] = co_await http::async_write(connection.stream(), request, kTuple);
    if (error) {
        status = tl::unexpected(network_error(node, error, "sending"));
    } else {
        status = co_await read_pieces(connection, node, idle, on_data);
    }
    connection.close();
    co_return status;
}

// Runs one coroutine to its end on `context`.
template <typename T>
T run(asio::io_context& context, awaitable<T> task) {
    std::optional<T> result;
    context.restart();
    asio::co_spawn(context, std::move(task), [&result](std::exception_ptr thrown, T value) {
        if (thrown) {
            try {
                std::rethrow_exception(thrown);
            } catch (const std::exception& error) {
                result = T(fail(Code::kInternal, error.what()));
            }
        } else {
            result = std::move(value);
        }
    });
    context.run();
    return std::move(*result);
}

}  // namespace

struct HttpClient::State {
    explicit State(NodeAddress address) : node(std::move(address)) {}
    NodeAddress node;
    asio::io_context context{1};
    std::unique_ptr<Connection> connection;

    Status prepare() {
        if (connection == nullptr) {
            SANQUAN_TRY_ASSIGN(auto trust, make_server_trust(node));
            connection = std::make_unique<Connection>(context, node, std::move(trust));
        }
        return {};
    }
};

HttpClient::HttpClient(NodeAddress node) : state_(std::make_unique<State>(std::move(node))) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

const NodeAddress& HttpClient::node() const { return state_->node; }

Result<HttpResponse> HttpClient::request(const HttpRequest& request,
                                         std::chrono::milliseconds timeout) {
    SANQUAN_TRY(state_->prepare());
    auto& connection = *state_->connection;
    return run(state_->context, exchange(connection, connection.make(request), timeout));
}

Status HttpClient::stream(const HttpRequest& request, std::chrono::milliseconds idle,
                          const DataHandler& on_data) {
    SANQUAN_TRY(state_->prepare());
    auto& connection = *state_->connection;
    return run(state_->context,
               run_stream(connection, connection.make(request), state_->node, idle, on_data));
}

}  // namespace sanquan::client
