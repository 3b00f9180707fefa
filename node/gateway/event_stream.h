// Server-sent events: one "block" event per finalized block, resumable by height (Last-Event-ID).
//
// Each event names transactions, codes, rules and subjects, which everyone may see; facts with
// prices and parties stay behind GET /v1/transactions/{id}.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "node/gateway/session.h"

namespace sanquan::node {

// Sends head and events from the block after `after` on, until the client goes; a comment every 15
// s keeps it open.
boost::asio::awaitable<void> stream_events(
    boost::beast::ssl_stream<boost::beast::tcp_stream>& stream,
    std::shared_ptr<SessionShared> shared, std::string remote, Height after);

// The event of one block as its lines, ending with an empty one; kNotFound, kCorrupt.
Result<std::string> block_event(const LedgerService& ledger, Height height);

// The events of the newest blocks, made once for all streams. Thread-safe; one for each gateway.
class EventTexts {
  public:
    using Text = std::shared_ptr<const std::string>;
    // block_event(), or what an earlier call made.
    Result<Text> of(const LedgerService& ledger, Height height);

  private:
    std::mutex mutex_;
    std::map<Height, Text> texts_;
    std::size_t bytes_ = 0;
};

}  // namespace sanquan::node
