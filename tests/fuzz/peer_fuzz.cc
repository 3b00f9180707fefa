// Goal: a peer cannot make a node misread or grow. Method: the input is a stream of frames, cut at a place that it
// chooses itself; every message that is accepted encodes to itself.
#include <algorithm>

#include "ledger/base/limits.h"
#include "node/net/framing.h"
#include "node/net/peer_message.h"
#include "tests/fuzz/fuzz.h"

namespace {

void read_all(sanquan::node::FrameReader& reader) {
    for (;;) {
        const auto frame = reader.next();
        if (!frame || !frame->has_value()) {
            return;
        }
        if (const auto message = sanquan::node::decode_peer_message(**frame)) {
            REQUIRE_THAT(*sanquan::node::encode_peer_message(*message) ==
                         sanquan::node::make_frame(**frame));
        }
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = sanquan::fuzz::input(data, size);
    if (const auto certificate = sanquan::node::decode_certificate(bytes)) {
        REQUIRE_THAT(sanquan::node::encode_certificate(*certificate) == bytes);
    }
    if (const auto message = sanquan::node::decode_peer_message(bytes)) {
        REQUIRE_THAT(*sanquan::node::encode_peer_message(*message) ==
                     sanquan::node::make_frame(bytes));
    }
    sanquan::node::FrameReader reader(sanquan::limits::kFrameBytesMax);
    const std::size_t cut = size == 0 ? 0 : std::min<std::size_t>(size, data[0]);
    reader.append(bytes.substr(0, cut));
    read_all(reader);
    reader.append(bytes.substr(cut));
    read_all(reader);
    return 0;
}
