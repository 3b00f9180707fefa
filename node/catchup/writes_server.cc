#include "node/catchup/writes_server.h"

#include "ledger/base/limits.h"

namespace sanquan::node {
namespace {

constexpr auto kAskEvery = std::chrono::seconds(1);

}  // namespace

void WritesServer::ask(const PeerInfo& peer, Height height, Clock::time_point now) {
    SharedFrame known;
    {
        const std::lock_guard lock(mutex_);
        const auto last = asked_.find(peer.key);
        if (last != asked_.end() && now < last->second + kAskEvery) {
            return;
        }
        if (last_answer_ != nullptr && last_height_ == height) {
            known = last_answer_;
        } else if (is_busy_) {
            return;
        } else {
            is_busy_ = true;
        }
        // BOUND: only pinned peers ask, but pins change.
        if (asked_.size() >= 4 * limits::kValidatorsMax) {
            std::erase_if(asked_,
                          [&](const auto& entry) { return now >= entry.second + kAskEvery; });
        }
        asked_[peer.key] = now;
    }
    if (known != nullptr) {
        parts_.send(peer.number, known);
    } else if (!parts_.post([this, number = peer.number, height] { answer(number, height); })) {
        const std::lock_guard lock(mutex_);
        is_busy_ = false;
    }
}

void WritesServer::answer(PeerNumber peer, Height height) {
    struct Work {
        WritesServer& server;
        ~Work() {
            const std::lock_guard lock(server.mutex_);
            server.is_busy_ = false;
        }
    };
    SharedFrame frame;
    {
        const Work work{*this};  // over whatever is thrown
        if (const auto writes = parts_.execute(height)) {
            frame = encode_peer_message(*writes);
            const std::lock_guard lock(mutex_);
            last_height_ = height;
            last_answer_ = frame;
        }
    }
    if (frame != nullptr) {
        parts_.send(peer, frame);
    }
}

}  // namespace sanquan::node
