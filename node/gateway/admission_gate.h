// Who may connect and ask how often: connection caps and the anonymous budget, per remote address.
//
// Thread-safe; the table of addresses is bounded, and an address that has been quiet leaves it.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace sanquan::node {

class AdmissionGate {
  public:
    struct Limits {
        std::size_t connections_max;
        std::size_t connections_per_address_max;
        std::size_t event_streams_per_address_max;
        double requests_per_second;
        double burst;
    };
    using Clock = std::chrono::steady_clock;

    explicit AdmissionGate(const Limits& limits) : limits_(limits) {}

    // Counts a connection; false when a cap is reached. Each true is followed by one leave().
    bool enter(const std::string& address);
    void leave(const std::string& address);

    bool enter_stream(const std::string& address);
    void leave_stream(const std::string& address);

    // Takes one token of the address's budget; false when it is empty.
    bool spend(const std::string& address, Clock::time_point now);

  private:
    struct Entry {
        std::size_t connections = 0;
        std::size_t streams = 0;
        double tokens = 0;
        Clock::time_point filled{};
        bool known = false;
    };
    Entry& entry(const std::string& address);

    const Limits limits_;
    std::mutex mutex_;
    std::size_t connections_ = 0;
    std::map<std::string, Entry> entries_;
};

}  // namespace sanquan::node
