#include "ledger/base/checksum.h"

#include <array>
#include <cstring>

namespace sanquan {
namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78U;  // reflected

constexpr std::array<std::uint32_t, 256> make_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t crc = i;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc & 1U) != 0 ? (crc >> 1U) ^ kPolynomial : crc >> 1U;
        }
        table[i] = crc;
    }
    return table;
}
constexpr std::array<std::uint32_t, 256> kTable = make_table();

std::uint32_t update_by_table(std::uint32_t crc, ByteView bytes) {
    for (const char c : bytes) {
        crc = kTable[(crc ^ static_cast<std::uint8_t>(c)) & 0xFFU] ^ (crc >> 8U);
    }
    return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t update_by_instruction(std::uint32_t crc,
                                                                      ByteView bytes) {
    std::uint64_t wide = crc;
    while (bytes.size() >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), sizeof word);
        wide = __builtin_ia32_crc32di(wide, word);
        bytes.remove_prefix(8);
    }
    auto narrow = static_cast<std::uint32_t>(wide);
    for (const char c : bytes) {
        narrow = __builtin_ia32_crc32qi(narrow, static_cast<std::uint8_t>(c));
    }
    return narrow;
}
#endif

std::uint32_t update(std::uint32_t crc, ByteView bytes) {
#if defined(__x86_64__)
    static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
    if (has_instruction) {
        return update_by_instruction(crc, bytes);
    }
#endif
    return update_by_table(crc, bytes);
}

}  // namespace

std::uint32_t crc32c(ByteView bytes, std::uint32_t before) { return ~update(~before, bytes); }

}  // namespace sanquan
