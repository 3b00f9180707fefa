#include "node/gateway/event_stream.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "ledger/base/limits.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/state/read_meter.h"
#include "node/gateway/receipt_json.h"

namespace sanquan::node {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace json = boost::json;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr auto kKeepAlive = std::chrono::seconds(15);
constexpr auto kLook = std::chrono::seconds(1);  // whether a newcomer has taken the seat
// BOUND: texts that are kept.
constexpr std::size_t kTextBytesMax = 16U << 20U;
constexpr std::size_t kTextsMax = 1'024;
constexpr auto kReplayPause = std::chrono::milliseconds(50);

// Wakes the stream when a block arrives; the node's thread only posts.
struct Bell {
    explicit Bell(const asio::any_io_executor& executor) : timer(executor) {}
    asio::steady_timer timer;
};

class Subscription {
  public:
    Subscription(SessionShared& shared, const std::shared_ptr<Bell>& bell)
        : ledger_(shared.ledger) {
        // INVARIANT: only the stream owns the bell: the node may hold copies of the listener for longer than the
        // io_context lives.
        handle_ = ledger_.subscribe([weak = std::weak_ptr(bell), alive = shared.alive](Height) {
            const std::lock_guard lock(alive->mutex);
            const auto rung = alive->value ? weak.lock() : nullptr;
            if (rung != nullptr) {
                const auto executor = rung->timer.get_executor();
                asio::post(executor, [rung] { rung->timer.cancel(); });
            }
        });
    }
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;
    ~Subscription() { ledger_.unsubscribe(handle_); }

  private:
    LedgerService& ledger_;
    std::uint64_t handle_ = 0;
};

struct StreamPlace {
    SessionShared& shared;
    const std::string& remote;
    bool entered;
    ~StreamPlace() {
        if (entered) {
            shared.gate.leave_stream(remote);
        }
    }
};

using Stream = beast::ssl_stream<beast::tcp_stream>;

asio::awaitable<bool> send_text(Stream& stream, EventTexts::Text text,
                                std::chrono::milliseconds deadline) {
    beast::get_lowest_layer(stream).expires_after(deadline);
    auto [error, size] = co_await asio::async_write(stream, asio::buffer(*text), kTuple);
    co_return !error;
}

asio::awaitable<bool> send(Stream& stream, std::string text, std::chrono::milliseconds deadline) {
    auto shared = std::make_shared<const std::string>(std::move(text));
    co_return co_await send_text(stream, std::move(shared), deadline);
}

// The event of a block; what is read for `payer` alone is charged to it.
Result<EventTexts::Text> read_event(SessionShared& shared, Height height,
                                    const std::string* payer) {
    const ReadAllowance allowance(UINT64_MAX);
    auto event = shared.events->of(shared.ledger, height);
    if (payer != nullptr) {
        shared.gate.charge(*payer, static_cast<double>(allowance.bytes()) / kReadBytesPerToken,
                           AdmissionGate::Clock::now());
    }
    return event;
}

constexpr std::string_view kHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
    "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n";
constexpr std::string_view kBusy =
    "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nRetry-After: 5\r\n"
    "Connection: close\r\n\r\n";

}  // namespace

Result<std::string> block_event(const LedgerService& ledger, Height height) {
    SANQUAN_TRY_ASSIGN(const StoredBlock stored, ledger.block(height));
    SANQUAN_TRY_ASSIGN(const auto block, decode<wire::Block>(stored.block, limits::kFrameBytesMax));
    SANQUAN_TRY_ASSIGN(const auto header,
                       decode<wire::BlockHeader>(block.header(), limits::kFrameBytesMax));
    json::object event;
    event["height"] = std::to_string(height.value);
    event["time_ms"] = std::to_string(header.time_ms());
    event["view"] = std::to_string(header.view());
    json::array transactions;
    for (const Bytes& bytes : stored.receipts) {
        SANQUAN_TRY_ASSIGN(const auto receipt, decode<wire::Receipt>(bytes, kReceiptBytesMax));
        transactions.push_back(receipt_summary(receipt));
    }
    event["transactions"] = std::move(transactions);
    return "id: " + std::to_string(height.value) +
           "\nevent: block\ndata: " + json::serialize(event) + "\n\n";
}

Result<EventTexts::Text> EventTexts::of(const LedgerService& ledger, Height height) {
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = texts_.find(height); found != texts_.end()) {
            return found->second;
        }
    }
    // Without the lock: whoever reads an old block must not hold up those that wait for the newest. Two may make the same.
    SANQUAN_TRY_ASSIGN(std::string text, block_event(ledger, height));
    const auto shared = std::make_shared<const std::string>(std::move(text));
    const std::lock_guard lock(mutex_);
    if (!texts_.emplace(height, shared).second) {
        return shared;
    }
    bytes_ += shared->size();
    // The lowest go first: replays of the past do not push out what all are waiting for.
    while (bytes_ > kTextBytesMax || texts_.size() > kTextsMax) {
        bytes_ -= texts_.begin()->second->size();
        texts_.erase(texts_.begin());
    }
    return shared;
}

asio::awaitable<void> stream_events(Stream& stream, std::shared_ptr<SessionShared> shared,
                                    std::string remote, Height after) {
    const auto deadline = shared->limits.answer;
    const StreamPlace place{*shared, remote, shared->gate.enter_stream(remote)};
    if (!place.entered) {
        co_await send(stream, std::string(kBusy), deadline);
        co_return;
    }
    auto bell = std::make_shared<Bell>(stream.get_executor());
    const Subscription subscription(*shared, bell);
    if (!co_await send(stream, std::string(kHead), deadline)) {
        co_return;
    }
    Height sent = after;
    const Height at_start = shared->ledger.status().height;
    const std::string budget = "replay " + remote;
    bool told_divergence = false;
    std::chrono::seconds silent(0);
    while (true) {
        bell->timer.expires_after(kLook);
        const NodeStatus status = shared->ledger.status();
        if (status.diverged && !told_divergence) {
            told_divergence = true;
            const std::string alarm = json::serialize(json::object{{"alarm", status.divergence}});
            if (!co_await send(stream, "event: alarm\ndata: " + alarm + "\n\n", deadline)) {
                co_return;
            }
        }
        while (sent < status.height) {
            // What lies before the stream's begin is read for this client alone: at the pace of its address.
            if (sent < at_start && !shared->gate.spend(budget, AdmissionGate::Clock::now())) {
                beast::get_lowest_layer(stream).expires_never();
                asio::steady_timer pause(stream.get_executor(), kReplayPause);
                co_await pause.async_wait(kTuple);
                if (!beast::get_lowest_layer(stream).socket().is_open()) {
                    co_return;
                }
                continue;
            }
            const auto event =
                read_event(*shared, sent.next(), sent < at_start ? &budget : nullptr);
            if (!event || !co_await send_text(stream, *event, deadline)) {
                co_return;
            }
            sent = sent.next();
        }
        beast::get_lowest_layer(stream).expires_never();
        auto [woken] = co_await bell->timer.async_wait(kTuple);
        if (!beast::get_lowest_layer(stream).socket().is_open()) {
            co_return;
        }
        silent = woken ? std::chrono::seconds(0) : silent + kLook;
        if (silent >= kKeepAlive) {
            silent = std::chrono::seconds(0);
            if (!co_await send(stream, ": still here\n\n", deadline)) {
                co_return;
            }
        }
    }
}

}  // namespace sanquan::node
