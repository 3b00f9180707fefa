// CRC-32C (Castagnoli, RFC 3720 appendix B.4): finds damage of stored bytes; no protection against
// intent.
#pragma once

#include <cstdint>

#include "ledger/base/bytes.h"

namespace sanquan {

// Checksum of `bytes`, continuing from the checksum of what stood before them (0 at the start).
std::uint32_t crc32c(ByteView bytes, std::uint32_t before = 0);

}  // namespace sanquan
