// Server-sent events out of a byte stream (HTML Living Standard, 9.2.6), as far as /v1/events uses
// them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sanquan::client {

struct LedgerEvent;

class EventParser {
  public:
    EventParser();
    ~EventParser();
    // The events that are complete with `piece`; data that is no JSON object, and events of more
    // than 16 MiB, are dropped.
    std::vector<LedgerEvent> feed(std::string_view piece);

  private:
    void take_line(std::string_view line, std::vector<LedgerEvent>& events);
    std::string buffer_;
    std::string type_;
    std::string id_;
    std::string data_;
};

}  // namespace sanquan::client
