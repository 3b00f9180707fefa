// EntryCache: values of state entries that were read lately, by their place in the log. Thread-safe.
//
// Most reads ask for the same few records (roles, parameters, balances of busy parties); each would
// cost a system call. An entry never changes where it stands, so nothing here can grow stale.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "ledger/base/bytes.h"

namespace sanquan {

class EntryCache {
  public:
    EntryCache();

    [[nodiscard]] std::optional<Bytes> find(std::uint64_t offset) const;
    // Takes the place of what was kept in the same slot; long values are not kept.
    void put(std::uint64_t offset, ByteView value);

  private:
    static constexpr std::size_t kSlots = 1U << 14U;
    static constexpr std::size_t kLocks = 64;
    static constexpr std::size_t kValueBytesMax = 1'024;  // with kSlots: 16 MiB in all
    static constexpr std::uint64_t kEmpty = ~std::uint64_t{0};

    struct Slot {
        std::uint64_t offset = kEmpty;
        Bytes value;
    };

    [[nodiscard]] static std::size_t slot_of(std::uint64_t offset);

    std::vector<Slot> slots_;
    mutable std::array<std::mutex, kLocks> locks_;
};

}  // namespace sanquan
