// ReadMeter: what the present thread has read from the stores, so that whoever caused it can be charged and stopped.
//
// Each thread has a meter of its own, and everything counts on it at all times; a ReadAllowance marks one request.
// Never used by contracts or consensus.
#pragma once

#include <cstdint>

namespace sanquan {

// Counts bytes that this thread has read from a store.
void count_read(std::uint64_t bytes);
// Counts one more step of a search through the past. False when the request may take no further one.
bool count_step();

// One request on this thread: counts from its making on, and bounds the steps. Not nested.
class ReadAllowance {
  public:
    explicit ReadAllowance(std::uint64_t steps_max);
    ~ReadAllowance();
    ReadAllowance(const ReadAllowance&) = delete;
    ReadAllowance& operator=(const ReadAllowance&) = delete;

    [[nodiscard]] std::uint64_t bytes() const;
    [[nodiscard]] std::uint64_t steps() const;
};

// What is read meanwhile counts for nobody: it serves all.
class UncountedReads {
  public:
    UncountedReads();
    ~UncountedReads();
    UncountedReads(const UncountedReads&) = delete;
    UncountedReads& operator=(const UncountedReads&) = delete;

  private:
    std::uint64_t bytes_;
};

}  // namespace sanquan
