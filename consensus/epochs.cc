// Hand-over: one replica, one epoch at a time (SPEC 10.3-10.5). The old epoch's state is replaced,
// not kept beside the new one, so that no second engine can sign for it (S13).
#include "consensus/core.h"

namespace sanquan::consensus {

void Replica::Core::on(const EpochStarted& event) {
    if (event.info.epoch <= info_.epoch) {
        return;
    }
    SANQUAN_ASSERT(check_config(pacemaker_.timing(), event.info).has_value());
    enter_epoch(event.info);
    // Records of this epoch that were in the log at start: the store was behind the log.
    const auto records = std::exchange(later_records_, {});
    for (const Record& record : records) {
        if (position_of(record).epoch == info_.epoch) {
            halted_ = halted_ || !apply(record).has_value();
        } else if (position_of(record).epoch > info_.epoch) {
            later_records_.push_back(record);
        }
    }
    raise_view();
    if (info_.own && !has_log_) {
        begin_abstaining();  // a follower without a vote log got a seat: who knows what it signed before
    }
    resume();
}

void Replica::Core::enter_epoch(const EpochInfo& info) {
    info_ = info;
    views_.clear();
    blocks_.clear();
    uncommitted_.clear();
    reports_.clear();
    nonce_.reset();
    nonce_asked_ = false;
    recovery_durable_ = false;
    epoch_finished_ = false;
    finalized_durable_ = false;
    finalized_ = {View{}, info.base, info.base_height, /*boundary=*/false, std::nullopt};
    committed_ = finalized_;
    BlockState& base = blocks_.entry(info.base);
    base.facts =
        BlockFacts{info.epoch, View{}, info.base_height, BlockDigest{}, /*boundary=*/false};
    base.executed = true;
    view_ = View{1};
    pacemaker_.enter_epoch();
    enter_view(View{1});
}

}  // namespace sanquan::consensus
