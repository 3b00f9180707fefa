#include "ledger/state/overlay.h"

#include "ledger/base/assert.h"
#include "ledger/base/limits.h"

namespace sanquan {

std::optional<Bytes> Overlay::get(ByteView key) const {
    const auto found = writes_.find(key);
    return found == writes_.end() ? parent_.get(key) : found->second;
}

void Overlay::put(ByteView key, Bytes value) {
    SANQUAN_ASSERT(value.size() <= limits::kStateValueBytesMax);
    write(key, std::move(value));
}

void Overlay::erase(ByteView key) { write(key, std::nullopt); }

void Overlay::write(ByteView key, std::optional<Bytes> value) {
    SANQUAN_ASSERT(!key.empty() && key.size() <= limits::kStateKeyBytesMax);
    const auto found = writes_.lower_bound(key);
    const bool written = found != writes_.end() && found->first == key;
    if (!savepoints_.empty()) {
        journal_.push_back(
            {Bytes(key), written, written ? std::move(found->second) : std::nullopt});
    }
    if (written) {
        found->second = std::move(value);
    } else {
        writes_.emplace_hint(found, Bytes(key), std::move(value));
    }
}

void Overlay::begin() { savepoints_.push_back(journal_.size()); }

void Overlay::commit() {
    SANQUAN_ASSERT(!savepoints_.empty());
    savepoints_.pop_back();
    if (savepoints_.empty()) {
        journal_.clear();
    }
}

void Overlay::rollback() {
    SANQUAN_ASSERT(!savepoints_.empty());
    for (; journal_.size() > savepoints_.back(); journal_.pop_back()) {
        Undo& undo = journal_.back();
        const auto found = writes_.find(undo.key);
        SANQUAN_ASSERT(found != writes_.end());
        if (undo.was_written) {
            found->second = std::move(undo.value);
        } else {
            writes_.erase(found);
        }
    }
    savepoints_.pop_back();
}

std::set<Bytes> Overlay::touched() const {
    std::set<Bytes> keys;
    if (savepoints_.empty()) {
        for (const auto& [key, value] : writes_) {
            keys.insert(keys.end(), key);
        }
        return keys;
    }
    for (std::size_t i = savepoints_.back(); i < journal_.size(); ++i) {
        keys.insert(journal_[i].key);
    }
    return keys;
}

std::optional<Bytes> Overlay::before(ByteView key) const {
    if (savepoints_.empty()) {
        return parent_.get(key);
    }
    for (std::size_t i = savepoints_.back(); i < journal_.size(); ++i) {
        if (journal_[i].key == key) {
            return journal_[i].was_written ? journal_[i].value : parent_.get(key);
        }
    }
    return get(key);
}

}  // namespace sanquan
