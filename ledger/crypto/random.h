// The only source of randomness in the tree: OpenSSL's generator, seeded by the operating system.
//
// Never called from consensus/ or contracts/. Aborts when the operating system gives no entropy: a
// weak key would be worse than a stopped node.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ledger/base/bytes.h"

namespace sanquan {

// Overwrites `size` bytes at `data` with unpredictable ones.
void fill_random(char* data, std::size_t size);

// `count` unpredictable bytes.
Bytes random_bytes(std::size_t count);

// An unpredictable number, uniform over all 64-bit values.
std::uint64_t random_number();

}  // namespace sanquan
