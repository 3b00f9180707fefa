// What the invariants need to look at a whole state. Internal to contracts/invariants.
#pragma once

#include "contracts/invariants/whole_state.h"

namespace sanquan::contracts {

struct WholeState {
    const ReadView& view;
    const StateScan& scan;
};

// What is wrong, and at which key.
struct Flaw {
    Bytes key;
    std::string what;
};
using MaybeFlaw = std::optional<Flaw>;

// BOUND: memory of one page, 16 MiB with the largest values.
constexpr std::size_t kWalkPageRecords = 256;

// Calls visit(key, value) for every key that starts with `prefix`, in key order, until it returns a
// flaw.
template <typename Visit>
MaybeFlaw walk(const WholeState& state, ByteView prefix, Visit visit) {
    Bytes after;
    for (;;) {
        const auto page = state.scan(prefix, after, kWalkPageRecords);
        for (const auto& [key, value] : page) {
            if (MaybeFlaw flaw = visit(key, value)) {
                return flaw;
            }
        }
        if (page.size() < kWalkPageRecords) {
            return std::nullopt;
        }
        after = page.back().first;
    }
}

// Calls visit(key, id, record) for every record of the type that `prefix` ("grant/") names.
template <typename Record, typename Visit>
MaybeFlaw walk_records(const WholeState& state, ByteView prefix, Visit visit) {
    return walk(state, prefix, [&](const Bytes& key, const Bytes& value) -> MaybeFlaw {
        Record record;
        if (!record.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
            return Flaw{key, "does not parse"};
        }
        return visit(key, key.substr(prefix.size()), record);
    });
}

// As walk_records(), for checks that say themselves what is wrong with one id.
template <typename Check>
MaybeFlaw walk_ids(const WholeState& state, ByteView prefix, Check check) {
    return walk(state, prefix, [&](const Bytes& key, const Bytes& /*value*/) -> MaybeFlaw {
        if (auto what = check(key.substr(prefix.size()))) {
            return Flaw{key, *std::move(what)};
        }
        return std::nullopt;
    });
}

}  // namespace sanquan::contracts
