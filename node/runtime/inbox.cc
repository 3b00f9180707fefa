#include "node/runtime/inbox.h"

namespace sanquan::node {

Inboxes::Ticket Inboxes::take(PeerNumber peer, std::size_t bytes) {
    const std::lock_guard lock(shared_->mutex);
    const auto found = shared_->peers.find(peer);
    if (bytes > kBytesMax ||
        (found != shared_->peers.end() &&
         (found->second.messages >= kMessagesMax || found->second.bytes + bytes > kBytesMax))) {
        return nullptr;
    }
    Used& used = shared_->peers[peer];
    used.messages += 1;
    used.bytes += bytes;
    return {this, [shared = shared_, peer, bytes](const void*) {
                const std::lock_guard again(shared->mutex);
                Used& held = shared->peers.at(peer);
                held.bytes -= bytes;
                if (--held.messages == 0) {
                    shared->peers.erase(peer);
                }
            }};
}

}  // namespace sanquan::node
