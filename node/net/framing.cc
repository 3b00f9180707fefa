#include "node/net/framing.h"

#include "ledger/base/assert.h"
#include "ledger/base/limits.h"

namespace sanquan::node {

Bytes make_frame(ByteView body) {
    SANQUAN_ASSERT(body.size() <= limits::kFrameBytesMax);
    const auto size = static_cast<std::uint32_t>(body.size());
    Bytes frame;
    frame.reserve(kFrameHeadBytes + body.size());
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        frame.push_back(static_cast<char>((size >> shift) & 0xFFU));
    }
    frame.append(body);
    return frame;
}

Result<std::optional<Bytes>> FrameReader::next() {
    const ByteView pending = ByteView(buffer_).substr(position_);
    if (pending.size() < kFrameHeadBytes) {
        return std::optional<Bytes>{};
    }
    std::size_t length = 0;
    for (std::size_t i = 0; i < kFrameHeadBytes; ++i) {
        length = (length << 8U) | as_octets(pending)[i];
    }
    if (length > frame_bytes_max_) {
        return fail(Code::kFrameTooLarge, std::to_string(length) + " bytes announced, at most " +
                                              std::to_string(frame_bytes_max_) + " are accepted");
    }
    if (pending.size() < kFrameHeadBytes + length) {
        return std::optional<Bytes>{};
    }
    std::optional<Bytes> body = Bytes(pending.substr(kFrameHeadBytes, length));
    position_ += kFrameHeadBytes + length;
    if (position_ == buffer_.size()) {
        buffer_.clear();
        position_ = 0;
    } else if (position_ > (1U << 16U)) {
        buffer_.erase(0, position_);
        position_ = 0;
    }
    return body;
}

}  // namespace sanquan::node
