#include "ledger/base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace sanquan {

void assertion_failed(const char* condition, const char* file, int line) {
    (void)std::fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, condition);
    std::abort();
}

}  // namespace sanquan
