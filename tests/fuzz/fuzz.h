// What a fuzz target must hold: REQUIRE_THAT ends the process, so that libFuzzer keeps the input.
//
// Every target is one function of bytes. The preset `fuzz` links it with libFuzzer; every other preset links it with
// replay_main.cc, which runs the committed corpus, so that a crash once found stays found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "ledger/base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace sanquan::fuzz {

inline void require_that(bool holds, const char* what, int line) {
    if (!holds) {
        std::fprintf(stderr, "fuzz: line %d: %s does not hold\n", line, what);
        std::abort();
    }
}

// The input as the code under test sees it.
inline ByteView input(const std::uint8_t* data, std::size_t size) { return as_view(data, size); }

}  // namespace sanquan::fuzz

#define REQUIRE_THAT(condition) ::sanquan::fuzz::require_that((condition), #condition, __LINE__)
