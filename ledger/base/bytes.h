// Byte strings and their hexadecimal form.
//
// One owning type and one view serve the whole tree; they are the types that protobuf and LevelDB speak, so
// bytes cross those borders without a copy.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/base/result.h"

namespace sanquan {

using Bytes = std::string;
using ByteView = std::string_view;

// Lower-case hexadecimal, two characters per byte.
std::string to_hex(ByteView bytes);

// Accepts lower-case hexadecimal of even length only (one spelling per value); kBadHex otherwise.
Result<Bytes> from_hex(std::string_view hex);

inline ByteView as_view(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

inline const std::uint8_t* as_octets(ByteView bytes) {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

}  // namespace sanquan
