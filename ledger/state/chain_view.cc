#include "ledger/state/chain_view.h"

#include <algorithm>

#include "ledger/base/assert.h"

namespace sanquan {
namespace {

constexpr std::size_t kUsualEntryBytes = 512;  // one read fetches most entries whole

}  // namespace

ChainView::ChainView(const StateVersion& version) : base_(*version.delta().base) {
    for (const StateVersion* at = &version; at != nullptr; at = at->delta().parent.get()) {
        // A version that was folded into the base has no state of its own any more; it may only be
        // the base itself.
        SANQUAN_ASSERT(!at->delta().folded);
        deltas_.push_back(&at->delta());
    }
}

const KeyChange* ChainView::change_of(ByteView key) const {
    for (const StateDelta* delta : deltas_) {
        if (const KeyChange* change = delta->find(key)) {
            return change;
        }
    }
    return nullptr;
}

std::optional<StatePlaceInLog> ChainView::find(ByteView key) const {
    if (const KeyChange* change = change_of(key)) {
        return change->alive ? std::optional(change->place) : std::nullopt;
    }
    return base_.index().find(key);
}

Bytes ChainView::before(ByteView key) const {
    SANQUAN_ASSERT(!key.empty());
    Bytes bound(key);
    for (;;) {
        std::optional<Bytes> candidate = base_.index().before(bound);
        for (const StateDelta* delta : deltas_) {
            const KeyChange* change = delta->before(bound);
            if (change != nullptr && (!candidate || change->key > *candidate)) {
                candidate = Bytes(change->key);
            }
        }
        SANQUAN_ASSERT(candidate.has_value());  // the sentinel is always there
        const KeyChange* change = change_of(*candidate);
        if (change == nullptr || change->alive) {
            return *std::move(candidate);
        }
        bound = *std::move(candidate);
    }
}

std::optional<Bytes> ChainView::after(ByteView key) const {
    Bytes bound(key);
    for (;;) {
        std::optional<Bytes> candidate = base_.index().after(bound);
        for (const StateDelta* delta : deltas_) {
            const KeyChange* change = delta->after(bound);
            if (change != nullptr && (!candidate || change->key < *candidate)) {
                candidate = Bytes(change->key);
            }
        }
        if (!candidate) {
            return std::nullopt;
        }
        const KeyChange* change = change_of(*candidate);
        if (change == nullptr || change->alive) {
            return candidate;
        }
        bound = *std::move(candidate);
    }
}

TwigState ChainView::twig(std::uint64_t number) const {
    for (const StateDelta* delta : deltas_) {
        const auto found = delta->twigs.find(number);
        if (found != delta->twigs.end()) {
            return found->second;
        }
    }
    return base_.twig(number);
}

bool ChainView::is_current(std::uint64_t position) const {
    for (const StateDelta* delta : deltas_) {
        const auto found = delta->twigs.find(twig_of(position));
        if (found != delta->twigs.end()) {
            return bit(found->second.bitmap, slot_of(position));
        }
    }
    return base_.is_current(position);
}

Digest ChainView::upper(std::uint32_t level, std::uint64_t index) const {
    for (const StateDelta* delta : deltas_) {
        if (level >= delta->upper.size()) {
            continue;
        }
        const UpperChanges& changes = delta->upper[level];
        const auto at = std::lower_bound(
            changes.begin(), changes.end(), index,
            [](const auto& change, std::uint64_t wanted) { return change.first < wanted; });
        if (at != changes.end() && at->first == index) {
            return at->second;
        }
    }
    return base_.upper(level, index);
}

ByteView ChainView::in_memory(std::uint64_t offset) const {
    for (const StateDelta* delta : deltas_) {
        if (const ByteView bytes = delta->bytes_at(offset); !bytes.empty()) {
            return bytes;
        }
    }
    return {};
}

Result<Bytes> ChainView::read_log(std::uint64_t offset, std::size_t length) const {
    if (const ByteView bytes = in_memory(offset); !bytes.empty()) {
        return Bytes(bytes.substr(0, length));
    }
    return base_.log().read(offset, length);
}

LogWalk::Reader ChainView::reader() const {
    return [this](std::uint64_t offset, std::size_t length) { return read_log(offset, length); };
}

Result<std::unique_ptr<OwnedEntry>> load_entry(const LogBytes& log, std::uint64_t offset) {
    auto owned = std::make_unique<OwnedEntry>();
    SANQUAN_TRY_ASSIGN(owned->bytes, log.read(offset, kUsualEntryBytes));
    SANQUAN_TRY_ASSIGN(const std::size_t length, log_entry_bytes(owned->bytes));
    if (length > owned->bytes.size()) {
        SANQUAN_TRY_ASSIGN(owned->bytes, log.read(offset, length));
    }
    SANQUAN_TRY_ASSIGN(owned->entry, parse_log_entry(owned->bytes));
    return owned;
}

}  // namespace sanquan
