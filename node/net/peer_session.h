// One TLS connection to one peer, after its handshake: reading, writing, deadlines.
//
// Runs on the network thread; send() may be called from any thread. Reading and writing are two coroutines over one
// stream; when either ends, both do. Queues are bounded per lane: a frame that does not fit is dropped, because
// consensus repeats itself, transactions are gossiped by others too, and catch-up asks again.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "node/net/framing.h"
#include "node/net/peer_network.h"
#include "node/net/tls.h"

namespace sanquan::node {

// Shared by all sessions of one network.
struct PeerTraffic {
    std::atomic<std::uint64_t> bytes_in{0};
    std::atomic<std::uint64_t> bytes_out{0};
    std::atomic<std::uint64_t> frames_in{0};
    std::atomic<std::uint64_t> frames_out{0};
    std::atomic<std::uint64_t> frames_dropped{0};
};

class PeerSession : public std::enable_shared_from_this<PeerSession> {
  public:
    using OnFrame = std::function<bool(const PeerInfo&, Bytes)>;

    PeerSession(TlsStream stream, PeerInfo info, PeerTraffic& traffic);

    // Exchanges hellos, then serves until the connection ends; says why it ended.
    // kWrongChain, kPeerProtocol, kFrameTooLarge, kTimeout, kPeerClosed; kInternal when a handler threw.
    boost::asio::awaitable<Status> run(SharedFrame hello, ChainId chain,
                                       std::function<void(const PeerInfo&)> on_ready,
                                       OnFrame on_frame);

    // False when the lane is full.
    bool send(Lane lane, const SharedFrame& frame);
    // Half of the lane is free; any thread.
    [[nodiscard]] bool has_room(Lane lane) const;
    // From the network thread; run() then returns.
    void close();

    [[nodiscard]] const PeerInfo& info() const { return info_; }
    // Bytes of the connection so far; any thread.
    [[nodiscard]] std::uint64_t received() const { return received_; }

  private:
    struct Queue {
        std::deque<SharedFrame> frames;
        std::size_t bytes = 0;
    };
    struct Limits {  // of one frame's arrival; zero: none
        std::chrono::seconds first_byte;
        std::chrono::seconds frame;
    };

    boost::asio::awaitable<Status> converse(SharedFrame hello, ChainId chain,
                                            std::function<void(const PeerInfo&)> on_ready,
                                            OnFrame on_frame);
    boost::asio::awaitable<Status> exchange_hellos(SharedFrame hello, ChainId chain);
    boost::asio::awaitable<Status> read_frame(Bytes& body, Limits limits);
    boost::asio::awaitable<Status> read_loop(OnFrame on_frame);
    boost::asio::awaitable<void> write_loop();
    static boost::asio::awaitable<void> write_until_closed(std::shared_ptr<PeerSession> session);
    Bytes take_outgoing();
    void arm_watchdog(std::chrono::milliseconds limit);

    TlsStream stream_;
    PeerInfo info_;
    PeerTraffic& traffic_;
    FrameReader reader_;
    Bytes read_buffer_;
    boost::asio::steady_timer watchdog_;
    boost::asio::steady_timer writer_wakeup_;
    std::uint64_t watchdog_generation_ = 0;
    bool timed_out_ = false;
    std::atomic<bool> closed_{false};
    std::atomic<std::uint64_t> received_{0};

    mutable std::mutex mutex_;  // guards queues_ and writer_waiting_
    std::array<Queue, kLanes> queues_;
    bool writer_waiting_ = false;
};

}  // namespace sanquan::node
