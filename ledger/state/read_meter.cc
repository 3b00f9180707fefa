#include "ledger/state/read_meter.h"

namespace sanquan {
namespace {

struct Meter {
    std::uint64_t bytes = 0;
    std::uint64_t steps = 0;
    std::uint64_t steps_max = UINT64_MAX;  // without an allowance: the node's own work
};

thread_local Meter meter;

}  // namespace

void count_read(std::uint64_t bytes) { meter.bytes += bytes; }

bool count_step() { return ++meter.steps <= meter.steps_max; }

ReadAllowance::ReadAllowance(std::uint64_t steps_max) { meter = {0, 0, steps_max}; }
ReadAllowance::~ReadAllowance() { meter = {}; }

UncountedReads::UncountedReads() : bytes_(meter.bytes) {}
UncountedReads::~UncountedReads() { meter.bytes = bytes_; }

std::uint64_t ReadAllowance::bytes() const { return meter.bytes; }
std::uint64_t ReadAllowance::steps() const { return meter.steps; }

}  // namespace sanquan
