#include "ledger/state/delta_writer.h"

#include <algorithm>

#include "ledger/base/assert.h"
#include "ledger/state/record_format.h"

namespace sanquan {

DeltaWriter::DeltaWriter(const ChainView& parent, Height height)
    : parent_(parent), hasher_(parent.base().hasher()), delta_(std::make_unique<StateDelta>()) {
    delta_->base = &parent.base();
    delta_->tip = parent.tip();
    delta_->tip.height = height;
    delta_->record_offset = parent.tip().end_offset;
    delta_->record.assign(kRecordHeaderBytes + kStateBodyHeadBytes, '\0');
}

TwigState& DeltaWriter::twig(std::uint64_t number) {
    const auto found = delta_->twigs.find(number);
    return found != delta_->twigs.end()
               ? found->second
               : delta_->twigs.emplace(number, parent_.twig(number)).first->second;
}

bool DeltaWriter::is_current(std::uint64_t position) const {
    const auto found = delta_->twigs.find(twig_of(position));
    return found != delta_->twigs.end() ? bit(found->second.bitmap, slot_of(position))
                                        : parent_.is_current(position);
}

void DeltaWriter::append(EntryHead head, ByteView value,
                         const std::optional<StatePlaceInLog>& old) {
    StateTip& tip = delta_->tip;
    Bytes& record = delta_->record;
    head.previous = old ? old->position : kNoPosition;
    const StatePlaceInLog place{tip.entries, delta_->record_offset + record.size()};
    const HeadRange range = append_log_entry(record, head, value, old ? old->offset : kNoOffset);
    const ByteView head_bytes = ByteView(record).substr(range.at, range.bytes);
    constexpr std::size_t kKeyAt = 1 + 8 + 8 + 8 + 1;  // within the head
    const bool alive = head.kind == EntryKind::kValue;
    keys_.push_back({range.at + kKeyAt, head.key.size(), place, alive});

    if (slot_of(place.position) == 0) {
        tip.tail.clear();
        tail_twig_ = &delta_->twigs[twig_of(place.position)];
        tail_twig_->start = delta_->record_offset;
    } else if (tail_twig_ == nullptr) {
        tail_twig_ = &twig(twig_of(place.position));
    }
    tip.tail.push(hasher_, hasher_.leaf(head_bytes, hasher_.value(value)));
    if (tip.tail.full()) {
        tail_twig_->leaves = tip.tail.root(hasher_);
    }
    ++tip.entries;
    if (alive) {
        set_bit(tail_twig_->bitmap, slot_of(place.position), true);
        ++tip.live;
    }
    if (old) {
        set_bit(twig(twig_of(old->position)).bitmap, slot_of(old->position), false);
        --tip.live;
    }
}

std::unique_ptr<StateDelta> DeltaWriter::finish() {
    StateTip& tip = delta_->tip;
    Bytes& record = delta_->record;
    if (!keys_.empty()) {
        tail_twig_->leaves = tip.tail.root(hasher_);
        hash_twigs();
        hash_upper();
        const std::uint32_t depth = upper_depth(twig_count(tip.entries));
        tip.root = hasher_.root(tip.entries, tip.floor.position, upper(depth, 0));
    } else {
        delta_->twigs.clear();
    }
    SANQUAN_ASSERT(tip.floor.position < tip.entries);
    store_body_head(record.data() + kRecordHeaderBytes,
                    {tip.height, parent_.tip().entries, static_cast<std::uint32_t>(keys_.size()),
                     tip.floor.position, tip.root});
    seal_record(record, tip.records, kNoSalt);  // the log gives the salt
    ++tip.records;
    tip.end_offset = delta_->record_offset + record.size();

    delta_->keys.reserve(keys_.size());
    for (const PendingKey& pending : keys_) {
        delta_->keys.push_back({ByteView(record).substr(pending.key_at, pending.key_bytes),
                                pending.place, pending.alive});
    }
    std::sort(delta_->keys.begin(), delta_->keys.end(),
              [](const KeyChange& left, const KeyChange& right) { return left.key < right.key; });
    return std::move(delta_);
}

void DeltaWriter::hash_twigs() {
    UpperChanges& changes = delta_->upper.emplace_back();
    changes.reserve(delta_->twigs.size());
    for (const auto& [number, state] : delta_->twigs) {
        changes.emplace_back(number, hasher_.twig(state.leaves, state.bitmap));
    }
}

void DeltaWriter::hash_upper() {
    const std::uint32_t depth = upper_depth(twig_count(delta_->tip.entries));
    delta_->upper.reserve(depth + 1U);
    for (std::uint32_t level = 0; level < depth; ++level) {
        UpperChanges parents;
        const UpperChanges& children = delta_->upper[level];
        for (std::size_t i = 0; i < children.size(); ++i) {
            const std::uint64_t index = children[i].first / 2;
            const bool pair = i + 1 < children.size() && children[i + 1].first == 2 * index + 1;
            const Digest left =
                children[i].first == 2 * index ? children[i].second : upper(level, 2 * index);
            const Digest right = pair                                 ? children[i + 1].second
                                 : children[i].first == 2 * index + 1 ? children[i].second
                                                                      : upper(level, 2 * index + 1);
            parents.emplace_back(index, hasher_.upper(left, right));
            i += pair ? 1U : 0U;
        }
        delta_->upper.push_back(std::move(parents));
    }
}

Digest DeltaWriter::upper(std::uint32_t level, std::uint64_t index) const {
    if (level < delta_->upper.size()) {
        const UpperChanges& changes = delta_->upper[level];
        const auto at = std::lower_bound(
            changes.begin(), changes.end(), index,
            [](const auto& change, std::uint64_t wanted) { return change.first < wanted; });
        if (at != changes.end() && at->first == index) {
            return at->second;
        }
    }
    return parent_.upper(level, index);
}

}  // namespace sanquan
