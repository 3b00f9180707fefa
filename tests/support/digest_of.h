// Block digests that tests can tell apart.
#pragma once

#include <cstdint>

#include "ledger/base/ids.h"

namespace sanquan::testing {

// All 32 bytes are `seed`.
inline BlockDigest digest_of(std::uint8_t seed) {
    BlockDigest digest;
    digest.octets.fill(seed);
    return digest;
}

}  // namespace sanquan::testing
