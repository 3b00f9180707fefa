#include "client/lib/event_parser.h"

#include "client/lib/ledger_client.h"
#include "ledger/codec/strict_json.h"

namespace sanquan::client {
namespace {

constexpr std::size_t kEventBytesMax = 16U << 20U;

}  // namespace

EventParser::EventParser() = default;
EventParser::~EventParser() = default;

std::vector<LedgerEvent> EventParser::feed(std::string_view piece) {
    std::vector<LedgerEvent> events;
    buffer_.append(piece);
    std::size_t start = 0;
    while (true) {
        const auto end = buffer_.find('\n', start);
        if (end == std::string::npos) {
            break;
        }
        take_line(std::string_view(buffer_).substr(start, end - start), events);
        start = end + 1;
    }
    buffer_.erase(0, start);
    if (buffer_.size() + data_.size() > kEventBytesMax) {  // BOUND
        buffer_.clear();
        data_.clear();
    }
    return events;
}

void EventParser::take_line(std::string_view line, std::vector<LedgerEvent>& events) {
    if (line.empty()) {
        auto document = parse_strict_json(data_, kEventBytesMax);
        if (!data_.empty() && document && document->is_object()) {
            events.push_back({type_, id_, std::move(document->get_object())});
        }
        type_.clear();
        data_.clear();
        return;
    }
    const auto colon = line.find(':');
    const auto field = line.substr(0, colon);
    auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' ')) {
        value.remove_prefix(1);
    }
    if (field == "event") {
        type_ = value;
    } else if (field == "id") {
        id_ = value;
    } else if (field == "data") {
        data_.append(data_.empty() ? "" : "\n").append(value);
    }
}

}  // namespace sanquan::client
