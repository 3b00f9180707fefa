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

// Keeps a version from being folded; false when it has been already.
class ReadPin {
  public:
    explicit ReadPin(const StateDelta& delta) : delta_(delta) {
        const std::shared_lock lock(delta.base->mutex());
        held_ = !delta.folded;
        delta_.pins += held_ ? 1U : 0U;
    }
    ReadPin(const ReadPin&) = delete;
    ReadPin& operator=(const ReadPin&) = delete;
    ~ReadPin() { delta_.pins -= held_ ? 1U : 0U; }
    explicit operator bool() const { return held_; }

  private:
    const StateDelta& delta_;
    bool held_ = false;
};

template <typename Prove>
Result<Bytes> prove_pinned(const StateVersion& version, ByteView key, Prove prove) {
    if (!is_key(key)) {
        return fail(Code::kBadLength, "not a state key");
    }
    const ReadPin pin(version.delta());
    return pin ? prove(StateProver(version))
               : fail(Code::kNotSealed, "the state moved on meanwhile; ask again");
}

}  // namespace

StateVersion::StateVersion(std::unique_ptr<StateDelta> delta) : delta_(std::move(delta)) {}
StateVersion::~StateVersion() = default;

std::optional<Bytes> StateVersion::get(ByteView key) const {
    const StateBase& base = *delta_->base;
    if (!is_key(key)) {
        return std::nullopt;
    }
    std::optional<StatePlaceInLog> place;
    bool folded = false;
    {
        const std::shared_lock lock(base.mutex());
        folded = delta_->folded;
        if (!folded) {
            const ChainView view(*this);
            place = view.find(key);
            if (!place) {
                return std::nullopt;
            }
            if (const ByteView bytes = view.in_memory(place->offset); !bytes.empty()) {
                return value_in_memory(base, bytes);
            }
        }
    }
    if (folded) {
        auto value = value_in_history(base, key, height());
        if (!value) {
            stop_for_damage(base, value.error());
        }
        return *std::move(value);
    }
    return load_value(base, key, *place);
}

std::vector<std::pair<Bytes, Bytes>> StateVersion::scan(ByteView prefix, ByteView after,
                                                        std::size_t limit) const {
    auto found = try_scan(prefix, after, limit);
    SANQUAN_ASSERT(found.has_value());
    return *std::move(found);
}

std::optional<std::vector<std::pair<Bytes, Bytes>>> StateVersion::try_scan(
    ByteView prefix, ByteView after, std::size_t limit) const {
    const ReadPin pin(*delta_);
    if (!pin) {
        return std::nullopt;
    }
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
    return prove_pinned(*this, key, [&](const StateProver& prover) { return prover.held(key); });
}

Result<Bytes> StateVersion::prove_absent(ByteView key) const {
    return prove_pinned(*this, key, [&](const StateProver& prover) { return prover.absent(key); });
}

Result<Bytes> StateVersion::prove_held_at(ByteView key, Height at) const {
    return prove_pinned(*this, key,
                        [&](const StateProver& prover) { return prover.held_at(key, at); });
}

Result<Bytes> StateVersion::prove_absent_at(ByteView key, Height at) const {
    return prove_pinned(*this, key,
                        [&](const StateProver& prover) { return prover.absent_at(key, at); });
}

Result<std::optional<Bytes>> StateVersion::get_at(ByteView key, Height at) const {
    if (!is_key(key)) {
        return fail(Code::kBadLength, "not a state key");
    }
    const ReadPin pin(*delta_);
    if (pin) {
        return StateProver(*this).value_at(key, at);
    }
    return at > height() ? fail(Code::kNotFound, "that height lies ahead")
                         : value_in_history(*delta_->base, key, at);
}

}  // namespace sanquan
