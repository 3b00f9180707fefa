#include "node/gateway/admission_gate.h"

#include <algorithm>

namespace sanquan::node {
namespace {

// BOUND: entries without a connection are dropped beyond this.
constexpr std::size_t kAddressesMax = 16'384;

}  // namespace

AdmissionGate::Entry& AdmissionGate::entry(const std::string& address) {
    if (entries_.size() >= kAddressesMax && !entries_.contains(address)) {
        std::erase_if(entries_, [](const auto& pair) {
            return pair.second.connections + pair.second.streams + pair.second.body_bytes == 0;
        });
    }
    return entries_[address];
}

AdmissionGate::Entry& AdmissionGate::largest() {
    return std::max_element(entries_.begin(), entries_.end(),
                            [](const auto& a, const auto& b) {
                                return a.second.connections < b.second.connections;
                            })
        ->second;
}

std::function<void()> AdmissionGate::take_from(Entry& one) {
    if (one.waiting.empty()) {
        return {};
    }
    auto oldest = one.waiting.extract(one.waiting.begin());
    seats_.erase(oldest.key());
    --one.connections;
    return std::move(oldest.mapped());
}

AdmissionGate::Seat AdmissionGate::enter(const std::string& address, std::function<void()> evict) {
    std::function<void()> evict_other;
    std::uint64_t seat = 0;
    {
        const std::lock_guard lock(mutex_);
        Entry& one = entry(address);
        if (one.connections >= limits_.connections_per_address_max) {
            evict_other = take_from(one);
        } else if (seats_.size() >= limits_.connections_max) {
            evict_other = take_from(largest());
        }
        if (one.connections >= limits_.connections_per_address_max ||
            seats_.size() >= limits_.connections_max) {
            return {};
        }
        seat = next_seat_++;
        ++one.connections;
        one.waiting.emplace(seat, evict);
        seats_.emplace(seat, Taken{address, std::move(evict)});
    }
    if (evict_other) {
        evict_other();
    }
    return {*this, seat};
}

void AdmissionGate::leave(std::uint64_t seat) {
    const std::lock_guard lock(mutex_);
    const auto found = seats_.find(seat);
    if (found == seats_.end()) {
        return;  // taken by another
    }
    Entry& one = entries_[found->second.address];
    --one.connections;
    one.waiting.erase(seat);
    seats_.erase(found);
}

void AdmissionGate::set_busy(std::uint64_t seat, bool busy) {
    const std::lock_guard lock(mutex_);
    const auto found = seats_.find(seat);
    if (found == seats_.end()) {
        return;
    }
    Entry& one = entries_[found->second.address];
    if (busy) {
        one.waiting.erase(seat);
    } else {
        one.waiting.emplace(seat, found->second.evict);
    }
}

bool AdmissionGate::enter_stream(const std::string& address) {
    const std::lock_guard lock(mutex_);
    Entry& one = entry(address);
    if (one.streams >= limits_.event_streams_per_address_max ||
        streams_ >= limits_.event_streams_max) {
        return false;
    }
    ++streams_;
    ++one.streams;
    return true;
}

void AdmissionGate::leave_stream(const std::string& address) {
    const std::lock_guard lock(mutex_);
    --streams_;
    --entries_[address].streams;
}

bool AdmissionGate::take_body(const std::string& address, std::size_t bytes) {
    if (bytes == 0) {
        return true;
    }
    const std::lock_guard lock(mutex_);
    Entry& one = entry(address);
    if (one.body_bytes + bytes > limits_.body_bytes_max / 4 ||
        body_bytes_ + bytes > limits_.body_bytes_max) {
        return false;
    }
    one.body_bytes += bytes;
    body_bytes_ += bytes;
    return true;
}

void AdmissionGate::give_body(const std::string& address, std::size_t bytes) {
    if (bytes > 0) {
        const std::lock_guard lock(mutex_);
        entries_[address].body_bytes -= bytes;
        body_bytes_ -= bytes;
    }
}

AdmissionGate::Entry& AdmissionGate::filled(const std::string& address, double factor,
                                            Clock::time_point now) {
    Entry& one = entry(address);
    const double most = limits_.burst * factor;
    if (!one.known) {
        one.tokens = most;
        one.filled = now;
        one.known = true;
    }
    const std::chrono::duration<double> passed = now - one.filled;
    one.tokens = std::min(most, one.tokens + passed.count() * limits_.requests_per_second * factor);
    one.filled = now;
    return one;
}

bool AdmissionGate::can_spend(const std::string& address, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    return filled(address, 1, now).tokens >= 1.0;
}

void AdmissionGate::charge(const std::string& address, double tokens, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    Entry& one = filled(address, 1, now);
    one.tokens = std::max(one.tokens - tokens, -limits_.burst);
}

bool AdmissionGate::member_can_spend(const std::string& organisation, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    return filled("member " + organisation, limits_.member_factor, now).tokens >= 1.0;
}

void AdmissionGate::charge_member(const std::string& organisation, double tokens,
                                  Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    Entry& one = filled("member " + organisation, limits_.member_factor, now);
    one.tokens = std::max(one.tokens - tokens, -limits_.burst * limits_.member_factor);
}

bool AdmissionGate::spend(const std::string& address, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    Entry& one = filled(address, 1, now);
    if (one.tokens < 1.0) {
        return false;
    }
    one.tokens -= 1.0;
    return true;
}

}  // namespace sanquan::node
