#include "node/net/penalty_box.h"

#include <algorithm>

namespace sanquan::node {

PenaltyBox::Clock::duration PenaltyBox::punish(const SpkiHash& key, Clock::time_point now) {
    Penalty& penalty = penalties_[key];
    if (penalty.length == Clock::duration::zero() || now >= penalty.over + kForgotten) {
        penalty.length = kFirst;
    } else if (now < penalty.over) {
        return penalty.over - now;  // it is away already: the same connection, reported again
    } else {
        penalty.length = std::min<Clock::duration>(2 * penalty.length, kLast);
    }
    penalty.over = now + penalty.length;
    return penalty.length;
}

PenaltyBox::Clock::duration PenaltyBox::remaining(const SpkiHash& key,
                                                  Clock::time_point now) const {
    const auto found = penalties_.find(key);
    return found == penalties_.end() || now >= found->second.over ? Clock::duration::zero()
                                                                  : found->second.over - now;
}

}  // namespace sanquan::node
