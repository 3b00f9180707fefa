// Who may connect and ask how often: connection caps and the anonymous budget, per remote address.
//
// At a cap the newcomer takes the seat of the connection that has waited longest for its client, of the address that
// holds most: whoever opens connections and does nothing with them cannot keep others out. Thread-safe; the table of
// addresses is bounded, and an address that has been quiet leaves it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace sanquan::node {

// What one token pays of what a request reads from the stores (ledger/state/read_meter.h).
constexpr double kReadBytesPerToken = 64U << 10U;

class AdmissionGate {
  public:
    struct Limits {
        std::size_t connections_max;
        std::size_t connections_per_address_max;
        std::size_t event_streams_per_address_max;
        double requests_per_second;
        double burst;
        std::size_t event_streams_max = 256;
        std::size_t body_bytes_max = 64U << 20U;
        double member_factor = 20;  // how much more work an organisation may cause than an address
    };
    using Clock = std::chrono::steady_clock;

    explicit AdmissionGate(const Limits& limits) : limits_(limits) {}

    // A connection's place among those that are counted; given back at its end.
    class Seat {
      public:
        Seat() = default;
        Seat(AdmissionGate& gate, std::uint64_t number) : gate_(&gate), number_(number) {}
        Seat(Seat&& other) noexcept
            : gate_(std::exchange(other.gate_, nullptr)), number_(other.number_) {}
        Seat& operator=(Seat&&) = delete;
        ~Seat() {
            if (gate_ != nullptr) {
                gate_->leave(number_);
            }
        }
        explicit operator bool() const { return gate_ != nullptr; }
        // While the node works for the client, nobody takes the seat.
        void set_busy(bool busy) { gate_->set_busy(number_, busy); }

      private:
        AdmissionGate* gate_ = nullptr;
        std::uint64_t number_ = 0;
    };

    // Counts a connection; false when a cap is reached and all others are busy. `evict`, called on any thread when a
    // newcomer takes the seat, has to end the connection soon.
    [[nodiscard]] Seat enter(const std::string& address, std::function<void()> evict);

    bool enter_stream(const std::string& address);
    void leave_stream(const std::string& address);

    // Further bytes of a request body that is being read, among those of all requests and, up to a quarter, of the
    // address; taking none always succeeds.
    bool take_body(const std::string& address, std::size_t bytes);
    void give_body(const std::string& address, std::size_t bytes);

    // Takes one token of the address's budget; false when it is empty.
    bool spend(const std::string& address, Clock::time_point now);
    // Whether spend() would find a token.
    bool can_spend(const std::string& address, Clock::time_point now);
    // Takes what a piece of work has cost, into debt if need be, at most as much as the budget holds.
    void charge(const std::string& address, double tokens, Clock::time_point now);
    // The same for an organisation that has proved who it is, with `member_factor` times the budget.
    bool member_can_spend(const std::string& organisation, Clock::time_point now);
    void charge_member(const std::string& organisation, double tokens, Clock::time_point now);

  private:
    struct Entry {
        std::size_t connections = 0;
        std::map<std::uint64_t, std::function<void()>> waiting;  // by seat, the oldest first
        std::size_t streams = 0;
        std::size_t body_bytes = 0;
        double tokens = 0;
        Clock::time_point filled{};
        bool known = false;
    };
    struct Taken {
        std::string address;
        std::function<void()> evict;
    };
    Entry& entry(const std::string& address);
    void leave(std::uint64_t seat);
    void set_busy(std::uint64_t seat, bool busy);
    // Frees the longest waiting seat of `address`; its evict, empty when all its connections are busy.
    std::function<void()> take_from(Entry& one);
    Entry& largest();
    // The entry with its budget filled up to now.
    Entry& filled(const std::string& address, double factor, Clock::time_point now);

    const Limits limits_;
    std::mutex mutex_;
    std::uint64_t next_seat_ = 1;
    std::map<std::uint64_t, Taken> seats_;
    std::map<std::string, Entry> entries_;
    std::size_t streams_ = 0;
    std::size_t body_bytes_ = 0;
};

}  // namespace sanquan::node
