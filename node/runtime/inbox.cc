#include "node/runtime/inbox.h"

namespace sanquan::node {

Inboxes::Ticket Inboxes::take(const SpkiHash& key, std::size_t bytes) {
    const std::lock_guard lock(shared_->mutex);
    const auto found = shared_->peers.find(key);
    const Used before = found == shared_->peers.end() ? Used{} : found->second;
    if (before.tasks >= limits_.tasks || before.bytes > limits_.bytes ||
        bytes > limits_.bytes - before.bytes) {
        return nullptr;
    }
    Used& used = shared_->peers[key];
    used.tasks += 1;
    used.bytes += bytes;
    return {this, [shared = shared_, key, bytes](const void*) {
                const std::lock_guard again(shared->mutex);
                Used& held = shared->peers.at(key);
                held.bytes -= bytes;
                if (--held.tasks == 0) {
                    shared->peers.erase(key);
                }
            }};
}

void Inboxes::open(PeerNumber connection) {
    const std::lock_guard lock(shared_->mutex);
    shared_->open.insert(connection);
}

void Inboxes::close(PeerNumber connection) {
    const std::lock_guard lock(shared_->mutex);
    shared_->open.erase(connection);
}

bool Inboxes::is_open(PeerNumber connection) const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->open.contains(connection);
}

}  // namespace sanquan::node
