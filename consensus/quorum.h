// Quorum arithmetic: how many of n validators decide, and how many may be faulty.
#pragma once

#include <cstdint>

namespace sanquan::consensus {

// f = floor((n - 1) / 3): the number of Byzantine validators that n tolerate.
constexpr std::uint16_t fault_bound(std::uint16_t n) {
    return n == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>((n - 1) / 3);
}

// q = n - f: two quorums share at least f + 1 validators, hence an honest one. 1 for a single
// validator.
constexpr std::uint16_t quorum_size(std::uint16_t n) {
    return static_cast<std::uint16_t>(n - fault_bound(n));
}

}  // namespace sanquan::consensus
