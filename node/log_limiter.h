// Lets one line per event and second into the log and counts the rest: what strangers cause must not fill the disk.
//
// Not thread-safe; node/log.cc locks.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sanquan::node {

class LogLimiter {
  public:
    using Clock = std::chrono::steady_clock;

    // How many lines of this event were left out since the last one, when it may be written now.
    std::optional<std::uint64_t> admit(std::string_view event, Clock::time_point now) {
        const auto found = events_.find(event);
        if (found == events_.end()) {
            events_.emplace(event, Event{now, 0});  // BOUND: event names are literals of this code
            return 0;
        }
        Event& one = found->second;
        if (now - one.written < kEvery) {
            ++one.left_out;
            return std::nullopt;
        }
        const std::uint64_t left_out = one.left_out;
        one = {now, 0};
        return left_out;
    }

  private:
    static constexpr std::chrono::seconds kEvery{1};
    struct Event {
        Clock::time_point written;
        std::uint64_t left_out = 0;
    };
    std::map<std::string, Event, std::less<>> events_;
};

}  // namespace sanquan::node
