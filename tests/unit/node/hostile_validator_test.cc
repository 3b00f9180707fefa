// Goal: one listed node that breaks the protocol on purpose costs the others next to nothing; a stranger learns nothing.
// Method: three real validators; the test itself speaks with the keys of the fourth, of the audit node or of a stranger.
#include <atomic>
#include <chrono>
#include <functional>

#include "ledger/crypto/random.h"
#include "ledger/crypto/tls_certificate.h"
#include "node/net/peer_message.h"
#include "tests/support/catch.h"
#include "tests/support/test_network.h"

using namespace sanquan;
using namespace sanquan::testing;
using node::PeerInfo;

namespace {

using Greeting = std::function<std::vector<node::SharedFrame>()>;

// Speaks to node 0 with the TLS key of that name, whose owner does not run; says `greeting` on every connection.
class Villain final : private node::PeerEvents {
  public:
    Villain(TestNetwork& network, const std::string& key_name,
            std::vector<node::SharedFrame> greeting)
        : Villain(network, key_name, [said = std::move(greeting)] { return said; }) {}
    Villain(TestNetwork& network, const std::string& key_name, Greeting greeting)
        : greeting_(std::move(greeting)) {
        const SigningKey key = key_of(key_name);
        const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count();
        node::PeerNetworkOptions options;
        options.chain = network.genesis().chain.id;
        options.name = key_name;
        options.certificate_pem =
            make_self_signed_certificate(key, key_name, now - 60, now + 3'600).value();
        options.key_pem = key.plain_pem();
        options.own_key = spki_hash(key).value();
        options.follower = true;  // dials, whoever has the smaller key
        options.peers = {{"node 0", spki_hash(key_of("tls-0")).value(),
                          network.config(0).peer_listen, /*validator=*/true}};
        network_ = node::PeerNetwork::make(std::move(options), *this).value();
        network_->start();
    }
    ~Villain() override { network_->stop(); }
    Villain(const Villain&) = delete;
    Villain& operator=(const Villain&) = delete;

    [[nodiscard]] int connections() const { return connections_; }
    [[nodiscard]] int cuts() const { return cuts_; }
    [[nodiscard]] int ranges() const { return ranges_; }
    [[nodiscard]] int votes() const { return votes_; }
    [[nodiscard]] int proposals() const { return proposals_; }

  private:
    void on_connected(const PeerInfo& peer) override {
        ++connections_;
        for (const node::SharedFrame& frame : greeting_()) {
            network_->send(peer.number, node::Lane::kConsensus, frame);
        }
    }
    void on_disconnected(const PeerInfo&) override { ++cuts_; }
    bool on_frame(const PeerInfo&, Bytes body) override {
        const auto message = node::decode_peer_message(body);
        if (message && std::holds_alternative<node::RangeMessage>(*message)) {
            ++ranges_;
        } else if (const auto* said =
                       message ? std::get_if<node::ConsensusMessage>(&*message) : nullptr) {
            votes_ += std::holds_alternative<consensus::SignedVote>(said->message) ? 1 : 0;
            proposals_ += std::holds_alternative<consensus::SignedProposal>(said->message) ? 1 : 0;
        }
        return true;
    }

    const Greeting greeting_;
    std::atomic<int> connections_{0};
    std::atomic<int> cuts_{0};
    std::atomic<int> ranges_{0};
    std::atomic<int> votes_{0};
    std::atomic<int> proposals_{0};
    std::unique_ptr<node::PeerNetwork> network_;
};

// Votes of others that a replica about to enter `view` would want, if they were genuine.
std::vector<node::SharedFrame> forged_votes(View view) {
    std::vector<node::SharedFrame> frames;
    for (std::uint64_t i = 0; i < 900; ++i) {
        consensus::SignedVote vote;
        vote.vote.view = View{view.value + 1 + i % 10};
        vote.vote.kind = consensus::VoteKind::kNotarize;
        vote.vote.digest = *BlockDigest::from_bytes(random_bytes(32));
        vote.signer = ReplicaIndex{static_cast<std::uint16_t>(i % 3)};
        vote.signature = random_bytes(64);
        frames.push_back(node::encode_peer_message(
            node::ConsensusMessage{consensus::Message{std::move(vote)}, {}}));
    }
    return frames;
}

double metric(TestNetwork& network, const std::string& name) {
    const std::string text = network.node(0).service().metrics();
    const auto at = text.find("\n" + name + " ");
    REQUIRE(at != std::string::npos);
    return std::stod(text.substr(at + name.size() + 2));
}

constexpr const char* kChecks = "sanquan_signature_checks_total{answered=\"computed\"}";

void start_three(TestNetwork& network) {
    for (std::size_t i = 0; i < 3; ++i) {
        REQUIRE(network.start(i));
    }
    REQUIRE(network.submit(0, network.issue("X-EX", 1, "before")));
}

}  // namespace

TEST_CASE("forged votes cost one check a connection, and their sender longer and longer absence",
          "[node][network][hostile]") {
    TestNetwork network;
    start_three(network);
    const double before = metric(network, kChecks);
    const auto began = std::chrono::steady_clock::now();
    // Of the present view each time: votes for views that are past are dropped unread.
    const Villain villain(network, "tls-3",
                          [&network] { return forged_votes(network.status(0).view); });
    REQUIRE(wait_until([&] { return villain.cuts() >= 3; }));
    // Away for one second after the first time and for two after the second.
    CHECK(std::chrono::steady_clock::now() - began >= 3s);
    // A heartbeat's block costs the honest ones some checks, too.
    CHECK(metric(network, kChecks) - before < 600);
    REQUIRE(network.submit(1, network.issue("X-EX", 1, "after")));
    // A connection that was cut amid a frame does not hold up the end: its clock would run for 30 s.
    const auto stops = std::chrono::steady_clock::now();
    network.stop(0);
    CHECK(std::chrono::steady_clock::now() - stops < 15s);
}

TEST_CASE("votes from an audit node's key are not looked at", "[node][network][hostile]") {
    TestNetwork network;
    start_three(network);
    const double before = metric(network, kChecks);
    auto frames = forged_votes(network.status(0).view);
    frames.push_back(node::encode_peer_message(node::FetchRangeMessage{Height{1}, 1}));
    const Villain villain(network, "tls-4", frames);
    REQUIRE(wait_until([&] { return villain.ranges() == 1; }));
    CHECK(villain.cuts() == 0);
    REQUIRE(network.submit(0, network.issue("X-EX", 1, "after")));
    CHECK(metric(network, kChecks) - before < 300);
}

TEST_CASE("who gossips transactions with forged signatures is cut", "[node][network][hostile]") {
    TestNetwork network;
    start_three(network);
    std::vector<node::SharedFrame> frames;
    for (int i = 0; i < 50; ++i) {
        Bytes forged = network.issue("X-EX", 1, "forged " + std::to_string(i));
        forged.back() = static_cast<char>(forged.back() ^ 1);
        frames.push_back(node::encode_peer_message(node::TransactionsMessage{{forged}}));
    }
    const double before = metric(network, kChecks);
    const Villain villain(network, "tls-3", frames);
    REQUIRE(wait_until([&] { return villain.cuts() >= 1; }));
    REQUIRE(network.submit(1, network.issue("X-EX", 1, "after")));
    CHECK(metric(network, kChecks) - before < 300);
}

TEST_CASE("a client's transaction is gossiped again to a validator that comes late",
          "[node][network]") {
    TestNetwork network;
    REQUIRE(network.start(0));
    REQUIRE(network.submit(0, network.issue("X-EX", 1, "early"), node::WaitFor::kAdmitted));
    REQUIRE(network.start(1));  // two of four: no block can take it out of the pool
    CHECK(wait_until([&] { return network.status(1).pool_transactions == 1; }));
}

TEST_CASE(
    "a key that the ledger does not list gets votes where that is configured, and blocks live "
    "nowhere",
    "[node][network][hostile]") {
    TestNetwork network;
    const bool is_open = GENERATE(false, true);
    if (is_open) {
        network.config(0).limits.sync_sessions = 2;
    }
    start_three(network);
    // What every replica says, whoever runs it, cuts nobody.
    const Villain stranger(network, "tls-stranger",
                           {node::encode_peer_message(node::ConsensusMessage{
                                consensus::Message{consensus::FetchProposal{}}, {}}),
                            node::encode_peer_message(node::FetchRangeMessage{Height{1}, 1})});
    const auto busy = [&] {
        REQUIRE(network.submit(0, network.issue("X-EX", 1, "more")));
        return stranger.votes() > 10;
    };
    if (is_open) {
        REQUIRE(wait_until(busy));
        CHECK(wait_until([&] { return stranger.ranges() == 1; }));
        CHECK(stranger.cuts() == 0);
    } else {
        CHECK_FALSE(wait_until(busy, 1'500ms));
        CHECK(stranger.connections() == 0);
    }
    CHECK(stranger.proposals() == 0);
}

TEST_CASE("a node shows how far its leaders' clocks are from its own", "[node][network]") {
    TestNetwork network;
    start_three(network);
    const std::string name = network.config(1).name;
    REQUIRE(wait_until([&] {
        REQUIRE(network.submit(0, network.issue("X-EX", 1, "more")));
        return network.node(0).service().metrics().find("sanquan_clock_skew_ms{leader=\"" + name) !=
               std::string::npos;
    }));
    // One machine, one clock; a proposal of its own is no measurement.
    CHECK(metric(network, "sanquan_clock_skew_ms{leader=\"" + name + "\"}") <= 0);
    CHECK(network.node(0).service().metrics().find("sanquan_clock_skew_ms{leader=\"" +
                                                   network.config(0).name) == std::string::npos);
}
