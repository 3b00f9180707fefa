// Goal: one member's bytes end one connection at most, and a name server that hangs does not hold up the end.
// Method: two networks over real TLS on loopback, one of whose handlers throws; a getaddrinfo of our own that hangs, or
// answers an address first that is dead.
#include "node/net/peer_network.h"

#include <dlfcn.h>
#include <netdb.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <stdexcept>

#include "ledger/crypto/signing_key.h"
#include "node/net/address_count.h"
#include "node/net/framing.h"
#include "node/verifier/worker_pool.h"
#include "tests/support/catch.h"

using namespace sanquan;
using namespace sanquan::node;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kHangs = "a-name-server-that-hangs.test";
constexpr std::string_view kHalfDead = "a-name-whose-first-address-is-dead.test";
constexpr auto kDeadline = 30s;

std::mutex hanging_mutex;
std::condition_variable hanging_changed;
int hanging = 0;  // look-ups that wait now
bool released = false;

}  // namespace

// Stands before the C library's in this program.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                           addrinfo** found) {
    if (name != nullptr && name == kHangs) {
        std::unique_lock lock(hanging_mutex);
        ++hanging;
        hanging_changed.notify_all();
        hanging_changed.wait(lock, [] { return released; });
        --hanging;
        hanging_changed.notify_all();
        return EAI_AGAIN;
    }
    using Function = int(const char*, const char*, const addrinfo*, addrinfo**);
    static auto* const real = reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    if (name != nullptr && name == kHalfDead) {
        addrinfo* live = nullptr;
        const int dead_status = real("127.0.0.2", service, hints, found);
        const int live_status = real("127.0.0.1", service, hints, &live);
        if (dead_status == 0 && live_status == 0) {
            (*found)->ai_next = live;
        }
        return dead_status != 0 ? dead_status : live_status;
    }
    return real(name, service, hints, found);
}

namespace {

class RecordingEvents final : public PeerEvents {
  public:
    explicit RecordingEvents(bool throws) : throws_(throws) {}
    void on_connected(const PeerInfo& peer) override {
        is_validator_ = peer.validator;
        note(connected_);
    }
    void on_disconnected(const PeerInfo&) override { note(disconnected_); }
    bool on_frame(const PeerInfo&, Bytes body) override {
        if (throws_ && body == "boom") {
            throw std::runtime_error("set off by a peer's bytes");
        }
        note(frames_);
        return true;
    }
    // Whether so many connections, ends and frames have been seen before the deadline.
    bool reached(int connected, int disconnected, int frames) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, kDeadline, [&] {
            return connected_ >= connected && disconnected_ >= disconnected && frames_ >= frames;
        });
    }
    // Of the last connection.
    [[nodiscard]] bool is_validator() const { return is_validator_; }

  private:
    void note(int& counter) {
        const std::lock_guard lock(mutex_);
        ++counter;
        changed_.notify_all();
    }
    const bool throws_;
    std::atomic<bool> is_validator_{false};
    std::mutex mutex_;
    std::condition_variable changed_;
    int connected_ = 0;
    int disconnected_ = 0;
    int frames_ = 0;
};

std::uint16_t free_port() {
    boost::asio::io_context context;
    boost::asio::ip::tcp::acceptor acceptor(context,
                                            {boost::asio::ip::make_address("127.0.0.1"), 0});
    return acceptor.local_endpoint().port();
}

PeerNetworkOptions options_of(const SigningKey& key, const std::string& name, std::uint16_t port) {
    PeerNetworkOptions options;
    options.name = name;
    options.build = "test";
    options.listen = {"127.0.0.1", port};
    options.certificate_pem = make_self_signed_certificate(key, name, 0, 4'000'000'000).value();
    options.key_pem = key.plain_pem();
    options.own_key = spki_hash(key).value();
    return options;
}

SharedFrame frame(ByteView body) { return std::make_shared<const Bytes>(make_frame(body)); }

}  // namespace

TEST_CASE("a handler that throws ends one connection, not the process", "[node][network]") {
    const auto left_key = SigningKey::generate();
    const auto right_key = SigningKey::generate();
    auto left_options = options_of(left_key, "left", free_port());
    auto right_options = options_of(right_key, "right", free_port());
    left_options.peers = {{"right", right_options.own_key, right_options.listen}};
    right_options.peers = {{"left", left_options.own_key, left_options.listen}};
    const SpkiHash left_pin = left_options.own_key;
    RecordingEvents left_events(/*throws=*/true);
    RecordingEvents right_events(/*throws=*/false);
    const auto left = PeerNetwork::make(std::move(left_options), left_events);
    const auto right = PeerNetwork::make(std::move(right_options), right_events);
    REQUIRE(left);
    REQUIRE(right);
    (*left)->start();
    (*right)->start();
    REQUIRE(left_events.reached(1, 0, 0));
    REQUIRE(right_events.reached(1, 0, 0));
    REQUIRE((*right)->send(left_pin, Lane::kConsensus, frame("boom")));
    REQUIRE(left_events.reached(2, 1, 0));
    REQUIRE(right_events.reached(2, 1, 0));
    REQUIRE((*right)->send(left_pin, Lane::kConsensus, frame("fine")));
    CHECK(left_events.reached(2, 1, 1));
    (*right)->stop();
    (*left)->stop();
}

TEST_CASE("a name that is still being looked up does not hold up the stop", "[node][network]") {
    const auto key = SigningKey::generate();
    const auto peer = SigningKey::generate();
    auto options = options_of(key, "alone", 0);
    options.follower = true;  // dials everybody
    options.peers = {{"far", spki_hash(peer).value(), {std::string(kHangs), 7'000}}};
    RecordingEvents events(/*throws=*/false);
    auto network = PeerNetwork::make(std::move(options), events);
    REQUIRE(network);
    (*network)->start();
    {
        std::unique_lock lock(hanging_mutex);
        REQUIRE(hanging_changed.wait_for(lock, kDeadline, [] { return hanging == 1; }));
    }
    auto stopped = std::async(std::launch::async, [&] { (*network)->stop(); });
    const bool in_time = stopped.wait_for(kDeadline) == std::future_status::ready;
    if (in_time) {
        network->reset();  // the answer comes when nobody is there any more
    }
    std::unique_lock lock(hanging_mutex);
    released = true;
    hanging_changed.notify_all();
    CHECK(hanging_changed.wait_for(lock, kDeadline, [] { return hanging == 0; }));
    CHECK(in_time);
}

TEST_CASE("a name becomes an address before it is dialled", "[node][network]") {
    const auto left_key = SigningKey::generate();
    const auto right_key = SigningKey::generate();
    auto left_options = options_of(left_key, "left", free_port());
    auto right_options = options_of(right_key, "right", 0);
    right_options.follower = true;
    left_options.peers = {{"right", right_options.own_key, right_options.listen}};
    right_options.peers = {{"left", left_options.own_key, {"localhost", left_options.listen.port}}};
    RecordingEvents left_events(/*throws=*/false);
    RecordingEvents right_events(/*throws=*/false);
    const auto left = PeerNetwork::make(std::move(left_options), left_events);
    const auto right = PeerNetwork::make(std::move(right_options), right_events);
    REQUIRE(left);
    REQUIRE(right);
    (*left)->start();
    (*right)->start();
    CHECK(left_events.reached(1, 0, 0));
    CHECK(right_events.reached(1, 0, 0));
    (*right)->stop();
    (*left)->stop();
}

// An address that answers nothing: its listener's queue is full, so that further SYNs are dropped.
struct DeadAddress {
    using tcp = boost::asio::ip::tcp;
    explicit DeadAddress(std::uint16_t port) : acceptor(context) {
        const tcp::endpoint endpoint(boost::asio::ip::make_address("127.0.0.2"), port);
        acceptor.open(endpoint.protocol());
        acceptor.bind(endpoint);
        acceptor.listen(0);
        for (int i = 0; i < 8; ++i) {
            fillers.emplace_back(context);
            fillers.back().async_connect(endpoint, [](boost::system::error_code) {});
        }
        context.run_for(200ms);
    }
    boost::asio::io_context context;
    tcp::acceptor acceptor;
    std::vector<tcp::socket> fillers;
};

TEST_CASE("a dead address of a name does not use up the time of a live one", "[node][network]") {
    const auto left_key = SigningKey::generate();
    const auto right_key = SigningKey::generate();
    auto left_options = options_of(left_key, "left", free_port());
    auto right_options = options_of(right_key, "right", 0);
    const DeadAddress dead(left_options.listen.port);
    right_options.follower = true;
    left_options.peers = {{"right", right_options.own_key, right_options.listen}};
    right_options.peers = {
        {"left", left_options.own_key, {std::string(kHalfDead), left_options.listen.port}}};
    RecordingEvents left_events(/*throws=*/false);
    RecordingEvents right_events(/*throws=*/false);
    const auto left = PeerNetwork::make(std::move(left_options), left_events);
    const auto right = PeerNetwork::make(std::move(right_options), right_events);
    REQUIRE(left);
    REQUIRE(right);
    (*left)->start();
    (*right)->start();
    CHECK(left_events.reached(1, 0, 0));
    (*right)->stop();
    (*left)->stop();
}

TEST_CASE("a connection whose key gets another class begins anew", "[node][network]") {
    const auto left_key = SigningKey::generate();
    const auto right_key = SigningKey::generate();
    auto left_options = options_of(left_key, "left", free_port());
    auto right_options = options_of(right_key, "right", 0);
    right_options.follower = true;
    const PinnedPeer right_pin{"right", right_options.own_key, {}, /*validator=*/false};
    left_options.peers = {right_pin};
    right_options.peers = {{"left", left_options.own_key, left_options.listen}};
    RecordingEvents left_events(/*throws=*/false);
    RecordingEvents right_events(/*throws=*/false);
    const auto left = PeerNetwork::make(std::move(left_options), left_events);
    const auto right = PeerNetwork::make(std::move(right_options), right_events);
    REQUIRE(left);
    REQUIRE(right);
    (*left)->start();
    (*right)->start();
    REQUIRE(left_events.reached(1, 0, 0));
    CHECK_FALSE(left_events.is_validator());
    PinnedPeer promoted = right_pin;
    promoted.validator = true;
    (*left)->set_peers({promoted});
    REQUIRE(left_events.reached(2, 1, 0));
    CHECK(left_events.is_validator());
    (*right)->stop();
    (*left)->stop();
}

TEST_CASE("a peer that is removed and put back is dialled once", "[node][network]") {
    using boost::asio::ip::tcp;
    boost::asio::io_context context;
    tcp::acceptor acceptor(context, {boost::asio::ip::make_address("127.0.0.1"), 0});
    const auto key = SigningKey::generate();
    const auto peer_key = SigningKey::generate();
    auto options = options_of(key, "alone", 0);
    options.follower = true;
    const PinnedPeer peer{
        "mute", spki_hash(peer_key).value(), {"127.0.0.1", acceptor.local_endpoint().port()}};
    options.peers = {peer};
    RecordingEvents events(/*throws=*/false);
    const auto network = PeerNetwork::make(std::move(options), events);
    REQUIRE(network);
    (*network)->start();
    const tcp::socket first = acceptor.accept();  // and no handshake
    (*network)->set_peers({});
    (*network)->set_peers({peer});
    bool is_dialled_again = false;
    tcp::socket second(context);
    acceptor.async_accept(second, [&](boost::system::error_code error) {
        is_dialled_again = is_dialled_again || !error;
    });
    context.run_for(500ms);
    CHECK_FALSE(is_dialled_again);
    (*network)->stop();
}

TEST_CASE("what is posted to a network that does not run any more keeps nothing alive",
          "[node][network]") {
    const auto key = SigningKey::generate();
    const auto options = options_of(key, "alone", free_port());
    RecordingEvents events(/*throws=*/false);
    for (int i = 0; i < 2; ++i) {
        auto copy = options_of(key, "alone", options.listen.port);
        const auto network = PeerNetwork::make(std::move(copy), events);
        REQUIRE(network);  // its port is free again
        (*network)->cut(PeerInfo{});
        (*network)->set_peers({});
    }
}

TEST_CASE("a flood of handshakes cuts its own first, and no address is worse off than another",
          "[node][network]") {
    using Held = std::map<std::uint64_t, std::string>;
    CHECK(oldest_of_the_most(Held{{1, "a"}, {2, "b"}, {3, "b"}, {4, "c"}}) == 2);
    // The validator has the lowest address and the newest handshake.
    CHECK(oldest_of_the_most(Held{{5, "10.0.0.9"}, {6, "10.0.0.8"}, {7, "10.0.0.1"}}) == 5);
    CHECK(oldest_of_the_most(Held{{5, "b"}, {6, "a"}, {7, "a"}, {8, "b"}}) == 5);
    const auto counted = [](const char* text) {
        return counted_address(boost::asio::ip::make_address(text));
    };
    CHECK(counted("2001:db8::1") == counted("2001:db8::ffff:2"));
    CHECK(counted("2001:db8:0:1::1") != counted("2001:db8::1"));
    CHECK(counted("::ffff:10.0.0.1") == "10.0.0.1");
}

TEST_CASE("a task that throws leaves the workers at work", "[node][workers]") {
    WorkerPool workers(1, {{{4, 100}, {4, 100}, {4, 100}, {4, 100}}});
    std::promise<void> done;
    REQUIRE(workers.post(WorkClass::kGossip, 0, [] { throw std::runtime_error("odd bytes"); }));
    REQUIRE(workers.post(WorkClass::kGossip, 0, [&] { done.set_value(); }));
    CHECK(done.get_future().wait_for(kDeadline) == std::future_status::ready);
}
