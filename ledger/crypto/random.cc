#include "ledger/crypto/random.h"

#include <openssl/rand.h>

#include <limits>

#include "ledger/base/assert.h"

namespace sanquan {

void fill_random(char* data, std::size_t size) {
    SANQUAN_ASSERT(size <= std::numeric_limits<int>::max());
    SANQUAN_ASSERT(RAND_bytes(reinterpret_cast<unsigned char*>(data), static_cast<int>(size)) == 1);
}

Bytes random_bytes(std::size_t count) {
    Bytes bytes(count, '\0');
    fill_random(bytes.data(), bytes.size());
    return bytes;
}

std::uint64_t random_number() {
    std::uint64_t number = 0;
    fill_random(reinterpret_cast<char*>(&number), sizeof(number));
    return number;
}

}  // namespace sanquan
