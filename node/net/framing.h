// Frames on the peer port: where one message ends and the next begins.
//
//   frame = length (4 bytes, big-endian, of the body), body (one wire::PeerFrame)
//
// BOUND: the length is checked before a byte of the body is stored, and storage grows with what really arrived, so a
// lying length costs the liar. Single-threaded; owned by a peer session.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"

namespace sanquan::node {

constexpr std::size_t kFrameHeadBytes = 4;

// The frame around `body`, which is at most limits::kFrameBytesMax long.
Bytes make_frame(ByteView body);

class FrameReader {
  public:
    // Frames longer than `frame_bytes_max` are refused.
    explicit FrameReader(std::size_t frame_bytes_max) : frame_bytes_max_(frame_bytes_max) {}

    // From the next frame on.
    void set_frame_bytes_max(std::size_t frame_bytes_max) { frame_bytes_max_ = frame_bytes_max; }

    // Takes bytes as they arrive.
    void append(ByteView bytes) { buffer_.append(bytes); }

    // The next whole frame's body, nothing while it is incomplete, or kFrameTooLarge: the connection must be cut.
    Result<std::optional<Bytes>> next();

    // Whether a frame has begun and not ended.
    [[nodiscard]] bool in_frame() const { return position_ < buffer_.size(); }

  private:
    std::size_t frame_bytes_max_;
    Bytes buffer_;
    std::size_t position_ = 0;
};

}  // namespace sanquan::node
