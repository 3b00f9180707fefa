// The node's connections to other nodes: who is connected, and bounded, prioritised queues to each.
//
// Owned by node.h. One thread runs all sockets. send() and broadcast() may be called from any thread; PeerEvents are
// called on the network thread and must not block. A pair of validators shares one connection, dialled by the side with
// the smaller TLS key hash; followers (audit nodes, nodes catching up) dial and may have any key.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "consensus/message.h"
#include "ledger/base/ids.h"
#include "ledger/crypto/secret.h"
#include "ledger/crypto/tls_certificate.h"
#include "node/config.h"

namespace sanquan::node {

using consensus::PeerNumber;

// Consensus messages overtake transactions, transactions overtake catch-up.
enum class Lane : std::uint8_t { kConsensus = 0, kTransactions = 1, kCatchUp = 2 };
constexpr std::size_t kLanes = 3;

// A whole frame (framing.h), shared by all connections that it goes to.
using SharedFrame = std::shared_ptr<const Bytes>;

struct PeerInfo {
    PeerNumber number;  // of this connection, never used again
    std::string name;   // as the ledger names the pinned key; as it calls itself for a follower
    SpkiHash key;
    bool pinned = false;         // the ledger lists the key
    bool validator = false;      // ... as a validator's: its votes count
    std::uint64_t received = 0;  // bytes so far, in what connected() answers
};

class PeerEvents {
  public:
    virtual ~PeerEvents() = default;
    virtual void on_connected(const PeerInfo& peer) = 0;
    virtual void on_disconnected(const PeerInfo& peer) = 0;
    // `body` is an undecoded wire::PeerFrame within the limits; false cuts the connection (misbehaviour).
    virtual bool on_frame(const PeerInfo& peer, Bytes body) = 0;
};

// A key that the ledger lists, and where the configuration says it can be reached (empty host: it dials us).
struct PinnedPeer {
    std::string name;
    SpkiHash key;
    Endpoint address;
    bool validator = false;
};

struct PeerNetworkOptions {
    ChainId chain;
    std::string name;
    std::string build;
    Endpoint listen;  // port 0 or empty host: do not listen
    Bytes certificate_pem;
    SecretBytes key_pem;
    SpkiHash own_key;
    std::vector<PinnedPeer> peers;  // without ourselves
    bool follower = false;          // we are not pinned: dial everybody
    std::size_t followers_max = 0;  // connections of keys that are not pinned
};

struct PeerCounters {
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    std::uint64_t frames_in = 0;
    std::uint64_t frames_out = 0;
    std::uint64_t frames_dropped = 0;  // queue full
    std::uint64_t handshakes_failed = 0;
    std::uint64_t certificates_expired = 0;
};

class PeerNetwork {
  public:
    // Binds the listening socket; kAddressInUse, kIo, kKeyInvalid. `events` must outlive the network.
    static Result<std::unique_ptr<PeerNetwork>> make(PeerNetworkOptions options,
                                                     PeerEvents& events);
    ~PeerNetwork();
    PeerNetwork(const PeerNetwork&) = delete;
    PeerNetwork& operator=(const PeerNetwork&) = delete;

    // Starts the thread, the listener and the dialling.
    void start();
    // Closes everything and joins the thread; no event is called afterwards.
    void stop();

    // False when the peer is not connected or its queue is full (the frame is dropped).
    bool send(PeerNumber peer, Lane lane, const SharedFrame& frame);
    bool send(const SpkiHash& key, Lane lane, const SharedFrame& frame);
    // Whether the peer is connected and half of the lane's queue is free: worth making it a large answer.
    [[nodiscard]] bool has_room(PeerNumber peer, Lane lane) const;
    // Ends the connection of a peer that broke the protocol; a pinned one must stay away for a while, longer each time
    // (penalty_box.h).
    void cut(const PeerInfo& peer);
    // To all pinned peers, and to the followers too when asked.
    void broadcast(Lane lane, const SharedFrame& frame, bool followers_too);

    // Replaces the pins: a key that is gone is cut at once, as is one whose class is another now; it connects anew.
    void set_peers(std::vector<PinnedPeer> peers);

    [[nodiscard]] std::vector<PeerInfo> connected() const;
    [[nodiscard]] PeerCounters counters() const;

  private:
    class Core;
    explicit PeerNetwork(std::shared_ptr<Core> core);
    std::shared_ptr<Core> core_;
};

}  // namespace sanquan::node
