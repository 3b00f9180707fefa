// Inboxes: how much of what one peer sent may wait, and whether the connection that brought it still counts.
//
// Each key has room of its own, in tasks and bytes, so that a peer that floods loses its own frames and nobody else's,
// and gains nothing by connecting anew: what an earlier connection left waiting takes the same room. Used for the
// consensus strand, for gossip and for serving. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "consensus/message.h"
#include "ledger/crypto/tls_certificate.h"

namespace sanquan::node {

using consensus::PeerNumber;

// Of one key.
struct InboxLimits {
    std::size_t tasks = 1'024;
    std::size_t bytes = 24U << 20U;  // some full blocks
};

class Inboxes {
  public:
    explicit Inboxes(InboxLimits limits = {}) : limits_(limits) {}

    // Room for one task until the ticket is gone; nullptr when there is none.
    using Ticket = std::shared_ptr<const void>;
    [[nodiscard]] Ticket take(const SpkiHash& key, std::size_t bytes);

    // A connection counts from open() to close(): what waits of one that ended, was cut or was replaced is dropped
    // unread, by whoever asks is_open() before the work.
    void open(PeerNumber connection);
    void close(PeerNumber connection);
    [[nodiscard]] bool is_open(PeerNumber connection) const;

  private:
    struct Used {
        std::size_t tasks = 0;
        std::size_t bytes = 0;
    };
    struct Shared {
        std::mutex mutex;
        std::map<SpkiHash, Used> peers;
        std::set<PeerNumber> open;
    };
    const InboxLimits limits_;
    const std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace sanquan::node
