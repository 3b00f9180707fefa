#include "node/net/peer_network.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "ledger/codec/canonical.h"
#include "ledger/codec/peer.pb.h"
#include "ledger/crypto/random.h"
#include "node/log.h"
#include "node/net/peer_session.h"

namespace sanquan::node {
namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

constexpr auto kWait = asio::as_tuple(asio::use_awaitable);
constexpr auto kConnectLimit = 5s;
constexpr auto kHandshakeLimit = 10s;
constexpr std::chrono::milliseconds kBackoffFirst = 100ms;
constexpr std::chrono::milliseconds kBackoffLast = 5s;
constexpr std::size_t kHandshakesMax = 64;  // inbound and unfinished; more cut the oldest

SharedFrame make_hello(const PeerNetworkOptions& options) {
    wire::PeerFrame frame;
    wire::PeerHello& hello = *frame.mutable_hello();
    hello.set_protocol(1);
    hello.set_chain_id(options.chain.bytes());
    hello.set_name(options.name);
    hello.set_peer_class(options.follower ? wire::FOLLOWER : wire::VALIDATOR);
    hello.set_build(options.build);
    return std::make_shared<const Bytes>(make_frame(encode(frame)));
}

// A dead peer behind a silent network is noticed by the kernel, without traffic of ours.
void tune_socket(tcp::socket& socket) {
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    socket.set_option(asio::socket_base::keep_alive(true), ignored);
    using KeepIdle = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>;
    using KeepInterval = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>;
    using UserTimeout = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
    socket.set_option(KeepIdle(10), ignored);
    socket.set_option(KeepInterval(5), ignored);
    socket.set_option(UserTimeout(20'000), ignored);
}

}  // namespace

class PeerNetwork::Core : public std::enable_shared_from_this<PeerNetwork::Core> {
  public:
    Core(PeerNetworkOptions options, PeerEvents& events)
        : options_(std::move(options)),
          events_(events),
          acceptor_(io_),
          hello_(make_hello(options_)) {}

    Status open() {
        auto context = make_peer_tls_context(options_.certificate_pem, options_.key_pem);
        if (!context) {
            return tl::unexpected(context.error());
        }
        tls_ = std::move(*context);
        return options_.listen.host.empty() || options_.listen.port == 0 ? Status{} : listen();
    }

    void start() {
        if (acceptor_.is_open()) {
            spawn(accept_loop());
        }
        for (const PinnedPeer& peer : options_.peers) {
            start_dialling(peer);
        }
        thread_ = std::thread([this] { io_.run(); });
    }

    void stop() {
        if (!thread_.joinable()) {
            return;
        }
        // Every coroutine is brought to its end; destroying suspended ones is left to nobody.
        asio::post(io_, [this] {
            stopping_ = true;
            boost::system::error_code ignored;
            acceptor_.close(ignored);
            for (const auto& session : sessions_) {
                session->close();
            }
            for (const auto& [ticket, stream] : handshakes_) {
                abort_stream(*stream);
            }
            for (asio::steady_timer* sleeper : sleepers_) {
                sleeper->cancel();
            }
        });
        thread_.join();
        const std::lock_guard lock(mutex_);
        by_number_.clear();
        by_key_.clear();
    }

    bool send(PeerNumber number, Lane lane, const SharedFrame& frame) {
        const auto session = find(number);
        return session != nullptr && session->send(lane, frame);
    }

    bool send(const SpkiHash& key, Lane lane, const SharedFrame& frame) {
        std::shared_ptr<PeerSession> session;
        {
            const std::lock_guard lock(mutex_);
            const auto found = by_key_.find(key);
            session = found == by_key_.end() ? nullptr : found->second;
        }
        return session != nullptr && session->send(lane, frame);
    }

    void cut(PeerNumber number) {
        asio::post(io_, [self = shared_from_this(), number] {
            if (const auto session = self->find(number)) {
                session->close();
            }
        });
    }

    void broadcast(Lane lane, const SharedFrame& frame, bool followers_too) {
        for (const auto& session : all_sessions()) {
            if (session->info().pinned || followers_too) {
                session->send(lane, frame);
            }
        }
    }

    void set_peers(std::vector<PinnedPeer> peers) {
        asio::post(io_, [self = shared_from_this(), peers = std::move(peers)]() mutable {
            self->replace_peers(std::move(peers));
        });
    }

    std::vector<PeerInfo> connected() const {
        std::vector<PeerInfo> result;
        for (const auto& session : all_sessions()) {
            result.push_back(session->info());
        }
        return result;
    }

    PeerCounters counters() const {
        PeerCounters counters;
        counters.bytes_in = traffic_.bytes_in;
        counters.bytes_out = traffic_.bytes_out;
        counters.frames_in = traffic_.frames_in;
        counters.frames_out = traffic_.frames_out;
        counters.frames_dropped = traffic_.frames_dropped;
        counters.handshakes_failed = handshakes_failed_;
        counters.certificates_expired = certificates_expired_;
        return counters;
    }

  private:
    Status listen() {
        boost::system::error_code error;
        tcp::resolver resolver(io_);
        const auto found =
            resolver.resolve(options_.listen.host, std::to_string(options_.listen.port), error);
        if (error || found.empty()) {
            return fail(Code::kBadConfig, "peer.listen " + options_.listen.text() +
                                              " cannot be resolved: " + error.message());
        }
        const tcp::endpoint endpoint = found.begin()->endpoint();
        acceptor_.open(endpoint.protocol(), error);
        if (!error) {
            acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
            acceptor_.bind(endpoint, error);
        }
        if (!error) {
            acceptor_.listen(tcp::acceptor::max_listen_connections, error);
        }
        if (error) {
            return fail(Code::kAddressInUse, "peer.listen " + options_.listen.text() + ": " +
                                                 error.message() +
                                                 "; stop what uses it or choose another port");
        }
        return {};
    }

    void spawn(asio::awaitable<void> work) {
        asio::co_spawn(io_, std::move(work), [](std::exception_ptr failure) {
            if (failure != nullptr) {
                try {
                    std::rethrow_exception(failure);
                } catch (const std::exception& error) {
                    log(LogLevel::kError, "network_coroutine_failed", {{"what", error.what()}});
                }
            }
        });
    }

    // Until the time is over or the network stops.
    asio::awaitable<void> sleep(std::chrono::milliseconds time) {
        if (stopping_) {
            co_return;
        }
        asio::steady_timer timer(io_, time);
        sleepers_.insert(&timer);
        co_await timer.async_wait(kWait);
        sleepers_.erase(&timer);
    }

    asio::awaitable<void> accept_loop() {
        while (!stopping_) {
            auto [error, socket] = co_await acceptor_.async_accept(kWait);
            if (error) {
                if (error == asio::error::operation_aborted) {
                    co_return;
                }
                // Out of descriptors, most likely: wait for some to come back.
                log(LogLevel::kWarn, "accept_failed", {{"what", error.message()}});
                co_await sleep(100ms);
                continue;
            }
            spawn(serve_inbound(std::move(socket)));
        }
    }

    asio::awaitable<void> serve_inbound(tcp::socket socket) {
        tune_socket(socket);
        auto stream = std::make_shared<TlsStream>(std::move(socket), *tls_);
        while (inbound_.size() >= kHandshakesMax) {
            abort_stream(*handshakes_.at(*inbound_.begin()));
            inbound_.erase(inbound_.begin());
        }
        const auto certificate = co_await handshake(stream, asio::ssl::stream_base::server);
        if (!certificate) {
            // Counted, not logged at info: anybody may cause it, as often as he likes.
            handshakes_failed_.fetch_add(1);
            log(LogLevel::kDebug, "handshake_failed", {{"why", to_string(certificate.error())}});
            co_return;
        }
        const PinnedPeer* pin = find_pin(certificate->key);
        if (pin == nullptr && followers() >= options_.followers_max) {
            log(LogLevel::kDebug, "follower_refused", {{"why", "limits.sync_sessions is reached"}});
            co_return;
        }
        std::string name = pin == nullptr ? "" : pin->name;
        co_await serve(std::move(*stream), *certificate, name, pin != nullptr);
    }

    asio::awaitable<Result<PeerCertificate>> handshake(
        std::shared_ptr<TlsStream> stream, asio::ssl::stream_base::handshake_type type) {
        const std::uint64_t ticket = next_ticket_++;
        handshakes_.emplace(ticket, stream);
        if (type == asio::ssl::stream_base::server) {
            inbound_.insert(ticket);
        }
        asio::steady_timer limit(io_, kHandshakeLimit);
        limit.async_wait([stream](boost::system::error_code error) {
            if (!error) {
                abort_stream(*stream);
            }
        });
        const auto [error] = co_await stream->async_handshake(type, kWait);
        limit.cancel();
        handshakes_.erase(ticket);
        inbound_.erase(ticket);
        if (stopping_) {
            co_return fail(Code::kStopping, "the node stops");
        }
        if (error) {
            co_return fail(Code::kPeerProtocol, "TLS handshake: " + error.message());
        }
        co_return peer_certificate(*stream);
    }

    static void abort_stream(TlsStream& stream) {
        boost::system::error_code ignored;
        stream.lowest_layer().close(ignored);
    }

    asio::awaitable<void> serve(TlsStream stream, PeerCertificate certificate, std::string name,
                                bool pinned) {
        if (certificate.expired) {
            certificates_expired_.fetch_add(1);
            log(LogLevel::kWarn, "peer_certificate_expired",
                {{"peer", name}, {"action", "the pin decides; replace the certificate"}});
        }
        PeerInfo info{PeerNumber{next_number_++}, std::move(name), certificate.key, pinned};
        auto session = std::make_shared<PeerSession>(std::move(stream), info, traffic_);
        // Named, not passed as temporaries: gcc 12 destroys temporaries of a co_await twice.
        std::function<void(const PeerInfo&)> on_ready = [this, session](const PeerInfo& peer) {
            enter(session, peer);
        };
        PeerSession::OnFrame on_frame = [this](const PeerInfo& peer, Bytes body) {
            return events_.on_frame(peer, std::move(body));
        };
        sessions_.insert(session);
        const Status ended = co_await session->run(hello_, options_.chain, on_ready, on_frame);
        sessions_.erase(session);
        leave(session, ended);
    }

    void enter(const std::shared_ptr<PeerSession>& session, const PeerInfo& peer) {
        std::shared_ptr<PeerSession> replaced;
        {
            const std::lock_guard lock(mutex_);
            by_number_[peer.number] = session;
            auto& slot = by_key_[peer.key];
            replaced = std::exchange(slot, session);
        }
        if (replaced != nullptr) {
            replaced
                ->close();  // a peer that restarted comes back before its old connection is dead
        }
        log(LogLevel::kInfo, "peer_connected",
            {{"peer", peer.name}, {"class", peer.pinned ? "pinned" : "follower"}});
        events_.on_connected(peer);
    }

    void leave(const std::shared_ptr<PeerSession>& session, const Status& ended) {
        const PeerInfo& peer = session->info();
        bool entered = false;
        {
            const std::lock_guard lock(mutex_);
            entered = by_number_.erase(peer.number) > 0;
            const auto found = by_key_.find(peer.key);
            if (found != by_key_.end() && found->second == session) {
                by_key_.erase(found);
            }
        }
        const std::string why = ended ? "closed" : to_string(ended.error());
        log(!ended && ended.error().code == Code::kWrongChain ? LogLevel::kError : LogLevel::kInfo,
            "peer_disconnected", {{"peer", peer.name}, {"why", why}});
        if (entered) {
            events_.on_disconnected(peer);
        }
    }

    void start_dialling(const PinnedPeer& peer) {
        if (peer.address.host.empty() || (!options_.follower && !(options_.own_key < peer.key))) {
            return;
        }
        spawn(dial_loop(peer));
    }

    bool still_pinned(const PinnedPeer& peer) const {
        const PinnedPeer* pin = find_pin(peer.key);
        return pin != nullptr && pin->address.text() == peer.address.text();
    }

    asio::awaitable<void> dial_loop(PinnedPeer peer) {
        auto backoff = kBackoffFirst;
        while (!stopping_ && still_pinned(peer)) {
            const auto began = std::chrono::steady_clock::now();
            co_await dial(peer);
            if (std::chrono::steady_clock::now() - began > 10s) {
                backoff = kBackoffFirst;  // it was a working connection
            }
            const auto jitter = std::chrono::milliseconds(
                random_number() % static_cast<std::uint64_t>(backoff.count()));
            co_await sleep(backoff / 2 + jitter);
            backoff = std::min(backoff * 2, kBackoffLast);
        }
    }

    asio::awaitable<void> dial(PinnedPeer peer) {
        tcp::resolver resolver(io_);
        const auto [unresolved, endpoints] = co_await resolver.async_resolve(
            peer.address.host, std::to_string(peer.address.port), kWait);
        if (unresolved) {
            log(LogLevel::kWarn, "peer_unresolved",
                {{"peer", peer.name}, {"address", peer.address.text()}});
            co_return;
        }
        auto stream = std::make_shared<TlsStream>(tcp::socket(io_), *tls_);
        asio::steady_timer limit(io_, kConnectLimit);
        limit.async_wait([stream](boost::system::error_code error) {
            if (!error) {
                abort_stream(*stream);
            }
        });
        const std::uint64_t ticket = next_ticket_++;
        handshakes_.emplace(ticket, stream);
        const auto [unconnected, endpoint] =
            co_await asio::async_connect(stream->lowest_layer(), endpoints, kWait);
        limit.cancel();
        handshakes_.erase(ticket);
        if (unconnected || stopping_) {
            log(LogLevel::kDebug, "peer_unreachable",
                {{"peer", peer.name}, {"why", unconnected.message()}});
            co_return;
        }
        tune_socket(stream->next_layer());
        const auto certificate = co_await handshake(stream, asio::ssl::stream_base::client);
        if (!certificate || certificate->key != peer.key) {
            handshakes_failed_.fetch_add(1);
            log(LogLevel::kWarn, "peer_refused",
                {{"peer", peer.name},
                 {"why", certificate ? "its TLS key is not the one that the ledger lists"
                                     : to_string(certificate.error())}});
            co_return;
        }
        co_await serve(std::move(*stream), *certificate, peer.name, /*pinned=*/true);
    }

    void replace_peers(std::vector<PinnedPeer> peers) {
        const std::vector<PinnedPeer> before = std::exchange(options_.peers, std::move(peers));
        for (const auto& session : all_sessions()) {
            if (session->info().pinned && find_pin(session->info().key) == nullptr) {
                session->close();
            }
        }
        for (const PinnedPeer& peer : options_.peers) {
            const bool known = std::any_of(before.begin(), before.end(), [&](const auto& old) {
                return old.key == peer.key && old.address.text() == peer.address.text();
            });
            if (!known) {
                start_dialling(peer);
            }
        }
    }

    const PinnedPeer* find_pin(const SpkiHash& key) const {
        for (const PinnedPeer& peer : options_.peers) {
            if (peer.key == key) {
                return &peer;
            }
        }
        return nullptr;
    }

    std::shared_ptr<PeerSession> find(PeerNumber number) const {
        const std::lock_guard lock(mutex_);
        const auto found = by_number_.find(number);
        return found == by_number_.end() ? nullptr : found->second;
    }

    std::vector<std::shared_ptr<PeerSession>> all_sessions() const {
        const std::lock_guard lock(mutex_);
        std::vector<std::shared_ptr<PeerSession>> sessions;
        sessions.reserve(by_number_.size());
        for (const auto& [number, session] : by_number_) {
            sessions.push_back(session);
        }
        return sessions;
    }

    // BOUND: those that have not said hello yet count as well.
    std::size_t followers() const {
        return static_cast<std::size_t>(
            std::count_if(sessions_.begin(), sessions_.end(),
                          [](const auto& session) { return !session->info().pinned; }));
    }

    PeerNetworkOptions options_;
    PeerEvents& events_;
    asio::io_context io_{1};
    tcp::acceptor acceptor_;
    std::shared_ptr<asio::ssl::context> tls_;
    SharedFrame hello_;
    PeerTraffic traffic_;
    std::atomic<std::uint64_t> handshakes_failed_{0};
    std::atomic<std::uint64_t> certificates_expired_{0};
    bool stopping_ = false;  // network thread only
    std::uint64_t next_ticket_ = 0;
    std::set<std::uint64_t> inbound_;  // tickets of unfinished inbound handshakes
    std::map<std::uint64_t, std::shared_ptr<TlsStream>> handshakes_;  // connecting or shaking hands
    std::set<std::shared_ptr<PeerSession>> sessions_;  // hellos not yet exchanged too
    std::set<asio::steady_timer*> sleepers_;
    std::uint32_t next_number_ = 1;
    std::thread thread_;

    mutable std::mutex mutex_;  // guards the two maps
    std::map<PeerNumber, std::shared_ptr<PeerSession>> by_number_;
    std::map<SpkiHash, std::shared_ptr<PeerSession>> by_key_;
};

Result<std::unique_ptr<PeerNetwork>> PeerNetwork::make(PeerNetworkOptions options,
                                                       PeerEvents& events) {
    auto core = std::make_shared<Core>(std::move(options), events);
    SANQUAN_TRY(core->open());
    return std::unique_ptr<PeerNetwork>(new PeerNetwork(std::move(core)));
}

PeerNetwork::PeerNetwork(std::shared_ptr<Core> core) : core_(std::move(core)) {}
PeerNetwork::~PeerNetwork() { core_->stop(); }
void PeerNetwork::start() { core_->start(); }
void PeerNetwork::stop() { core_->stop(); }
bool PeerNetwork::send(PeerNumber peer, Lane lane, const SharedFrame& frame) {
    return core_->send(peer, lane, frame);
}
bool PeerNetwork::send(const SpkiHash& key, Lane lane, const SharedFrame& frame) {
    return core_->send(key, lane, frame);
}
void PeerNetwork::cut(PeerNumber peer) { core_->cut(peer); }
void PeerNetwork::broadcast(Lane lane, const SharedFrame& frame, bool followers_too) {
    core_->broadcast(lane, frame, followers_too);
}
void PeerNetwork::set_peers(std::vector<PinnedPeer> peers) { core_->set_peers(std::move(peers)); }
std::vector<PeerInfo> PeerNetwork::connected() const { return core_->connected(); }
PeerCounters PeerNetwork::counters() const { return core_->counters(); }

}  // namespace sanquan::node
