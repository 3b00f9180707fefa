#include "ledger/state/state_builder.h"

#include <algorithm>

#include "ledger/base/assert.h"
#include "ledger/state/chain_view.h"
#include "ledger/state/delta_writer.h"
#include "ledger/state/touch_plan.h"

namespace sanquan {
namespace {

void append_touched(const std::vector<Touch>& touches, DeltaWriter& writer) {
    for (const Touch& touch : touches) {
        EntryHead head;
        head.kind = touch.act == TouchAct::kDelete ? EntryKind::kTombstone : EntryKind::kValue;
        head.height = writer.height();
        head.since = touch.act == TouchAct::kRelink ? touch.since : writer.height();
        head.key = touch.key;
        head.next_key = touch.next_key;
        writer.append(head, touch.value, touch.old);
    }
}

// Bounded growth: moves the oldest current entries to the end of the log.
Status move_floor(const ChainView& parent, DeltaWriter& writer) {
    const std::uint64_t appended = writer.appended();
    std::uint64_t moves = appended * parent.base().environment().reappends_per_entry;
    std::uint64_t steps = appended * kFloorStepsPerEntry;
    LogWalk walk(parent.reader(), parent.tip().floor);
    // Entries of this very block are never reached: the walk stops at the parent's end.
    while (steps > 0 && walk.at().position < parent.tip().entries &&
           writer.entries() - walk.at().position > std::max(2 * writer.live(), kFloorLengthMin)) {
        --steps;
        if (!writer.is_current(walk.at().position)) {
            SANQUAN_TRY(walk.skip());
            continue;
        }
        if (moves == 0) {
            break;
        }
        --moves;
        SANQUAN_TRY_ASSIGN(const LogEntry entry, walk.entry());
        EntryHead head = entry.head;
        head.height = writer.height();
        writer.append(head, entry.value, StatePlaceInLog{walk.at().position, walk.at().offset});
        walk.advance();
    }
    writer.set_floor(walk.at());
    return {};
}

}  // namespace

Result<std::unique_ptr<StateDelta>> build_delta(const StateVersion& parent, Height height,
                                                const StateWrites& writes) {
    const ChainView view(parent);
    SANQUAN_ASSERT(height > view.tip().height || view.tip().entries == 1);
    DeltaWriter writer(view, height);
    TouchPlan plan(view);
    SANQUAN_TRY(plan.make(writes));
    append_touched(plan.touches(), writer);
    SANQUAN_TRY(move_floor(view, writer));
    return writer.finish();
}

}  // namespace sanquan
