// Typed reading and writing of state records (ledger/codec/state_*.proto).
//
// Stored bytes are canonical because store() alone makes them; the state root covers them, so
// load() treats bytes that do not parse as a broken replica, not as input.
#pragma once

#include <optional>

#include "ledger/base/assert.h"
#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/state/overlay.h"

namespace sanquan::contracts {

// The record at `key`. A key longer than the limit, made from input, names nothing.
template <typename Record>
std::optional<Record> load(const ReadView& view, ByteView key) {
    if (key.size() > limits::kStateKeyBytesMax) {
        return std::nullopt;
    }
    const std::optional<Bytes> bytes = view.get(key);
    if (!bytes) {
        return std::nullopt;
    }
    std::optional<Record> record(std::in_place);
    SANQUAN_ASSERT(record->ParseFromArray(bytes->data(), static_cast<int>(bytes->size())));
    return record;
}

// The record at `key`, which an earlier gate has seen there.
template <typename Record>
Record load_existing(const ReadView& view, ByteView key) {
    std::optional<Record> record = load<Record>(view, key);
    SANQUAN_ASSERT(record.has_value());
    return std::move(*record);
}

inline bool exists(const ReadView& view, ByteView key) {
    return key.size() <= limits::kStateKeyBytesMax && view.get(key).has_value();
}

template <typename Record>
void store(Overlay& overlay, ByteView key, const Record& record) {
    overlay.put(key, encode(record));
}

}  // namespace sanquan::contracts
