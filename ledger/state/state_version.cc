#include "ledger/state/state_version.h"

#include <cstdlib>

#include "ledger/base/assert.h"
#include "ledger/base/limits.h"
#include "ledger/state/chain_view.h"
#include "ledger/state/state_prover.h"

namespace sanquan {
namespace {

[[noreturn]] void stop_for_damage(const StateBase& base, const Error& error) {
    base.environment().on_damage(error);
    std::abort();  // the handler returned: nothing may be answered from damaged state
}

// The value of the entry at `place`, read and checked.
Bytes load_value(const StateBase& base, ByteView key, const StatePlaceInLog& place) {
    if (auto known = base.entry_cache().find(place.offset)) {
        return *std::move(known);
    }
    const auto owned = load_entry(base.log(), place.offset);
    if (!owned) {
        stop_for_damage(base, owned.error());
    }
    const LogEntry& entry = (*owned)->entry;
    if (entry.head.key != key || entry.head.kind != EntryKind::kValue) {
        stop_for_damage(base, {Code::kCorrupt, "the key index and the state log disagree"});
    }
    base.entry_cache().put(place.offset, entry.value);
    return Bytes(entry.value);
}

Bytes value_in_memory(const StateBase& base, ByteView bytes) {
    const Result<LogEntry> entry = parse_log_entry(bytes);
    if (!entry) {
        stop_for_damage(base, entry.error());
    }
    return Bytes(entry->value);
}

bool is_key(ByteView key) { return !key.empty() && key.size() <= limits::kStateKeyBytesMax; }

}  // namespace

StateVersion::StateVersion(std::unique_ptr<StateDelta> delta) : delta_(std::move(delta)) {}
StateVersion::~StateVersion() = default;

std::optional<Bytes> StateVersion::get(ByteView key) const {
    const StateBase& base = *delta_->base;
    if (!is_key(key)) {
        return std::nullopt;
    }
    std::optional<StatePlaceInLog> place;
    {
        const std::shared_lock lock(base.mutex());
        const ChainView view(*this);
        place = view.find(key);
        if (!place) {
            return std::nullopt;
        }
        if (const ByteView bytes = view.in_memory(place->offset); !bytes.empty()) {
            return value_in_memory(base, bytes);
        }
    }
    return load_value(base, key, *place);
}

std::vector<std::pair<Bytes, Bytes>> StateVersion::scan(ByteView prefix, ByteView after,
                                                        std::size_t limit) const {
    std::vector<std::pair<Bytes, Bytes>> found;
    const auto matches = [&](ByteView key) { return key.substr(0, prefix.size()) == prefix; };
    Bytes at(std::max(prefix, after));
    if (after < prefix && is_key(at)) {
        if (std::optional<Bytes> value = get(at); value && limit > 0) {
            found.emplace_back(at, *std::move(value));
        }
    }
    while (found.size() < limit) {
        std::optional<Bytes> next;
        {
            const std::shared_lock lock(delta_->base->mutex());
            next = ChainView(*this).after(at);
        }
        if (!next || !matches(*next)) {
            break;
        }
        at = *std::move(next);
        std::optional<Bytes> value = get(at);
        SANQUAN_ASSERT(value.has_value());
        found.emplace_back(at, *std::move(value));
    }
    return found;
}

Height StateVersion::height() const { return delta_->tip.height; }
const StateRoot& StateVersion::root() const { return delta_->tip.root; }
std::uint64_t StateVersion::live_keys() const { return delta_->tip.live - 1; }
std::uint64_t StateVersion::entries() const { return delta_->tip.entries; }

Result<Bytes> StateVersion::prove_held(ByteView key) const {
    return is_key(key) ? StateProver(*this).held(key) : fail(Code::kBadLength, "not a state key");
}

Result<Bytes> StateVersion::prove_absent(ByteView key) const {
    return is_key(key) ? StateProver(*this).absent(key) : fail(Code::kBadLength, "not a state key");
}

Result<Bytes> StateVersion::prove_held_at(ByteView key, Height at) const {
    return is_key(key) ? StateProver(*this).held_at(key, at)
                       : fail(Code::kBadLength, "not a state key");
}

Result<Bytes> StateVersion::prove_absent_at(ByteView key, Height at) const {
    return is_key(key) ? StateProver(*this).absent_at(key, at)
                       : fail(Code::kBadLength, "not a state key");
}

Result<std::optional<Bytes>> StateVersion::get_at(ByteView key, Height at) const {
    return is_key(key) ? StateProver(*this).value_at(key, at)
                       : fail(Code::kBadLength, "not a state key");
}

}  // namespace sanquan
