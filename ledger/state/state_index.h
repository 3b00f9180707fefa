// StateIndex: key to place of its current entry, ordered, in memory.
//
// Leaves pack up to 64 keys and their places into one slot array and one heap of key bytes: about
// 25 bytes and the key itself per key. Branches hold up to 512 leaves, the top level all branches:
// three binary searches find a key or its neighbour in about a microsecond at ten million keys. Not
// thread-safe by itself (StateBase locks).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ledger/base/bytes.h"

namespace sanquan {

// Where an entry stands: its number, and its byte offset in the state log.
struct StatePlaceInLog {
    std::uint64_t position = 0;  // below 2^40
    std::uint64_t offset = 0;
    bool operator==(const StatePlaceInLog&) const = default;
};

class StateIndex {
  public:
    [[nodiscard]] std::optional<StatePlaceInLog> find(ByteView key) const;
    // Inserts the key or moves it.
    void set(ByteView key, StatePlaceInLog place);
    // Removes the key, if it is there.
    void erase(ByteView key);
    // The greatest key below `key`; the smallest above it.
    [[nodiscard]] std::optional<Bytes> before(ByteView key) const;
    [[nodiscard]] std::optional<Bytes> after(ByteView key) const;
    // The key that stands `steps` (at least 1) places below `key`, or the smallest; nothing when none is below.
    [[nodiscard]] std::optional<Bytes> before_by(ByteView key, std::uint64_t steps) const;

    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] std::uint64_t memory_bytes() const;

    // Calls visit(key, place) for up to `limit` keys from `from` on (inclusive), in order; returns
    // how many.
    template <typename Visit>
    std::size_t visit_from(ByteView from, std::size_t limit, Visit visit) const {
        std::size_t count = 0;
        for (Cursor at = lower_bound(from); count < limit && valid(at); at = next(at), ++count) {
            const Leaf& leaf = leaf_at(at);
            visit(leaf.key(at.slot), leaf.place(at.slot));
        }
        return count;
    }

  private:
    static constexpr std::size_t kLeafKeys = 64;
    static constexpr std::size_t kBranchLeaves = 512;

    struct Slot {
        std::uint64_t packed = 0;  // position (40 bits) ‖ heap offset (16) ‖ key length (8)
        std::uint64_t offset = 0;
    };
    struct Leaf {
        std::uint16_t count = 0;
        std::uint16_t unused_bytes = 0;  // of removed keys, in the heap
        Bytes heap;
        std::array<Slot, kLeafKeys> slots;

        [[nodiscard]] ByteView key(std::size_t slot) const {
            const std::uint64_t packed = slots[slot].packed;
            return ByteView(heap).substr((packed >> 8U) & 0xFFFFU, packed & 0xFFU);
        }
        [[nodiscard]] StatePlaceInLog place(std::size_t slot) const {
            return {slots[slot].packed >> 24U, slots[slot].offset};
        }
        [[nodiscard]] std::size_t lower_bound(ByteView wanted) const;
        void put(std::size_t slot, ByteView key, StatePlaceInLog place);
        void move_to(std::size_t slot, StatePlaceInLog place);
        void remove(std::size_t slot);
        void append_from(const Leaf& other, std::size_t begin);
        void compact();
    };
    struct Branch {
        std::vector<std::unique_ptr<Leaf>> leaves;
    };
    struct Cursor {
        std::size_t branch = 0;
        std::size_t leaf = 0;
        std::size_t slot = 0;
    };

    [[nodiscard]] const Leaf& leaf_at(const Cursor& at) const {
        return *branches_[at.branch].leaves[at.leaf];
    }
    // The leaf whose range holds `key` and the first slot not below it (may be the leaf's end).
    [[nodiscard]] Cursor seek(ByteView key) const;
    [[nodiscard]] Cursor lower_bound(ByteView key) const;
    [[nodiscard]] bool valid(const Cursor& at) const { return at.branch < branches_.size(); }
    [[nodiscard]] Cursor next(Cursor at) const;
    [[nodiscard]] Cursor settle(Cursor at) const;
    void split(const Cursor& at);
    void shrink(const Cursor& at);

    std::vector<Branch> branches_;
    std::uint64_t size_ = 0;
};

}  // namespace sanquan
