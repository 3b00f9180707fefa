// Preloaded into a node: shifts what time it is by SKEW_SECONDS and leaves the monotonic clock alone.
//
// Used by tests/e2e/fault_cases.py. libfaketime does not start beside jemalloc, which asks for the time while it is
// being set up; this calls the kernel and needs nothing set up.
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

namespace {

long skew_seconds() {
    const char* text = std::getenv("SKEW_SECONDS");
    return text == nullptr ? 0 : std::strtol(text, nullptr, 10);
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
    const long result = ::syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        time->tv_sec += skew_seconds();
    }
    return static_cast<int>(result);
}

time_t time(time_t* out) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (out != nullptr) {
        *out = now.tv_sec;
    }
    return now.tv_sec;
}

int gettimeofday(timeval* out, void* /*zone*/) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1'000;
    return 0;
}
}
