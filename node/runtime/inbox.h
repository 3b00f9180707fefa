// Inboxes: how much of what one peer sent may wait for the consensus strand.
//
// Each connection has room of its own, in messages and bytes, so that a peer that floods loses its own frames and
// nobody else's. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "consensus/message.h"

namespace sanquan::node {

using consensus::PeerNumber;

class Inboxes {
  public:
    static constexpr std::size_t kMessagesMax = 1'024;
    static constexpr std::size_t kBytesMax = 24U << 20U;  // some full blocks

    // Room for one message until the ticket is gone; nullptr when there is none.
    using Ticket = std::shared_ptr<const void>;
    [[nodiscard]] Ticket take(PeerNumber peer, std::size_t bytes);

  private:
    struct Used {
        std::size_t messages = 0;
        std::size_t bytes = 0;
    };
    struct Shared {
        std::mutex mutex;
        std::map<PeerNumber, Used> peers;
    };
    const std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace sanquan::node
