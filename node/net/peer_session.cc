#include "node/net/peer_session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/peer.pb.h"
#include "node/log.h"

namespace sanquan::node {
namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto kWait = asio::as_tuple(asio::use_awaitable);
constexpr std::uint32_t kProtocolVersion = 1;
constexpr auto kHelloLimit = 5s;
constexpr auto kFrameLimit = 30s;     // from a frame's first byte to its last
constexpr auto kFollowerIdle = 120s;  // a follower asks at least this often
constexpr auto kNoLimit = 0s;
constexpr std::size_t kReadBytes = 64U << 10U;
constexpr std::size_t kWriteBytes = 128U << 10U;
// What a follower sends are short questions; a hello is no longer, whoever says it.
constexpr std::size_t kShortFrameBytesMax = 4U << 10U;
constexpr std::array<std::size_t, kLanes> kLaneBytesMax = {
    4 * limits::kFrameBytesMax, 2 * limits::kFrameBytesMax, 2 * limits::kFrameBytesMax};

Status peer_closed(const boost::system::error_code& error) {
    return fail(Code::kPeerClosed, error.message());
}

}  // namespace

PeerSession::PeerSession(TlsStream stream, PeerInfo info, PeerTraffic& traffic)
    : stream_(std::move(stream)),
      info_(std::move(info)),
      traffic_(traffic),
      reader_(kShortFrameBytesMax),
      read_buffer_(kReadBytes, '\0'),
      watchdog_(stream_.get_executor()),
      writer_wakeup_(stream_.get_executor()) {}

bool PeerSession::send(Lane lane, const SharedFrame& frame) {
    const std::lock_guard lock(mutex_);
    Queue& queue = queues_[static_cast<std::size_t>(lane)];
    if (closed_ || queue.bytes + frame->size() > kLaneBytesMax[static_cast<std::size_t>(lane)]) {
        traffic_.frames_dropped.fetch_add(1, std::memory_order_relaxed);
        return false;
    }
    queue.bytes += frame->size();
    queue.frames.push_back(frame);
    if (writer_waiting_) {
        writer_waiting_ = false;
        asio::post(stream_.get_executor(),
                   [self = shared_from_this()] { self->writer_wakeup_.cancel(); });
    }
    return true;
}

bool PeerSession::has_room(Lane lane) const {
    const std::lock_guard lock(mutex_);
    const auto index = static_cast<std::size_t>(lane);
    return !closed_ && queues_[index].bytes <= kLaneBytesMax[index] / 2;
}

void PeerSession::close() {
    if (closed_.exchange(true)) {
        return;
    }
    boost::system::error_code ignored;
    stream_.lowest_layer().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    stream_.lowest_layer().close(ignored);
    watchdog_.cancel();
    writer_wakeup_.cancel();
}

void PeerSession::arm_watchdog(std::chrono::milliseconds limit) {
    const std::uint64_t generation = ++watchdog_generation_;
    // What was read before close() may be looked at after it: a clock that is wound up then keeps the session, and the
    // end of the network, waiting until it has run down.
    if (limit == 0ms || closed_) {
        watchdog_.cancel();
        return;
    }
    watchdog_.expires_after(limit);
    watchdog_.async_wait([self = shared_from_this(), generation](boost::system::error_code error) {
        if (!error && generation == self->watchdog_generation_) {
            self->timed_out_ = true;
            self->close();
        }
    });
}

asio::awaitable<Status> PeerSession::read_frame(Bytes& body, Limits limits) {
    bool armed = false;
    bool inside = false;
    for (;;) {
        auto next = reader_.next();
        if (!next) {
            co_return tl::unexpected(next.error());
        }
        if (*next) {
            body = std::move(**next);
            traffic_.frames_in.fetch_add(1, std::memory_order_relaxed);
            co_return Status{};
        }
        // A frame that is there already needs no clock.
        if (!armed || (!inside && reader_.in_frame())) {
            armed = true;
            inside = reader_.in_frame();
            arm_watchdog(inside ? limits.frame : limits.first_byte);
        }
        const auto [error, size] =
            co_await stream_.async_read_some(asio::buffer(read_buffer_), kWait);
        if (error) {
            co_return timed_out_ ? Status(fail(Code::kTimeout, "the peer is too slow"))
                                 : peer_closed(error);
        }
        traffic_.bytes_in.fetch_add(size, std::memory_order_relaxed);
        received_.fetch_add(size, std::memory_order_relaxed);
        reader_.append(ByteView(read_buffer_).substr(0, size));
    }
}

asio::awaitable<Status> PeerSession::exchange_hellos(SharedFrame hello, ChainId chain) {
    send(Lane::kConsensus, hello);
    Bytes body;
    if (Status status = co_await read_frame(body, {kHelloLimit, kHelloLimit}); !status) {
        co_return status;
    }
    const auto frame = decode<wire::PeerFrame>(body, kShortFrameBytesMax);
    if (!frame) {
        co_return fail(Code::kPeerProtocol, "no hello: " + to_string(frame.error()));
    }
    if (frame->has_goodbye()) {
        co_return fail(Code::kPeerClosed, frame->goodbye().reason().substr(0, 200));
    }
    if (!frame->has_hello() || frame->hello().protocol() != kProtocolVersion) {
        co_return fail(Code::kPeerProtocol,
                       "this node speaks protocol version " + std::to_string(kProtocolVersion));
    }
    if (frame->hello().chain_id() != chain.view()) {
        co_return fail(Code::kWrongChain, "the peer's genesis is " +
                                              to_hex(frame->hello().chain_id().substr(0, 32)) +
                                              ", ours " + chain.hex());
    }
    if (info_.pinned) {
        reader_.set_frame_bytes_max(limits::kFrameBytesMax);
    } else {
        info_.name = frame->hello().name().substr(0, limits::kIdentifierBytesMax);
    }
    co_return Status{};
}

asio::awaitable<Status> PeerSession::read_loop(OnFrame on_frame) {
    const Limits limits{info_.pinned ? kNoLimit : kFollowerIdle, kFrameLimit};
    for (;;) {
        Bytes body;
        if (Status status = co_await read_frame(body, limits); !status) {
            co_return status;
        }
        if (!on_frame(info_, std::move(body))) {
            co_return fail(Code::kPeerProtocol, "a frame that no honest node sends");
        }
    }
}

// Frames of the most urgent lane first, several in one write.
Bytes PeerSession::take_outgoing() {
    const std::lock_guard lock(mutex_);
    Bytes out;
    for (Queue& queue : queues_) {
        while (!queue.frames.empty() && (out.empty() || out.size() < kWriteBytes)) {
            out.append(*queue.frames.front());
            queue.bytes -= queue.frames.front()->size();
            queue.frames.pop_front();
            traffic_.frames_out.fetch_add(1, std::memory_order_relaxed);
        }
    }
    if (out.empty()) {
        // ORDER: under the lock, and with the timer armed, else a wake-up between here and the wait is lost.
        writer_wakeup_.expires_at(asio::steady_timer::time_point::max());
        writer_waiting_ = true;
    }
    return out;
}

asio::awaitable<void> PeerSession::write_loop() {
    while (!closed_) {
        const Bytes out = take_outgoing();
        if (out.empty()) {
            co_await writer_wakeup_.async_wait(kWait);
            continue;
        }
        const auto [error, size] = co_await asio::async_write(stream_, asio::buffer(out), kWait);
        if (error) {
            close();
            co_return;
        }
        traffic_.bytes_out.fetch_add(size, std::memory_order_relaxed);
    }
}

// Holds the session, which run() may leave before the last write returns.
asio::awaitable<void> PeerSession::write_until_closed(std::shared_ptr<PeerSession> session) {
    co_await session->write_loop();
}

asio::awaitable<Status> PeerSession::run(SharedFrame hello, ChainId chain,
                                         std::function<void(const PeerInfo&)> on_ready,
                                         OnFrame on_frame) {
    const auto self = shared_from_this();
    asio::co_spawn(stream_.get_executor(), write_until_closed(self),
                   [self](const std::exception_ptr& failure) {
                       if (failure != nullptr) {
                           self->close();  // nothing more would leave: the peer dials again
                       }
                   });
    Status status = fail(Code::kInternal);
    try {
        status =
            co_await converse(std::move(hello), chain, std::move(on_ready), std::move(on_frame));
    } catch (const std::exception& error) {
        // SECURITY: whatever its bytes set off ends this connection, not the process.
        status = fail(Code::kInternal, error.what());
    }
    close();
    co_return status;
}

asio::awaitable<Status> PeerSession::converse(SharedFrame hello, ChainId chain,
                                              std::function<void(const PeerInfo&)> on_ready,
                                              OnFrame on_frame) {
    Status status = co_await exchange_hellos(std::move(hello), chain);
    if (status) {
        on_ready(info_);
        status = co_await read_loop(std::move(on_frame));
    } else if (status.error().code == Code::kWrongChain) {
        // Tell the peer why, so that its log names the cause too.
        wire::PeerFrame frame;
        frame.mutable_goodbye()->set_code(static_cast<std::uint32_t>(status.error().code));
        frame.mutable_goodbye()->set_reason("this chain is " + chain.hex());
        send(Lane::kConsensus, std::make_shared<const Bytes>(make_frame(encode(frame))));
        asio::steady_timer pause(stream_.get_executor(), 200ms);
        co_await pause.async_wait(kWait);
    }
    co_return status;
}

}  // namespace sanquan::node
