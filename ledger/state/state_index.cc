#include "ledger/state/state_index.h"

#include <algorithm>

#include "ledger/base/assert.h"

namespace sanquan {
namespace {

constexpr std::size_t kHeapBytesMax = 0xFFFF;
constexpr std::size_t kMergeBelow =
    16;  // a leaf with fewer keys joins its neighbour when both fit well

std::uint64_t pack(std::uint64_t position, std::size_t heap_offset, std::size_t key_bytes) {
    SANQUAN_ASSERT(position < (std::uint64_t{1} << 40U) && key_bytes <= 0xFF);
    return position << 24U | std::uint64_t{heap_offset} << 8U | std::uint64_t{key_bytes};
}

}  // namespace

std::size_t StateIndex::Leaf::lower_bound(ByteView wanted) const {
    std::size_t low = 0;
    std::size_t high = count;
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (key(middle) < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void StateIndex::Leaf::put(std::size_t slot, ByteView new_key, StatePlaceInLog new_place) {
    if (heap.size() + new_key.size() > kHeapBytesMax) {
        compact();
    }
    std::move_backward(slots.begin() + static_cast<std::ptrdiff_t>(slot), slots.begin() + count,
                       slots.begin() + count + 1);
    slots[slot] = {pack(new_place.position, heap.size(), new_key.size()), new_place.offset};
    heap.append(new_key);
    ++count;
}

void StateIndex::Leaf::move_to(std::size_t slot, StatePlaceInLog new_place) {
    Slot& entry = slots[slot];
    entry = {pack(new_place.position, 0, 0) | (entry.packed & 0xFFFFFFU), new_place.offset};
}

void StateIndex::Leaf::remove(std::size_t slot) {
    unused_bytes = static_cast<std::uint16_t>(unused_bytes + key(slot).size());
    std::move(slots.begin() + static_cast<std::ptrdiff_t>(slot) + 1, slots.begin() + count,
              slots.begin() + static_cast<std::ptrdiff_t>(slot));
    --count;
    if (unused_bytes > heap.size() / 2) {
        compact();
    }
}

void StateIndex::Leaf::append_from(const Leaf& other, std::size_t begin) {
    for (std::size_t slot = begin; slot < other.count; ++slot) {
        put(count, other.key(slot), other.place(slot));
    }
}

void StateIndex::Leaf::compact() {
    Leaf packed;
    packed.append_from(*this, 0);
    packed.heap.shrink_to_fit();
    *this = std::move(packed);
}

StateIndex::Cursor StateIndex::seek(ByteView key) const {
    SANQUAN_ASSERT(!branches_.empty());
    const auto starts_after = [](ByteView wanted, const Leaf& leaf) {
        return wanted < leaf.key(0);
    };
    const auto branch = std::upper_bound(
        branches_.begin() + 1, branches_.end(), key,
        [&](ByteView wanted, const Branch& b) { return starts_after(wanted, *b.leaves.front()); });
    Cursor at;
    at.branch = static_cast<std::size_t>(branch - branches_.begin()) - 1;
    const auto& leaves = branches_[at.branch].leaves;
    const auto leaf = std::upper_bound(
        leaves.begin() + 1, leaves.end(), key,
        [&](ByteView wanted, const std::unique_ptr<Leaf>& l) { return starts_after(wanted, *l); });
    at.leaf = static_cast<std::size_t>(leaf - leaves.begin()) - 1;
    at.slot = leaf_at(at).lower_bound(key);
    return at;
}

StateIndex::Cursor StateIndex::settle(Cursor at) const {
    if (at.slot < leaf_at(at).count) {
        return at;
    }
    at.slot = 0;
    if (++at.leaf == branches_[at.branch].leaves.size()) {
        at.leaf = 0;
        ++at.branch;
    }
    return at;
}

StateIndex::Cursor StateIndex::next(Cursor at) const {
    ++at.slot;
    return settle(at);
}

StateIndex::Cursor StateIndex::lower_bound(ByteView key) const {
    return branches_.empty() ? Cursor{} : settle(seek(key));
}

std::optional<StatePlaceInLog> StateIndex::find(ByteView key) const {
    if (branches_.empty()) {
        return std::nullopt;
    }
    const Cursor at = seek(key);
    const Leaf& leaf = leaf_at(at);
    if (at.slot == leaf.count || leaf.key(at.slot) != key) {
        return std::nullopt;
    }
    return leaf.place(at.slot);
}

void StateIndex::set(ByteView key, StatePlaceInLog place) {
    if (branches_.empty()) {
        branches_.emplace_back().leaves.push_back(std::make_unique<Leaf>());
    }
    Cursor at = seek(key);
    Leaf* leaf = branches_[at.branch].leaves[at.leaf].get();
    if (at.slot < leaf->count && leaf->key(at.slot) == key) {
        leaf->move_to(at.slot, place);
        return;
    }
    if (leaf->count == kLeafKeys) {
        split(at);
        at = seek(key);
        leaf = branches_[at.branch].leaves[at.leaf].get();
    }
    leaf->put(at.slot, key, place);
    ++size_;
}

void StateIndex::split(const Cursor& at) {
    auto& leaves = branches_[at.branch].leaves;
    Leaf& full = *leaves[at.leaf];
    // Keys that arrive in order fill leaves completely: only the new key goes to the new leaf.
    const bool at_end = at.slot == full.count;
    const std::size_t keep = at_end ? full.count - 1U : full.count / 2U;
    auto upper = std::make_unique<Leaf>();
    upper->append_from(full, keep);
    full.count = static_cast<std::uint16_t>(keep);
    full.compact();
    leaves.insert(leaves.begin() + static_cast<std::ptrdiff_t>(at.leaf) + 1, std::move(upper));
    if (leaves.size() > kBranchLeaves) {
        const std::size_t half = at_end ? leaves.size() - 1 : leaves.size() / 2;
        Branch right;
        right.leaves.assign(
            std::make_move_iterator(leaves.begin() + static_cast<std::ptrdiff_t>(half)),
            std::make_move_iterator(leaves.end()));
        leaves.resize(half);
        branches_.insert(branches_.begin() + static_cast<std::ptrdiff_t>(at.branch) + 1,
                         std::move(right));
    }
}

void StateIndex::erase(ByteView key) {
    if (branches_.empty()) {
        return;
    }
    const Cursor at = seek(key);
    Leaf& leaf = *branches_[at.branch].leaves[at.leaf];
    if (at.slot == leaf.count || leaf.key(at.slot) != key) {
        return;
    }
    leaf.remove(at.slot);
    --size_;
    shrink(at);
}

void StateIndex::shrink(const Cursor& at) {
    auto& leaves = branches_[at.branch].leaves;
    Leaf& leaf = *leaves[at.leaf];
    const auto here = leaves.begin() + static_cast<std::ptrdiff_t>(at.leaf);
    if (leaf.count == 0) {
        leaves.erase(here);
    } else if (leaf.count < kMergeBelow && at.leaf + 1 < leaves.size() &&
               leaf.count + leaves[at.leaf + 1]->count <= kLeafKeys * 3 / 4) {
        leaf.append_from(*leaves[at.leaf + 1], 0);
        leaves.erase(here + 1);
    }
    if (leaves.empty()) {
        branches_.erase(branches_.begin() + static_cast<std::ptrdiff_t>(at.branch));
    }
}

std::optional<Bytes> StateIndex::before(ByteView key) const {
    if (branches_.empty()) {
        return std::nullopt;
    }
    Cursor at = seek(key);
    if (at.slot == 0) {
        if (at.leaf == 0) {
            if (at.branch == 0) {
                return std::nullopt;
            }
            --at.branch;
            at.leaf = branches_[at.branch].leaves.size();
        }
        --at.leaf;
        at.slot = leaf_at(at).count;
    }
    return Bytes(leaf_at(at).key(at.slot - 1));
}

std::optional<Bytes> StateIndex::before_by(ByteView key, std::uint64_t steps) const {
    SANQUAN_ASSERT(steps > 0);
    if (branches_.empty()) {
        return std::nullopt;
    }
    Cursor at = seek(key);
    while (steps > at.slot) {
        steps -= at.slot;
        at.slot = 0;
        if (at.leaf == 0 && at.branch == 0) {
            break;
        }
        if (at.leaf == 0) {
            --at.branch;
            at.leaf = branches_[at.branch].leaves.size();
        }
        --at.leaf;
        at.slot = leaf_at(at).count;
    }
    const std::size_t slot = at.slot == 0 ? 0 : at.slot - steps;
    const ByteView found = leaf_at(at).key(slot);
    return found < key ? std::optional(Bytes(found)) : std::nullopt;
}

std::optional<Bytes> StateIndex::after(ByteView key) const {
    if (branches_.empty()) {
        return std::nullopt;
    }
    Cursor at = settle(seek(key));
    if (valid(at) && leaf_at(at).key(at.slot) == key) {
        at = next(at);
    }
    if (!valid(at)) {
        return std::nullopt;
    }
    return Bytes(leaf_at(at).key(at.slot));
}

std::uint64_t StateIndex::memory_bytes() const {
    std::uint64_t total = 0;
    for (const Branch& branch : branches_) {
        for (const auto& leaf : branch.leaves) {
            total += sizeof(Leaf) + sizeof(leaf) + leaf->heap.capacity();
        }
    }
    return total;
}

}  // namespace sanquan
