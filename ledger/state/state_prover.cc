#include "ledger/state/state_prover.h"

#include <algorithm>

#include "ledger/base/assert.h"
#include "ledger/state/read_meter.h"

namespace sanquan {
namespace {

// Keys right below an absent one that are looked at for its predecessor in the past, before greater steps are taken.
constexpr std::size_t kNearCandidates = 16;

// One step of a search through the past; BOUND: by the request's ReadAllowance.
Status step_back() {
    return count_step() ? Status{}
                        : fail(Code::kTooLong,
                               "the answer lies deeper in the past than one such request may look; "
                               "a signed request may look further");
}

// An entry of the past may have been removed with its segment.
Result<std::unique_ptr<OwnedEntry>> load_past(const LogBytes& log, std::uint64_t offset) {
    auto loaded = load_entry(log, offset);
    if (!loaded && loaded.error().code == Code::kNotFound) {
        return fail(Code::kHistoryPruned, "the log begins after that entry");
    }
    return loaded;
}

std::shared_ptr<const TwigTree> make_tree(const StateHasher& hasher, std::vector<Digest> leaves) {
    auto tree = std::make_shared<TwigTree>();
    leaves.resize(kTwigEntries);
    (*tree)[0] = std::move(leaves);
    for (std::uint32_t level = 1; level <= kTwigDepth; ++level) {
        const std::vector<Digest>& below = (*tree)[level - 1];
        std::vector<Digest>& nodes = (*tree)[level];
        nodes.reserve(below.size() / 2);
        for (std::size_t i = 0; i < below.size(); i += 2) {
            nodes.push_back(hasher.node(below[i], below[i + 1]));
        }
    }
    return tree;
}

}  // namespace

Result<std::shared_ptr<const TwigTree>> StateProver::twig_tree(std::uint64_t number,
                                                               const TwigState& twig) const {
    const std::uint64_t first = number << kTwigDepth;
    const std::uint64_t end = std::min(first + kTwigEntries, tip().entries);
    const bool finished = end == first + kTwigEntries;
    if (auto cached = finished ? base().twig_cache().find(number) : nullptr) {
        return cached;
    }
    const auto read = [this](std::uint64_t offset, std::size_t length) {
        return base().log().read(offset, length);
    };
    SANQUAN_TRY_ASSIGN(const FloorCursor cursor, find_cursor(read, twig.start, first));
    LogWalk walk(read, cursor);
    std::vector<Digest> leaves;
    leaves.reserve(kTwigEntries);
    const StateHasher& hasher = base().hasher();
    for (std::uint64_t position = first; position < end; ++position) {
        SANQUAN_TRY_ASSIGN(const LogEntry entry, walk.entry());
        leaves.push_back(hasher.leaf(entry.head_bytes, hasher.value(entry.value)));
        walk.advance();
    }
    auto tree = make_tree(hasher, std::move(leaves));
    if (tree->back().front() != twig.leaves) {
        return fail(Code::kCorrupt,
                    "twig " + std::to_string(number) + " in the state log has another root");
    }
    if (finished) {
        base().twig_cache().put(number, tree);
    }
    return std::shared_ptr<const TwigTree>(std::move(tree));
}

Result<StatePlace> StateProver::place_of(const StatePlaceInLog& at, bool with_value) const {
    StatePlace place;
    TwigState twig;
    const std::uint64_t number = twig_of(at.position);
    {
        const std::shared_lock lock(base().mutex());
        const ChainView view(version_);
        twig = view.twig(number);
        std::uint64_t index = number;
        for (std::uint32_t level = 0; level < upper_depth(twig_count(tip().entries)); ++level) {
            place.upper_path.push_back(view.upper(level, index ^ 1U));
            index >>= 1U;
        }
    }
    SANQUAN_TRY_ASSIGN(const auto tree, twig_tree(number, twig));
    SANQUAN_TRY_ASSIGN(const auto owned, load_past(base().log(), at.offset));
    place.position = at.position;
    place.head = Bytes(owned->entry.head_bytes);
    place.value_digest = base().hasher().value(owned->entry.value);
    if (with_value) {
        place.value = Bytes(owned->entry.value);
    }
    place.bitmap = twig.bitmap;
    std::uint32_t index = slot_of(at.position);
    if (base().hasher().leaf(place.head, place.value_digest) != (*tree)[0][index]) {
        return fail(Code::kCorrupt, "the key index and the state log disagree");
    }
    for (std::uint32_t level = 0; level < kTwigDepth; ++level) {
        place.path[level] = (*tree)[level][index ^ 1U];
        index >>= 1U;
    }
    return place;
}

Result<Bytes> StateProver::prove(StateClaim claim, const Found& found) const {
    const bool with_value = claim == StateClaim::kHeld || claim == StateClaim::kHeldAt;
    StateProof proof;
    proof.claim = claim;
    proof.entries = tip().entries;
    proof.floor = tip().floor.position;
    SANQUAN_TRY_ASSIGN(proof.place, place_of(found.place, with_value));
    if (found.follower) {
        SANQUAN_TRY_ASSIGN(StatePlace follower, place_of(*found.follower, /*with_value=*/false));
        proof.follower = std::move(follower);
    }
    return encode_state_proof(proof);
}

Status StateProver::check_height(Height at) const {
    if (at > tip().height) {
        return fail(Code::kNotFound, "that height lies ahead");
    }
    if (at < tip().height && base().environment().tombstones == nullptr) {
        return fail(Code::kHistoryPruned, "this node keeps no history");
    }
    return {};
}

// Where to start looking back for `key` at `at`: the tombstone that ended its life of that time, or
// its current entry.
Result<std::optional<StatePlaceInLog>> StateProver::newest_place(ByteView key, Height at) const {
    if (const TombstoneIndex* tombstones = base().environment().tombstones) {
        SANQUAN_TRY_ASSIGN(const auto ended, tombstones->first_after(key, at));
        if (ended && ended->position < tip().entries) {
            return ended;
        }
    }
    const std::shared_lock lock(base().mutex());
    return ChainView(version_).find(key);
}

Result<std::optional<StateProver::Found>> StateProver::find_at(ByteView key, Height at) const {
    SANQUAN_TRY_ASSIGN(std::optional<StatePlaceInLog> place, newest_place(key, at));
    Found found;
    while (place) {
        SANQUAN_TRY(step_back());
        SANQUAN_TRY_ASSIGN(auto owned, load_past(base().log(), place->offset));
        const LogEntry& entry = owned->entry;
        if (entry.head.key != key) {
            return fail(Code::kCorrupt, "the key index and the state log disagree");
        }
        if (entry.head.height <= at) {
            if (entry.head.kind == EntryKind::kTombstone) {
                break;
            }
            found.place = *place;
            found.entry = std::move(owned);
            return std::optional(std::move(found));
        }
        found.follower = place;
        if (entry.head.previous == kNoPosition) {
            break;
        }
        place = StatePlaceInLog{entry.head.previous, entry.previous_offset};
    }
    return std::optional<Found>();
}

Result<std::optional<Bytes>> StateProver::candidate_before(ByteView key) const {
    std::optional<Bytes> candidate;
    if (key.empty()) {
        return candidate;
    }
    {
        const std::shared_lock lock(base().mutex());
        candidate = ChainView(version_).before(key);
    }
    if (const TombstoneIndex* tombstones = base().environment().tombstones) {
        SANQUAN_TRY_ASSIGN(std::optional<Bytes> deleted, tombstones->key_before(key));
        if (deleted && *deleted > *candidate) {
            candidate = std::move(deleted);
        }
    }
    return candidate;
}

// The first of the keys right below `bound` that was there at `at`, the deleted ones among them; else nothing, and
// `bound` is the last that was looked at.
Result<std::optional<StateProver::Found>> StateProver::find_near_predecessor_at(Bytes& bound,
                                                                                Height at) const {
    for (std::size_t i = 0; i < kNearCandidates; ++i) {
        SANQUAN_TRY_ASSIGN(std::optional<Bytes> candidate, candidate_before(bound));
        if (!candidate) {
            return fail(Code::kHistoryPruned, "no entry from before that height is kept");
        }
        SANQUAN_TRY_ASSIGN(std::optional<Found> found, find_at(*candidate, at));
        if (found) {
            return std::optional(*std::move(found));
        }
        bound = *std::move(candidate);
    }
    return std::optional<Found>();
}

// A key below `young` that was there at `at`, as near to it as doubling and halving steps find one: where all keys
// above some key are younger than `at`, as after a load in key order, that very key.
Result<StateProver::Found> StateProver::find_old_below(Bytes young, Height at) const {
    std::optional<Found> old;
    for (std::uint64_t steps = kNearCandidates; steps > 0; steps = old ? steps / 2 : steps * 2) {
        SANQUAN_TRY(step_back());
        std::optional<Bytes> candidate;
        {
            const std::shared_lock lock(base().mutex());
            candidate = base().index().before_by(young, steps);
        }
        if (!candidate || (old && *candidate <= old->entry->entry.head.key)) {
            if (!old) {
                break;
            }
            continue;
        }
        SANQUAN_TRY_ASSIGN(std::optional<Found> found, find_at(*candidate, at));
        if (found) {
            old = std::move(found);
        } else {
            young = *std::move(candidate);
        }
    }
    if (!old) {
        return fail(Code::kHistoryPruned, "no entry from before that height is kept");
    }
    return *std::move(old);
}

// Each entry names the key that came next at its time: from any key of that time the way leads on to `key`.
Result<StateProver::Found> StateProver::find_predecessor_at(ByteView key, Height at) const {
    Bytes bound(key);
    SANQUAN_TRY_ASSIGN(std::optional<Found> found, find_near_predecessor_at(bound, at));
    if (!found) {
        SANQUAN_TRY_ASSIGN(found, find_old_below(bound, at));
    }
    for (;;) {
        const Bytes next(found->entry->entry.head.next_key);
        if (next == key) {
            return fail(Code::kNotFound, "the key was present at that height");
        }
        if (next.empty() || next > key) {
            return *std::move(found);
        }
        SANQUAN_TRY_ASSIGN(found, find_at(next, at));
        if (!found) {
            return fail(Code::kCorrupt, "a state entry names a key that was not there");
        }
    }
}

Result<Bytes> StateProver::held(ByteView key) const {
    Found found;
    {
        const std::shared_lock lock(base().mutex());
        const auto place = ChainView(version_).find(key);
        if (!place) {
            return fail(Code::kNotFound, "the key is absent");
        }
        found.place = *place;
    }
    return prove(StateClaim::kHeld, found);
}

Result<Bytes> StateProver::absent(ByteView key) const {
    Found found;
    {
        const std::shared_lock lock(base().mutex());
        const ChainView view(version_);
        if (view.find(key)) {
            return fail(Code::kNotFound, "the key is present");
        }
        const auto place = view.find(view.before(key));
        SANQUAN_ASSERT(place.has_value());
        found.place = *place;
    }
    return prove(StateClaim::kAbsent, found);
}

Result<Bytes> StateProver::held_at(ByteView key, Height at) const {
    SANQUAN_TRY(check_height(at));
    SANQUAN_TRY_ASSIGN(const std::optional<Found> found, find_at(key, at));
    if (!found) {
        return fail(Code::kNotFound, "the key was absent at that height");
    }
    return prove(StateClaim::kHeldAt, *found);
}

Result<Bytes> StateProver::absent_at(ByteView key, Height at) const {
    SANQUAN_TRY(check_height(at));
    SANQUAN_TRY_ASSIGN(const Found found, find_predecessor_at(key, at));
    return prove(StateClaim::kAbsentAt, found);
}

Result<std::optional<Bytes>> StateProver::value_at(ByteView key, Height at) const {
    SANQUAN_TRY(check_height(at));
    SANQUAN_TRY_ASSIGN(const std::optional<Found> found, find_at(key, at));
    return found ? std::optional(Bytes(found->entry->entry.value)) : std::nullopt;
}

Result<std::optional<Bytes>> value_in_history(const StateBase& base, ByteView key, Height at) {
    const TombstoneIndex* tombstones = base.environment().tombstones;
    if (tombstones == nullptr) {
        return fail(Code::kHistoryPruned, "this node keeps no history");
    }
    SANQUAN_TRY_ASSIGN(std::optional<StatePlaceInLog> place, tombstones->first_after(key, at));
    if (!place) {
        const std::shared_lock lock(base.mutex());
        place = base.index().find(key);
    }
    if (!place) {
        // ORDER: once more, since the deletion may have been folded in between the two looks.
        SANQUAN_TRY_ASSIGN(place, tombstones->first_after(key, at));
    }
    while (place) {
        SANQUAN_TRY_ASSIGN(const auto owned, load_past(base.log(), place->offset));
        const LogEntry& entry = owned->entry;
        if (entry.head.key != key) {
            return fail(Code::kCorrupt, "the key index and the state log disagree");
        }
        if (entry.head.height <= at) {
            return entry.head.kind == EntryKind::kTombstone ? std::optional<Bytes>()
                                                            : std::optional(Bytes(entry.value));
        }
        if (entry.head.previous == kNoPosition) {
            break;
        }
        place = StatePlaceInLog{entry.head.previous, entry.previous_offset};
    }
    return std::optional<Bytes>();
}

}  // namespace sanquan
