// Host names become addresses off the network thread.
//
// getaddrinfo cannot be cancelled, and Asio's resolver waits for it at the end: a name server that does not answer would
// hold up the stop of the node.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ledger/base/result.h"

namespace sanquan::node {

// Calls `done` from a thread of its own with the addresses of `host` in numbers; kUnreachable. Nobody waits for that
// thread: `done` must hold, or look for, what it uses.
void look_up_host(std::string host, std::function<void(Result<std::vector<std::string>>)> done);

}  // namespace sanquan::node
