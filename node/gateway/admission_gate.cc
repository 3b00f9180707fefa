#include "node/gateway/admission_gate.h"

#include <algorithm>

namespace sanquan::node {
namespace {

// BOUND: entries without a connection are dropped beyond this.
constexpr std::size_t kAddressesMax = 16'384;

}  // namespace

AdmissionGate::Entry& AdmissionGate::entry(const std::string& address) {
    if (entries_.size() >= kAddressesMax && !entries_.contains(address)) {
        std::erase_if(entries_, [](const auto& pair) { return pair.second.connections == 0; });
    }
    return entries_[address];
}

bool AdmissionGate::enter(const std::string& address) {
    const std::lock_guard lock(mutex_);
    Entry& one = entry(address);
    if (connections_ >= limits_.connections_max ||
        one.connections >= limits_.connections_per_address_max) {
        return false;
    }
    ++connections_;
    ++one.connections;
    return true;
}

void AdmissionGate::leave(const std::string& address) {
    const std::lock_guard lock(mutex_);
    --connections_;
    --entries_[address].connections;
}

bool AdmissionGate::enter_stream(const std::string& address) {
    const std::lock_guard lock(mutex_);
    Entry& one = entry(address);
    if (one.streams >= limits_.event_streams_per_address_max) {
        return false;
    }
    ++one.streams;
    return true;
}

void AdmissionGate::leave_stream(const std::string& address) {
    const std::lock_guard lock(mutex_);
    --entries_[address].streams;
}

bool AdmissionGate::spend(const std::string& address, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    Entry& one = entry(address);
    if (!one.known) {
        one = {one.connections, one.streams, limits_.burst, now, true};
    }
    const std::chrono::duration<double> passed = now - one.filled;
    one.tokens = std::min(limits_.burst, one.tokens + passed.count() * limits_.requests_per_second);
    one.filled = now;
    if (one.tokens < 1.0) {
        return false;
    }
    one.tokens -= 1.0;
    return true;
}

}  // namespace sanquan::node
