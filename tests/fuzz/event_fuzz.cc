// Goal: a node's event stream means the same however the network cuts it. Method: the input is fed whole, byte by byte,
// and in two pieces; the events must be equal, and each be a JSON object.
#include <boost/json/serialize.hpp>

#include "client/lib/event_parser.h"
#include "client/lib/ledger_client.h"
#include "tests/fuzz/fuzz.h"

namespace {

using sanquan::ByteView;
using sanquan::client::EventParser;
using sanquan::client::LedgerEvent;

std::string written(const std::vector<LedgerEvent>& events) {
    std::string text;
    for (const LedgerEvent& event : events) {
        text += event.type + "\n" + event.id + "\n" + boost::json::serialize(event.data) + "\n";
    }
    return text;
}

std::string fed_in_pieces(ByteView stream, std::size_t piece) {
    EventParser parser;
    std::string text;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
        text += written(parser.feed(stream.substr(at, piece)));
    }
    return text;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto stream = sanquan::fuzz::input(data, size);
    if (size == 0) {
        return 0;
    }
    const std::string whole = fed_in_pieces(stream, size);
    REQUIRE_THAT(fed_in_pieces(stream, 1) == whole);
    REQUIRE_THAT(fed_in_pieces(stream, 1 + size * data[0] / 256) == whole);
    for (const LedgerEvent& event : EventParser().feed(stream)) {
        REQUIRE_THAT(event.type.find('\n') == std::string::npos);
        REQUIRE_THAT(event.id.find('\n') == std::string::npos);
    }
    return 0;
}
