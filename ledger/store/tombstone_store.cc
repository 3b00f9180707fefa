#include "ledger/store/tombstone_store.h"

#include "ledger/proof/big_endian.h"

namespace sanquan {
namespace {

constexpr std::string_view kKeyEnd("\0\1", 2);

Bytes escape(ByteView key) {
    Bytes out;
    for (const char c : key) {
        out.push_back(c);
        if (c == 0) {
            out.push_back('\xff');
        }
    }
    return out;
}

Bytes record_key(ByteView key, std::uint64_t height) {
    Bytes out = escape(key);
    out.append(kKeyEnd);
    append_u64(out, height);
    return out;
}

// The state key of a record's key; kCorrupt.
Result<Bytes> unescape(ByteView record) {
    Bytes key;
    for (std::size_t i = 0; i + 1 < record.size(); ++i) {
        if (record[i] != 0) {
            key.push_back(record[i]);
            continue;
        }
        if (record[i + 1] == '\1' && record.size() == i + 2 + 8) {
            return key;
        }
        if (record[i + 1] != '\xff') {
            break;
        }
        key.push_back('\0');
        ++i;
    }
    return fail(Code::kCorrupt, "a tombstone record has a damaged key");
}

Result<StatePlaceInLog> parse_place(ByteView value) {
    if (value.size() != 16) {
        return fail(Code::kCorrupt, "a tombstone record has a damaged value");
    }
    return StatePlaceInLog{load_u64(value), load_u64(value.substr(8))};
}

}  // namespace

Result<std::optional<StatePlaceInLog>> find_tombstone(const KvStore& kv, ByteView key,
                                                      Height height) {
    SANQUAN_TRY_ASSIGN(const std::optional<Bytes> value, kv.get(record_key(key, height.value)));
    if (!value) {
        return std::optional<StatePlaceInLog>();
    }
    SANQUAN_TRY_ASSIGN(const StatePlaceInLog place, parse_place(*value));
    return std::optional(place);
}

void TombstoneStore::add(ByteView key, Height height, StatePlaceInLog place) {
    Bytes value;
    append_u64(value, place.position);
    append_u64(value, place.offset);
    added_.put(record_key(key, height.value), value);
}

Status TombstoneStore::write() {
    if (added_.empty()) {
        return {};
    }
    SANQUAN_TRY(kv_->write(added_, /*sync=*/false));
    unsynced_.push_back(std::exchange(added_, {}));
    return {};
}

Status TombstoneStore::sync() {
    // LevelDB may have turned to a new log file since an unsynced write, so a later synced write
    // does not cover it: everything is written again.
    KvBatch all;
    for (const KvBatch& batch : unsynced_) {
        for (const KvBatch::Item& item : batch.items()) {
            all.put(item.key, item.value);
        }
    }
    if (!all.empty()) {
        SANQUAN_TRY(kv_->write(all, /*sync=*/true));
    }
    unsynced_.clear();
    return {};
}

Result<std::optional<StatePlaceInLog>> TombstoneStore::first_after(ByteView key, Height at) const {
    KvRange range;
    range.prefix = escape(key) + Bytes(kKeyEnd);
    range.after = record_key(key, at.value);
    range.limit = 1;
    SANQUAN_TRY_ASSIGN(const auto found, kv_->scan(range));
    if (found.empty()) {
        return std::optional<StatePlaceInLog>();
    }
    SANQUAN_TRY_ASSIGN(const StatePlaceInLog place, parse_place(found.front().second));
    return std::optional(place);
}

Result<std::optional<Bytes>> TombstoneStore::key_before(ByteView key) const {
    KvRange range;
    range.after = record_key(key, 0);
    range.limit = 1;
    range.backward = true;
    SANQUAN_TRY_ASSIGN(const auto found, kv_->scan(range));
    if (found.empty()) {
        return std::optional<Bytes>();
    }
    SANQUAN_TRY_ASSIGN(Bytes state_key, unescape(found.front().first));
    return std::optional(std::move(state_key));
}

}  // namespace sanquan
