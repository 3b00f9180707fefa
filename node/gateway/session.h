// One client connection: TLS handshake, then requests one after the other until either side closes.
//
// A coroutine on its own strand. Limits are checked before the bytes that they bound are read.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <mutex>

#include "node/gateway/admission_gate.h"
#include "node/gateway/gateway.h"
#include "node/gateway/router.h"

namespace sanquan::node {

class EventTexts;

// What all sessions share; outlives them.
struct SessionShared {
    const Router& router;
    LedgerService& ledger;
    AdmissionGate& gate;
    GatewayLimits limits;
    boost::asio::ssl::context& tls;
    std::shared_ptr<EventTexts> events;

    // Replies may come from the node's threads after the gateway has stopped: they go nowhere then.
    struct Alive {
        std::mutex mutex;
        bool value = true;
    };
    std::shared_ptr<Alive> alive = std::make_shared<Alive>();
};

// Serves `socket`; returns when the connection has ended.
boost::asio::awaitable<void> serve(std::shared_ptr<SessionShared> shared,
                                   boost::asio::ip::tcp::socket socket);

}  // namespace sanquan::node
