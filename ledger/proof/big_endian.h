// Fixed-width big-endian numbers, for the bytes of proofs and of the state log.
#pragma once

#include <cstdint>

#include "ledger/base/bytes.h"

namespace sanquan {

inline void store_u32(char* out, std::uint32_t number) {
    for (unsigned i = 0; i < 4; ++i) {
        out[i] = static_cast<char>(number >> (24U - 8U * i));
    }
}

inline void store_u64(char* out, std::uint64_t number) {
    for (unsigned i = 0; i < 8; ++i) {
        out[i] = static_cast<char>(number >> (56U - 8U * i));
    }
}

inline void append_u32(Bytes& out, std::uint32_t number) {
    char octets[4];
    store_u32(octets, number);
    out.append(octets, sizeof octets);
}

inline void append_u64(Bytes& out, std::uint64_t number) {
    char octets[8];
    store_u64(octets, number);
    out.append(octets, sizeof octets);
}

// The number in the first 4 bytes; the caller has checked that they are there.
inline std::uint32_t load_u32(ByteView bytes) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        number = (number << 8U) | static_cast<std::uint8_t>(bytes[i]);
    }
    return number;
}

// The number in the first 8 bytes; the caller has checked that they are there.
inline std::uint64_t load_u64(ByteView bytes) {
    return (std::uint64_t{load_u32(bytes)} << 32U) | load_u32(bytes.substr(4));
}

}  // namespace sanquan
