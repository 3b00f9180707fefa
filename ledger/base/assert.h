// SANQUAN_ASSERT: an assertion that is compiled into every build.
//
// For programmer errors only, never for input. It writes the condition and place to standard error and aborts: a
// replica that has broken its own rules must stop before it signs anything more.
#pragma once

namespace sanquan {

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace sanquan

#define SANQUAN_ASSERT(condition)                                        \
    do {                                                                 \
        if (!(condition)) [[unlikely]] {                                 \
            ::sanquan::assertion_failed(#condition, __FILE__, __LINE__); \
        }                                                                \
    } while (false)
