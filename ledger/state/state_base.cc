#include "ledger/state/state_base.h"

#include <algorithm>
#include <set>

#include "ledger/base/assert.h"
#include "ledger/state/log_walk.h"
#include "ledger/state/record_format.h"

namespace sanquan {
namespace {

bool is_empty(const Bitmap& bitmap) {
    return std::all_of(bitmap.begin(), bitmap.end(), [](std::uint8_t octet) { return octet == 0; });
}

}  // namespace

StateBase::StateBase(HashAlgorithm algorithm, StateEnvironment environment)
    : hasher_(state_hasher(algorithm)), environment_(std::move(environment)) {
    SANQUAN_ASSERT(environment_.log != nullptr && environment_.on_damage != nullptr);
}

Bytes StateBase::first_record(HashAlgorithm algorithm) {
    const StateHasher& hasher = state_hasher(algorithm);
    Bytes record(kRecordHeaderBytes + kStateBodyHeadBytes, '\0');
    const HeadRange range = append_log_entry(record, EntryHead{}, {}, kNoOffset);
    TwigFrontier tail;
    tail.push(hasher,
              hasher.leaf(ByteView(record).substr(range.at, range.bytes), hasher.value({})));
    Bitmap bitmap{};
    set_bit(bitmap, 0, true);
    const Digest upper = hasher.twig(tail.root(hasher), bitmap);
    store_body_head(record.data() + kRecordHeaderBytes,
                    {Height{0}, 0, 1, 0, hasher.root(1, 0, upper)});
    seal_record(record, 0, kNoSalt);
    return record;
}

TwigState StateBase::twig(std::uint64_t number) const {
    const TwigRoot& root = twigs_.at(number);
    TwigState state;
    state.leaves = root.leaves;
    state.start = root.start;
    if (bitmaps_[number] != nullptr) {
        state.bitmap = *bitmaps_[number];
    }
    return state;
}

Digest StateBase::upper(std::uint32_t level, std::uint64_t index) const {
    return level < upper_.size() && index < upper_[level].size() ? upper_[level][index]
                                                                 : hasher_.absent_upper(level);
}

void StateBase::set_upper(std::uint32_t level, std::uint64_t index, const Digest& digest) {
    if (upper_.size() <= level) {
        upper_.resize(level + 1U);
    }
    if (upper_[level].size() <= index) {
        upper_[level].resize(index + 1U);
    }
    upper_[level][index] = digest;
}

void StateBase::set_current(std::uint64_t position, bool current) {
    std::unique_ptr<Bitmap>& bitmap = bitmaps_.at(twig_of(position));
    if (bitmap == nullptr) {
        if (!current) {
            return;
        }
        bitmap = std::make_unique<Bitmap>(Bitmap{});
    }
    set_bit(*bitmap, slot_of(position), current);
    open_twigs_[twig_of(position)] = true;
}

void StateBase::restore(const StateTip& tip, std::vector<TwigRoot> twigs) {
    tip_ = tip;
    twigs_ = std::move(twigs);
    bitmaps_.resize(twigs_.size());
    open_twigs_.assign(twigs_.size(), true);
}

void StateBase::restore_key(ByteView key, StatePlaceInLog place) {
    // A checkpoint is written while blocks are folded: keys moved meanwhile come again with the
    // replay.
    if (place.position < tip_.entries) {
        index_.set(key, place);
        set_current(place.position, true);
    }
}

Status StateBase::replay(ByteView body, std::uint64_t record_offset,
                         const TombstoneSink& tombstone) {
    SANQUAN_TRY_ASSIGN(const StateBodyHead head, parse_body_head(body));
    if (head.first_position != tip_.entries ||
        (tip_.records > 0 && head.height <= tip_.height && head.height.value > 0)) {
        return fail(Code::kCorrupt, "a state record does not follow the one before it");
    }
    ByteView rest = body.substr(kStateBodyHeadBytes);
    for (std::uint32_t i = 0; i < head.entry_count; ++i) {
        SANQUAN_TRY_ASSIGN(const LogEntry entry, parse_log_entry(rest));
        const auto at = static_cast<std::uint64_t>(rest.data() - body.data());
        const StatePlaceInLog place{tip_.entries, record_offset + kRecordHeaderBytes + at};
        if (slot_of(place.position) == 0) {
            twigs_.push_back({Digest{}, record_offset});
            bitmaps_.emplace_back();
            open_twigs_.push_back(true);
        }
        SANQUAN_TRY(replay_entry(entry, place, tombstone));
        ++tip_.entries;
        rest.remove_prefix(entry.bytes);
    }
    if (!rest.empty()) {
        return fail(Code::kCorrupt, "bytes follow the last entry of a state record");
    }
    tip_.height = head.height;
    tip_.root = head.root;
    tip_.floor = {head.floor, 0, 0};
    tip_.end_offset = record_offset + kRecordHeaderBytes + body.size();
    ++tip_.records;
    return {};
}

Status StateBase::replay_entry(const LogEntry& entry, StatePlaceInLog place,
                               const TombstoneSink& tombstone) {
    const EntryHead& head = entry.head;
    if (head.previous != kNoPosition) {
        if (head.previous >= place.position) {
            return fail(Code::kCorrupt, "a state entry follows a later one");
        }
        set_current(head.previous, false);
    }
    if (head.kind == EntryKind::kValue) {
        index_.set(head.key, place);
        set_current(place.position, true);
    } else {
        index_.erase(head.key);
        open_twigs_[twig_of(place.position)] = true;
        if (tombstone) {
            tombstone(entry, place);
        }
    }
    if (tip_.tail.full()) {
        tip_.tail.clear();
    }
    tip_.tail.push(hasher_, hasher_.leaf(entry.head_bytes, hasher_.value(entry.value)));
    if (tip_.tail.full()) {
        twigs_.back().leaves = tip_.tail.root(hasher_);
    }
    return {};
}

Status StateBase::finish_replay() {
    if (twigs_.empty() || twigs_.size() != twig_count(tip_.entries)) {
        return fail(Code::kCorrupt, "the state log holds no state");
    }
    twigs_.back().leaves = tip_.tail.root(hasher_);
    std::set<std::uint64_t> changed;
    for (std::uint64_t number = 0; number < twigs_.size(); ++number) {
        if (!open_twigs_[number]) {
            continue;
        }
        if (bitmaps_[number] != nullptr && is_empty(*bitmaps_[number])) {
            bitmaps_[number].reset();
        }
        const TwigState state = twig(number);
        set_upper(0, number, hasher_.twig(state.leaves, state.bitmap));
        changed.insert(changed.end(), number / 2);
    }
    open_twigs_.assign(twigs_.size(), false);
    for (std::uint32_t level = 1; level <= upper_depth(twigs_.size()); ++level) {
        std::set<std::uint64_t> parents;
        for (const std::uint64_t index : changed) {
            set_upper(level, index,
                      hasher_.upper(upper(level - 1, 2 * index), upper(level - 1, 2 * index + 1)));
            parents.insert(parents.end(), index / 2);
        }
        changed = std::move(parents);
    }
    tip_.live = index_.size();
    const Digest top = upper(upper_depth(twigs_.size()), 0);
    if (hasher_.root(tip_.entries, tip_.floor.position, top) != tip_.root) {
        return fail(Code::kStateMismatch,
                    "the state of height " + std::to_string(tip_.height.value) +
                        " recomputed from the log has another root than its record");
    }
    return find_floor(tip_.floor.position);
}

Status StateBase::find_floor(std::uint64_t position) {
    if (position >= tip_.entries) {
        return fail(Code::kCorrupt, "the floor of the state lies above its entries");
    }
    const auto read = [this](std::uint64_t offset, std::size_t length) {
        return log().read(offset, length);
    };
    SANQUAN_TRY_ASSIGN(tip_.floor, find_cursor(read, twigs_[twig_of(position)].start, position));
    return {};
}

void StateBase::fold(const StateDelta& delta) {
    for (const KeyChange& change : delta.keys) {
        if (change.alive) {
            index_.set(change.key, change.place);
        } else {
            index_.erase(change.key);
        }
    }
    for (const auto& [number, state] : delta.twigs) {
        if (number >= twigs_.size()) {
            SANQUAN_ASSERT(number == twigs_.size());
            twigs_.emplace_back();
            bitmaps_.emplace_back();
        }
        twigs_[number] = {state.leaves, state.start};
        if (is_empty(state.bitmap)) {
            bitmaps_[number].reset();
        } else if (bitmaps_[number] != nullptr) {
            *bitmaps_[number] = state.bitmap;
        } else {
            bitmaps_[number] = std::make_unique<Bitmap>(state.bitmap);
        }
    }
    for (std::uint32_t level = 0; level < delta.upper.size(); ++level) {
        for (const auto& [index, digest] : delta.upper[level]) {
            set_upper(level, index, digest);
        }
    }
    tip_ = delta.tip;
}

}  // namespace sanquan
