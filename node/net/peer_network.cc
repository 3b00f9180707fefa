#include "node/net/peer_network.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
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
#include "node/net/address_count.h"
#include "node/net/name_lookup.h"
#include "node/net/peer_session.h"
#include "node/net/penalty_box.h"

namespace sanquan::node {
namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

constexpr auto kWait = asio::as_tuple(asio::use_awaitable);
constexpr auto kConnectLimit =
    3s;  // of each address of a name; its SYN is repeated after one second
constexpr std::size_t kAddressesMax = 8;  // of a name, that are tried
constexpr auto kHandshakeLimit = 10s;
constexpr std::chrono::milliseconds kBackoffFirst = 100ms;
constexpr std::chrono::milliseconds kBackoffLast = 5s;
constexpr std::size_t kHandshakesMax = 64;  // inbound and unfinished; more cut one of the others
// Of keys that the ledger does not list, between handshake and hello.
constexpr std::size_t kStrangersPerAddressMax = 4;

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
        thread_ = std::thread([this] { run(); });
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

    void cut(const PeerInfo& peer) {
        // Weakly: after stop() nobody runs what is posted, and it must not keep alive what it is posted to.
        asio::post(io_, [weak = weak_from_this(), peer] {
            const auto self = weak.lock();
            if (self == nullptr) {
                return;
            }
            // It may have left before what it sent was looked at: the key is what must stay away.
            self->punish(peer);
            if (const auto session = self->find(peer.number)) {
                session->close();
            }
        });
    }

    bool has_room(PeerNumber number, Lane lane) const {
        const auto session = find(number);
        return session != nullptr && session->has_room(lane);
    }

    void broadcast(Lane lane, const SharedFrame& frame, bool followers_too) {
        for (const auto& session : all_sessions()) {
            if (session->info().pinned || followers_too) {
                session->send(lane, frame);
            }
        }
    }

    void set_peers(std::vector<PinnedPeer> peers) {
        asio::post(io_, [weak = weak_from_this(), peers = std::move(peers)]() mutable {
            if (const auto self = weak.lock()) {
                self->replace_peers(std::move(peers));
            }
        });
    }

    std::vector<PeerInfo> connected() const {
        std::vector<PeerInfo> result;
        for (const auto& session : all_sessions()) {
            result.push_back(session->info());
            result.back().received = session->received();
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
    // What a handler throws ends that handler alone: what one member sends must not end the process.
    void run() {
        for (;;) {
            try {
                io_.run();
                return;
            } catch (const std::exception& error) {
                log(LogLevel::kError, "network_handler_failed", {{"what", error.what()}});
            }
        }
    }

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
        if (stopping_) {
            co_return;  // accepted just before: nobody would end its handshake
        }
        tune_socket(socket);
        boost::system::error_code unknown;
        const std::string address = counted_address(socket.remote_endpoint(unknown).address());
        auto stream = std::make_shared<TlsStream>(std::move(socket), *tls_);
        while (inbound_.size() >= kHandshakesMax) {
            cut_one_handshake();
        }
        const auto certificate =
            co_await handshake(stream, asio::ssl::stream_base::server, address);
        if (!certificate) {
            // Counted, not logged at info: anybody may cause it, as often as he likes.
            handshakes_failed_.fetch_add(1);
            log(LogLevel::kDebug, "handshake_failed", {{"why", to_string(certificate.error())}});
            co_return;
        }
        const PinnedPeer* pin = find_pin(certificate->key);
        if (pin != nullptr) {
            const PinnedPeer known = *pin;  // the list may change while this waits
            co_await serve_pinned(std::move(*stream), *certificate, known);
        } else if (followers() >= options_.followers_max) {
            log(LogLevel::kDebug, "follower_refused", {{"why", "limits.sync_sessions is reached"}});
        } else if (const auto silent = strangers_.find(address);
                   silent != strangers_.end() && silent->second >= kStrangersPerAddressMax) {
            log(LogLevel::kDebug, "follower_refused",
                {{"why", "its address has enough connections that say nothing"}});
        } else {
            co_await serve_stranger(std::move(*stream), *certificate, address);
        }
    }

    void cut_one_handshake() {
        const std::uint64_t ticket = oldest_of_the_most(inbound_);
        abort_stream(*handshakes_.at(ticket));
        inbound_.erase(ticket);
    }

    asio::awaitable<Result<PeerCertificate>> handshake(std::shared_ptr<TlsStream> stream,
                                                       asio::ssl::stream_base::handshake_type type,
                                                       std::string address) {
        const std::uint64_t ticket = next_ticket_++;
        handshakes_.emplace(ticket, stream);
        if (type == asio::ssl::stream_base::server) {
            inbound_.emplace(ticket, address);
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

    // BOUND: one connection of a key between handshake and hello, and one after it (enter()).
    asio::awaitable<void> serve_pinned(TlsStream stream, PeerCertificate certificate,
                                       PinnedPeer pin) {
        if (penalties_.remaining(pin.key, std::chrono::steady_clock::now()) > 0s) {
            log(LogLevel::kDebug, "peer_kept_out", {{"peer", pin.name}});
            co_return;
        }
        if (certificate.expired) {
            certificates_expired_.fetch_add(1);
            log(LogLevel::kWarn, "peer_certificate_expired",
                {{"peer", pin.name}, {"action", "the pin decides; replace the certificate"}});
        }
        const PeerInfo info{PeerNumber{next_number_++}, pin.name, pin.key, true, pin.validator};
        auto session = std::make_shared<PeerSession>(std::move(stream), info, traffic_);
        if (const auto earlier = std::exchange(greeting_[pin.key], session)) {
            earlier->close();
        }
        std::function<void()> on_hello = [this, session] { greeted(session); };
        co_await serve(session, on_hello);
        greeted(session);
    }

    void greeted(const std::shared_ptr<PeerSession>& session) {
        const auto found = greeting_.find(session->info().key);
        if (found != greeting_.end() && found->second == session) {
            greeting_.erase(found);
        }
    }

    asio::awaitable<void> serve_stranger(TlsStream stream, PeerCertificate certificate,
                                         std::string address) {
        const PeerInfo info{PeerNumber{next_number_++}, "", certificate.key};
        auto session = std::make_shared<PeerSession>(std::move(stream), info, traffic_);
        ++strangers_[address];
        const auto is_silent = std::make_shared<bool>(true);
        std::function<void()> on_hello = [this, address, is_silent] {
            if (std::exchange(*is_silent, false) && --strangers_[address] == 0) {
                strangers_.erase(address);
            }
        };
        co_await serve(session, on_hello);
        on_hello();
    }

    asio::awaitable<void> serve(std::shared_ptr<PeerSession> session,
                                std::function<void()> on_hello) {
        // Named, not passed as temporaries: gcc 12 destroys temporaries of a co_await twice.
        std::function<void(const PeerInfo&)> on_ready = [this, session,
                                                         on_hello](const PeerInfo& peer) {
            on_hello();
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
        if (!ended && (ended.error().code == Code::kPeerProtocol ||
                       ended.error().code == Code::kFrameTooLarge)) {
            punish(peer);
        }
        const std::string why = ended ? "closed" : to_string(ended.error());
        log(!ended && ended.error().code == Code::kWrongChain ? LogLevel::kError : LogLevel::kInfo,
            "peer_disconnected", {{"peer", peer.name}, {"why", why}});
        if (entered) {
            events_.on_disconnected(peer);
        }
    }

    void punish(const PeerInfo& peer) {
        if (!peer.pinned || find_pin(peer.key) == nullptr) {
            return;
        }
        const auto away = penalties_.punish(peer.key, std::chrono::steady_clock::now());
        log(LogLevel::kWarn, "peer_punished",
            {{"peer", peer.name},
             {"away_ms",
              static_cast<std::uint64_t>(
                  std::chrono::duration_cast<std::chrono::milliseconds>(away).count())}});
    }

    void start_dialling(const PinnedPeer& peer) {
        if (peer.address.host.empty() || (!options_.follower && !(options_.own_key < peer.key))) {
            return;
        }
        if (dialled_.insert(peer.key).second) {
            spawn(dial_loop(peer.key));
        }
    }

    // One for a key, until the key is not to be dialled any more: it dials what the list says by then.
    asio::awaitable<void> dial_loop(SpkiHash key) {
        auto backoff = kBackoffFirst;
        for (const PinnedPeer* pin = find_pin(key);
             !stopping_ && pin != nullptr && !pin->address.host.empty(); pin = find_pin(key)) {
            const PinnedPeer peer = *pin;  // the list may change while this waits
            const auto began = std::chrono::steady_clock::now();
            const auto away = penalties_.remaining(peer.key, began);
            if (away > 0s) {
                co_await sleep(std::chrono::ceil<std::chrono::milliseconds>(away));
                continue;
            }
            try {
                co_await dial(peer);
            } catch (const std::exception& error) {
                log(LogLevel::kError, "dial_failed", {{"peer", peer.name}, {"what", error.what()}});
            }
            if (std::chrono::steady_clock::now() - began > 10s) {
                backoff = kBackoffFirst;  // it was a working connection
            }
            const auto jitter = std::chrono::milliseconds(
                random_number() % static_cast<std::uint64_t>(backoff.count()));
            co_await sleep(backoff / 2 + jitter);
            backoff = std::min(backoff * 2, kBackoffLast);
        }
        dialled_.erase(key);
    }

    // The addresses of a name; at once when it is an address. kUnreachable; kStopping when the network stops meanwhile.
    asio::awaitable<Result<std::vector<tcp::endpoint>>> resolve(Endpoint address) {
        boost::system::error_code is_a_name;
        const auto literal = asio::ip::make_address(address.host, is_a_name);
        if (!is_a_name) {
            co_return std::vector<tcp::endpoint>{{literal, address.port}};
        }
        struct Answer {
            Result<std::vector<std::string>> hosts = fail(Code::kStopping, "the node stops");
            asio::steady_timer* waiter = nullptr;  // network thread only
        };
        const auto answer = std::make_shared<Answer>();
        asio::steady_timer waiter(io_, asio::steady_timer::time_point::max());
        answer->waiter = &waiter;
        look_up_host(address.host, [core = weak_from_this(), answer](auto hosts) {
            if (const auto alive = core.lock()) {
                asio::post(alive->io_, [answer, hosts = std::move(hosts)]() mutable {
                    if (answer->waiter != nullptr) {
                        answer->hosts = std::move(hosts);
                        answer->waiter->cancel();
                    }
                });
            }
        });
        if (!stopping_) {
            sleepers_.insert(&waiter);
            co_await waiter.async_wait(kWait);
            sleepers_.erase(&waiter);
        }
        answer->waiter = nullptr;
        if (!answer->hosts) {
            co_return tl::unexpected(answer->hosts.error());
        }
        std::vector<tcp::endpoint> endpoints;
        for (const std::string& host : *answer->hosts) {
            boost::system::error_code unreadable;
            const auto found = asio::ip::make_address(host, unreadable);
            if (!unreadable) {
                endpoints.emplace_back(found, address.port);
            }
        }
        co_return endpoints;
    }

    asio::awaitable<void> dial(PinnedPeer peer) {
        const auto resolved = co_await resolve(peer.address);
        if (stopping_) {
            co_return;
        }
        if (!resolved) {
            log(LogLevel::kWarn, "peer_unresolved",
                {{"peer", peer.name}, {"why", to_string(resolved.error())}});
            co_return;
        }
        std::shared_ptr<TlsStream> stream;
        for (std::size_t i = 0; i < std::min(resolved->size(), kAddressesMax) && !stopping_; ++i) {
            stream = co_await connect(peer.name, (*resolved)[i]);
            if (stream != nullptr) {
                break;
            }
        }
        if (stream == nullptr || stopping_) {
            co_return;
        }
        tune_socket(stream->next_layer());
        const std::string unused;
        const auto certificate = co_await handshake(stream, asio::ssl::stream_base::client, unused);
        if (!certificate || certificate->key != peer.key) {
            handshakes_failed_.fetch_add(1);
            log(LogLevel::kWarn, "peer_refused",
                {{"peer", peer.name},
                 {"why", certificate ? "its TLS key is not the one that the ledger lists"
                                     : to_string(certificate.error())}});
            co_return;
        }
        // The list may have changed since this was dialled.
        if (const PinnedPeer* pin = find_pin(peer.key)) {
            const PinnedPeer known = *pin;
            co_await serve_pinned(std::move(*stream), *certificate, known);
        }
    }

    // Nothing when the address does not answer in time, or the network stops. A time for each address: a dead one of a
    // name must not use up that of a live one.
    asio::awaitable<std::shared_ptr<TlsStream>> connect(std::string name, tcp::endpoint endpoint) {
        auto stream = std::make_shared<TlsStream>(tcp::socket(io_), *tls_);
        asio::steady_timer limit(io_, kConnectLimit);
        limit.async_wait([stream](boost::system::error_code error) {
            if (!error) {
                abort_stream(*stream);
            }
        });
        const std::uint64_t ticket = next_ticket_++;
        handshakes_.emplace(ticket, stream);
        const auto [unconnected] = co_await stream->lowest_layer().async_connect(endpoint, kWait);
        limit.cancel();
        handshakes_.erase(ticket);
        if (unconnected) {
            log(LogLevel::kDebug, "peer_unreachable",
                {{"peer", name},
                 {"address", endpoint.address().to_string()},
                 {"why", unconnected.message()}});
            co_return nullptr;
        }
        co_return stream;
    }

    void replace_peers(std::vector<PinnedPeer> peers) {
        options_.peers = std::move(peers);
        for (const auto& session : sessions_) {
            const PeerInfo& info = session->info();
            const PinnedPeer* pin = find_pin(info.key);
            if (info.pinned && pin == nullptr) {
                penalties_.forget(info.key);
            }
            // What a connection may say was settled when it began: whose class is another one now connects anew.
            if (info.pinned != (pin != nullptr) ||
                (pin != nullptr && info.validator != pin->validator)) {
                session->close();
            }
        }
        for (const PinnedPeer& peer : options_.peers) {
            start_dialling(peer);
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
    std::map<std::uint64_t, std::string>
        inbound_;  // unfinished inbound handshakes, counted_address()
    std::map<std::uint64_t, std::shared_ptr<TlsStream>> handshakes_;  // connecting or shaking hands
    std::set<std::shared_ptr<PeerSession>> sessions_;            // hellos not yet exchanged too
    std::map<SpkiHash, std::shared_ptr<PeerSession>> greeting_;  // pinned, before their hello
    std::map<std::string, std::size_t>
        strangers_;               // not pinned, before their hello; counted_address()
    std::set<SpkiHash> dialled_;  // whose dial_loop() runs
    PenaltyBox penalties_;
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
bool PeerNetwork::has_room(PeerNumber peer, Lane lane) const { return core_->has_room(peer, lane); }
void PeerNetwork::cut(const PeerInfo& peer) { core_->cut(peer); }
void PeerNetwork::broadcast(Lane lane, const SharedFrame& frame, bool followers_too) {
    core_->broadcast(lane, frame, followers_too);
}
void PeerNetwork::set_peers(std::vector<PinnedPeer> peers) { core_->set_peers(std::move(peers)); }
std::vector<PeerInfo> PeerNetwork::connected() const { return core_->connected(); }
PeerCounters PeerNetwork::counters() const { return core_->counters(); }

}  // namespace sanquan::node
