#include "ledger/state/touch_plan.h"

#include <algorithm>
#include <map>

#include "ledger/base/assert.h"
#include "ledger/base/limits.h"

namespace sanquan {

ByteView TouchPlan::keep(Bytes bytes) { return kept_.emplace_back(std::move(bytes)); }

const Touch* TouchPlan::find(ByteView key) const {
    const auto at =
        std::lower_bound(touches_.begin(), touches_.end(), key,
                         [](const Touch& touch, ByteView wanted) { return touch.key < wanted; });
    return at != touches_.end() && at->key == key ? &*at : nullptr;
}

Status TouchPlan::make(const StateWrites& writes) {
    classify(writes);
    if (structural_ > 0) {
        SANQUAN_TRY(add_predecessors());
    }
    link();
    return {};
}

void TouchPlan::classify(const StateWrites& writes) {
    touches_.reserve(writes.size());
    for (const auto& [key, value] : writes) {
        SANQUAN_ASSERT(!key.empty() && key.size() <= limits::kStateKeyBytesMax);
        Touch touch;
        touch.key = key;
        touch.old = parent_.find(key);
        if (value) {
            SANQUAN_ASSERT(value->size() <= limits::kStateValueBytesMax);
            touch.value = *value;
            touch.act = touch.old ? TouchAct::kUpdate : TouchAct::kCreate;
        } else if (touch.old) {
            touch.act = TouchAct::kDelete;
        } else {
            continue;
        }
        structural_ += touch.act == TouchAct::kUpdate ? 0U : 1U;
        touches_.push_back(touch);
    }
}

// Finds, for every created or deleted key, the greatest key below it that is present after the
// block.
Status TouchPlan::add_predecessors() {
    std::map<ByteView, Touch> relinks;
    std::map<ByteView, ByteView> before_deleted;  // deleted key to its predecessor after the block
    ByteView last_present;                        // greatest written and present key so far
    for (const Touch& touch : touches_) {
        if (touch.act != TouchAct::kUpdate) {
            ByteView before = keep(parent_.before(touch.key));
            if (const auto deleted = before_deleted.find(before); deleted != before_deleted.end()) {
                before = deleted->second;
            }
            before = std::max(before, last_present);
            if (touch.act == TouchAct::kDelete) {
                before_deleted[touch.key] = before;
            }
            if (find(before) == nullptr && !relinks.contains(before)) {
                Touch relink;
                relink.act = TouchAct::kRelink;
                relink.key = before;
                SANQUAN_TRY(load_relink(relink));
                relinks.emplace(before, relink);
            }
        }
        if (touch.act != TouchAct::kDelete) {
            last_present = touch.key;
        }
    }
    for (const auto& [key, relink] : relinks) {
        touches_.push_back(relink);
    }
    std::sort(touches_.begin(), touches_.end(),
              [](const Touch& left, const Touch& right) { return left.key < right.key; });
    return {};
}

Status TouchPlan::load_relink(Touch& touch) {
    touch.old = parent_.find(touch.key);
    SANQUAN_ASSERT(touch.old.has_value());
    const auto copy = [&](const LogEntry& entry) {
        touch.value = keep(Bytes(entry.value));
        touch.since = entry.head.since;
    };
    if (const ByteView bytes = parent_.in_memory(touch.old->offset); !bytes.empty()) {
        SANQUAN_TRY_ASSIGN(const LogEntry entry, parse_log_entry(bytes));
        copy(entry);
        return {};
    }
    SANQUAN_TRY_ASSIGN(const auto owned, load_entry(parent_.base().log(), touch.old->offset));
    if (owned->entry.head.key != touch.key) {
        return fail(Code::kCorrupt, "the key index and the state log disagree");
    }
    copy(owned->entry);
    return {};
}

// Gives every present touched key its successor after the block; from the last key down, so that a
// run of deleted keys is stepped over once.
void TouchPlan::link() {
    std::map<ByteView, ByteView> after_deleted;  // deleted key to its successor after the block
    ByteView created;                            // smallest created key so far; empty: none
    for (auto touch = touches_.rbegin(); touch != touches_.rend(); ++touch) {
        ByteView next;
        if (std::optional<Bytes> after = parent_.after(touch->key)) {
            next = keep(*std::move(after));
            if (const auto deleted = after_deleted.find(next); deleted != after_deleted.end()) {
                next = deleted->second;
            }
        }
        if (!created.empty() && (next.empty() || created < next)) {
            next = created;
        }
        if (touch->act == TouchAct::kDelete) {
            after_deleted[touch->key] = next;
        } else {
            touch->next_key = next;
        }
        if (touch->act == TouchAct::kCreate) {
            created = touch->key;
        }
    }
}

}  // namespace sanquan
