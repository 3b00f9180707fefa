#include "node/gateway/session.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

#include "ledger/base/limits.h"
#include "node/gateway/client_certificate.h"
#include "node/gateway/event_stream.h"
#include "node/gateway/growing_body.h"
#include "node/gateway/problem.h"
#include "node/gateway/request_head.h"
#include "node/net/address_count.h"

namespace sanquan::node {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::awaitable;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBytes = 16U << 10U;
constexpr std::string_view kEventStream = "text/event-stream";

TimeMs wall_clock() {
    return {static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                           std::chrono::system_clock::now().time_since_epoch())
                                           .count())};
}

class Session;

// How a seat's loss reaches the session, if it still lives; used on the session's strand only.
struct Leash {
    Session* session = nullptr;
};

// Where the reply of a handler and the waiting session meet.
struct Meeting {
    explicit Meeting(const asio::any_io_executor& executor) : timer(executor) {}
    asio::steady_timer timer;
    std::optional<Answer> answer;

    // INVARIANT: only the session owns the meeting. The reply may be dropped after the io_context has gone, and neither
    // a timer nor an executor may outlive that.
    static Reply reply_to(const std::shared_ptr<Meeting>& meeting,
                          std::shared_ptr<SessionShared::Alive> alive) {
        return [weak = std::weak_ptr(meeting), alive = std::move(alive)](Answer answer) {
            const std::lock_guard lock(alive->mutex);
            const auto waiting = alive->value ? weak.lock() : nullptr;
            if (waiting == nullptr) {
                return;
            }
            const auto executor = waiting->timer.get_executor();
            asio::post(executor, [waiting, answer = std::move(answer)]() mutable {
                waiting->answer = std::move(answer);
                waiting->timer.cancel();
            });
        };
    }
};

// What a body may hold without asking: the connections bound it, and nobody who sends much keeps it from others.
constexpr std::size_t kSmallBodyBytes = kReadBytes;
constexpr std::size_t kBodyStepBytes = 64U << 10U;

// A request's part of the bytes that all requests together may hold, taken as they arrive: what is only announced keeps
// nobody out. Given back at its end.
class BodyShare {
  public:
    BodyShare(AdmissionGate& gate, const std::string& remote) : gate_(gate), remote_(remote) {}
    BodyShare(const BodyShare&) = delete;
    BodyShare& operator=(const BodyShare&) = delete;
    ~BodyShare() { give_back(); }
    // Room for a body of which `received` bytes are here, of `announced` at most; false when there is none.
    bool grow_to(std::size_t received, std::size_t announced) {
        if (received <= kSmallBodyBytes || received <= bytes_) {
            return true;
        }
        const std::size_t wanted = std::max(received, std::min(announced, bytes_ + kBodyStepBytes));
        if (!gate_.take_body(remote_, wanted - bytes_)) {
            return false;
        }
        bytes_ = wanted;
        return true;
    }
    void give_back() { gate_.give_body(remote_, std::exchange(bytes_, 0)); }

  private:
    AdmissionGate& gate_;
    const std::string& remote_;
    std::size_t bytes_ = 0;
};

class Session {
  public:
    Session(std::shared_ptr<SessionShared> shared, asio::ip::tcp::socket socket, std::string remote,
            AdmissionGate::Seat seat, std::shared_ptr<Leash> leash)
        : shared_(std::move(shared)),
          remote_(std::move(remote)),
          seat_(std::move(seat)),
          leash_(std::move(leash)),
          stream_(std::move(socket), shared_->tls) {
        leash_->session = this;
    }
    ~Session() { leash_->session = nullptr; }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // Ends what the session waits for; run() returns then.
    void cut() { beast::get_lowest_layer(stream_).close(); }

    awaitable<void> run() {
        if (!co_await shake_hands()) {
            co_return;
        }
        bool open = true;
        while (open) {
            Result<RequestHead> head = co_await read_head();
            if (!head) {
                head_only_ = false;
                if (head.error().code != Code::kUnreachable) {
                    co_await refuse(head.error());
                }
                break;
            }
            open = co_await serve_request(std::move(*head));
        }
        co_await close();
    }

  private:
    auto& socket() { return beast::get_lowest_layer(stream_); }

    awaitable<bool> shake_hands() {
        socket().expires_after(shared_->limits.handshake);
        boost::system::error_code ignored;
        socket().socket().set_option(asio::ip::tcp::no_delay(true), ignored);
        auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kTuple);
        if (!error) {
            certificate_ = read_client_certificate(stream_.native_handle());
        }
        co_return !error;
    }

    // kUnreachable: the client has gone or was silent; nothing is to be answered.
    awaitable<Result<RequestHead>> read_head() {
        socket().expires_after(shared_->limits.idle);
        bool started = buffer_.size() > 0;
        while (true) {
            const auto data = buffer_.data();
            const std::string_view bytes(static_cast<const char*>(data.data()), data.size());
            const auto end = bytes.find("\r\n\r\n");
            if (end != std::string_view::npos) {
                head_bytes_ = end + 4;
                co_return parse_request_head(bytes.substr(0, head_bytes_));
            }
            if (bytes.size() >= limits::kHttpHeaderBytesMax) {
                co_return fail(Code::kTooLong, "the request head has more than 16 KiB");
            }
            auto [error, size] =
                co_await stream_.async_read_some(buffer_.prepare(kReadBytes), kTuple);
            if (error) {
                co_return fail(Code::kUnreachable, error.message());
            }
            buffer_.commit(size);
            if (!started) {
                started = true;
                socket().expires_after(shared_->limits.head);
            }
        }
    }

    awaitable<Result<std::string>> read_body(RequestHead head, std::size_t announced,
                                             BodyShare& share) {
        if (head.content_length.value_or(0) > limits::kHttpBodyBytesMax) {
            co_return fail(Code::kTooLong, "the body has more than 2 MiB");
        }
        if (head.header("expect") == "100-continue") {
            static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
            auto [error, size] = co_await asio::async_write(
                stream_, asio::buffer(kContinue.data(), kContinue.size()), kTuple);
            if (error) {
                co_return fail(Code::kUnreachable, error.message());
            }
        }
        http::request_parser<GrowingBody> parser;
        parser.eager(true);
        parser.body_limit(limits::kHttpBodyBytesMax);  // before the head is parsed
        parser.header_limit(static_cast<std::uint32_t>(limits::kHttpHeaderBytesMax));
        socket().expires_after(shared_->limits.body);
        boost::system::error_code error;
        while (!error && !parser.is_done()) {
            auto [failure, size] = co_await http::async_read_some(stream_, buffer_, parser, kTuple);
            error = failure;
            if (!error && !share.grow_to(parser.get().body().size(), announced)) {
                co_return fail(Code::kPoolFull, "the bodies of other requests");
            }
        }
        if (error == http::error::body_limit) {
            co_return fail(Code::kTooLong, "the body has more than 2 MiB");
        }
        if (error == http::error::end_of_stream || error == http::error::partial_message ||
            error == beast::error::timeout) {
            co_return fail(Code::kUnreachable, error.message());
        }
        if (error) {
            co_return fail(Code::kProtocolViolation, error.message());
        }
        co_return std::move(parser.get().body());
    }

    Result<Call> make_call(const RequestHead& head, std::string body) {
        Call call;
        call.method = head.method;
        SANQUAN_TRY(parse_target(head.target, call));
        call.content_type = std::string(head.header("content-type"));
        call.authorization = std::string(head.header("authorization"));
        call.last_event_id = std::string(head.header("last-event-id"));
        call.accepts_protobuf = head.header("accept") == "application/x-protobuf";
        call.language = language_;
        call.body = std::move(body);
        call.remote = remote_;
        call.received = wall_clock();
        if (certificate_ && certificate_->valid_at(call.received)) {
            call.certificate_key = certificate_->key;
        }
        return call;
    }

    // False when the connection is to be closed.
    awaitable<bool> serve_request(RequestHead head) {
        language_ = preferred_language(head.header("accept-language"));
        head_only_ = head.method == "HEAD";
        const bool keep_alive = head.keep_alive;
        const std::size_t announced =
            head.chunked ? limits::kHttpBodyBytesMax
                         : static_cast<std::size_t>(std::min<std::uint64_t>(
                               head.content_length.value_or(0), limits::kHttpBodyBytesMax));
        // Before anything is read for it: who has no token left gets no work done.
        if (announced > 0 && !shared_->gate.can_spend(remote_, AdmissionGate::Clock::now())) {
            const Error empty{Code::kRateLimited, "requests from " + remote_};
            co_await refuse(empty);
            co_return false;
        }
        BodyShare share(shared_->gate, remote_);
        Result<std::string> body = co_await read_body(head, announced, share);
        if (!body) {
            if (body.error().code != Code::kUnreachable) {
                co_await refuse(body.error());
            }
            co_return false;
        }
        Result<Call> call = make_call(head, std::move(*body));
        if (!call) {
            co_return co_await send(problem(call.error(), language_), keep_alive);
        }
        Result<const Route*> route = shared_->router.find(*call);
        if (!route) {
            Answer refusal = problem(route.error(), language_);
            refusal.charge = refusal.charge || announced > 0;
            co_return co_await send(std::move(refusal), keep_alive);
        }
        seat_.set_busy(true);
        Answer answer = co_await ask((*route)->handler, std::move(*call), share);
        if (answer.events_after && head_only_) {
            answer.content_type = kEventStream;
            co_return co_await send(std::move(answer), /*keep_alive=*/false);
        }
        if (answer.events_after) {
            seat_.set_busy(false);  // a newcomer may have it
            co_await stream_events(stream_, shared_, remote_, *answer.events_after);
            co_return false;
        }
        seat_.set_busy(false);
        co_return co_await send(std::move(answer), keep_alive);
    }

    // Runs the handler and waits for its reply without holding a thread.
    awaitable<Answer> ask(const Handler& handler, Call call, BodyShare& share) {
        const auto meeting = std::make_shared<Meeting>(stream_.get_executor());
        meeting->timer.expires_after(shared_->limits.wait_max + shared_->limits.answer);
        socket().expires_never();
        handler(std::move(call), Meeting::reply_to(meeting, shared_->alive));
        share.give_back();  // the body is with the node, whose queues have their own bounds
        co_await meeting->timer.async_wait(kTuple);
        if (!meeting->answer) {
            co_return problem(Error{Code::kTimeout, "the node did not answer"}, language_);
        }
        co_return meeting->answer->later ? meeting->answer->later() : std::move(*meeting->answer);
    }

    awaitable<bool> send(Answer answer, bool keep_alive) {
        if (answer.charge && !shared_->gate.spend(remote_, AdmissionGate::Clock::now())) {
            answer = problem(Error{Code::kRateLimited, "too many refused requests"}, language_);
            keep_alive = false;
        }
        http::response<http::string_body> message;
        message.version(11);
        message.result(answer.status);
        message.set(http::field::content_type, answer.content_type);
        message.set("X-Content-Type-Options", "nosniff");
        message.set(http::field::cache_control, "no-store");
        for (const auto& [name, value] : answer.headers) {
            message.set(name, value);
        }
        message.keep_alive(keep_alive);
        message.body() = std::move(answer.body);
        if (answer.content_type != kEventStream) {  // whose length nobody knows
            message.prepare_payload();
        }
        socket().expires_after(shared_->limits.answer);
        if (head_only_) {
            http::response_serializer<http::string_body> head(message);
            auto [error, size] = co_await http::async_write_header(stream_, head, kTuple);
            co_return !error && keep_alive;
        }
        auto [error, size] = co_await http::async_write(stream_, message, kTuple);
        co_return !error && keep_alive;
    }

    awaitable<void> refuse(Error error) {
        Answer answer = problem(error, language_);
        if (error.code == Code::kTooLong && head_bytes_ == 0) {
            answer.status = 431;  // RFC 6585, 5
        }
        co_await send(std::move(answer), /*keep_alive=*/false);
    }

    awaitable<void> close() {
        socket().expires_after(std::chrono::seconds(1));
        co_await stream_.async_shutdown(kTuple);
    }

    std::shared_ptr<SessionShared> shared_;
    std::string remote_;
    AdmissionGate::Seat seat_;
    std::shared_ptr<Leash> leash_;
    beast::ssl_stream<beast::tcp_stream> stream_;
    beast::flat_buffer buffer_{limits::kHttpHeaderBytesMax + limits::kHttpBodyBytesMax +
                               2 * kReadBytes};
    std::size_t head_bytes_ = 0;
    bool head_only_ = false;  // the request is HEAD: answers go without their content
    Language language_ = Language::kEnglish;
    std::optional<ClientCertificate> certificate_;
};

}  // namespace

awaitable<void> serve(std::shared_ptr<SessionShared> shared, asio::ip::tcp::socket socket) {
    boost::system::error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    if (error) {
        co_return;
    }
    std::string remote = counted_address(endpoint.address());
    auto leash = std::make_shared<Leash>();
    auto seat = shared->gate.enter(remote, [leash, executor = socket.get_executor()] {
        asio::post(executor, [leash] {
            if (leash->session != nullptr) {
                leash->session->cut();
            }
        });
    });
    if (!seat) {
        co_return;  // BOUND: refused before TLS, so that a refusal costs nothing
    }
    Session session(shared, std::move(socket), remote, std::move(seat), leash);
    co_await session.run();
}

}  // namespace sanquan::node
