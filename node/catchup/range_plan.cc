#include "node/catchup/range_plan.h"

#include <algorithm>
#include <tuple>

#include "ledger/base/limits.h"

namespace sanquan::node {
namespace {

constexpr std::uint32_t kFaultsMax = 1'000;

}  // namespace

RangePlan::Peer& RangePlan::peer(const SpkiHash& key) {
    // BOUND: only pinned peers are asked, but pins change.
    if (peers_.size() >= 4 * limits::kValidatorsMax && !peers_.contains(key)) {
        peers_.erase(peers_.begin());
    }
    return peers_[key];
}

RangePlan::Peer RangePlan::known(const SpkiHash& key) const {
    const auto found = peers_.find(key);
    return found == peers_.end() ? Peer{} : found->second;
}

void RangePlan::begin(Height head) {
    for (auto& [key, peer] : peers_) {
        if (peer.claim && *peer.claim <= head) {
            peer.claim.reset();
        }
    }
}

bool RangePlan::is_known(Height height) const {
    return std::any_of(peers_.begin(), peers_.end(), [&](const auto& one) {
        return one.second.claim && *one.second.claim >= height;
    });
}

bool RangePlan::is_busy(const SpkiHash& key) const {
    return std::any_of(requests_.begin(), requests_.end(),
                       [&](const auto& request) { return request.key == key; });
}

std::size_t RangePlan::on_time() const {
    return static_cast<std::size_t>(
        std::count_if(requests_.begin(), requests_.end(),
                      [](const auto& request) { return !request.is_overdue; }));
}

std::optional<RangePlan::Request> RangePlan::gap(Height head, const std::vector<Span>& held) const {
    std::vector<Span> covered = held;
    for (const Request& request : requests_) {
        if (!request.is_overdue) {
            covered.push_back({request.first, Height{request.first.value + request.count - 1}});
        }
    }
    std::sort(covered.begin(), covered.end(),
              [](const Span& a, const Span& b) { return a.first < b.first; });
    Request wanted;
    wanted.first = head.next();
    wanted.count = kRangeBlocks;
    for (const Span& span : covered) {
        if (span.first > wanted.first) {
            // What stands above it cannot be used before: asked for however much is held.
            wanted.count = static_cast<std::uint32_t>(
                std::min<std::uint64_t>(kRangeBlocks, span.first.value - wanted.first.value));
            return wanted;
        }
        wanted.first = std::max(wanted.first, span.last.next());
    }
    // BOUND: far ahead of the head nothing is fetched.
    if (held.size() >= kHeldMax) {
        return std::nullopt;
    }
    // One request at a time finds out how far the others are; more go out once somebody named the height.
    if (on_time() > 0 && !is_known(wanted.first)) {
        return std::nullopt;
    }
    return wanted;
}

std::optional<RangePlan::Request> RangePlan::next(Height head, const std::vector<Span>& held,
                                                  const std::vector<PeerInfo>& peers) const {
    auto wanted = on_time() < kRequestsMax ? gap(head, held) : std::nullopt;
    if (!wanted) {
        return std::nullopt;
    }
    // The fewest faults, then whoever was asked longest ago.
    const PeerInfo* best = nullptr;
    Peer best_known;
    for (const PeerInfo& info : peers) {
        const Peer known_peer = known(info.key);
        const bool may_have = !known_peer.claim || *known_peer.claim >= wanted->first;
        if (info.pinned && may_have && !is_busy(info.key) &&
            (best == nullptr || std::tie(known_peer.faults, known_peer.turn) <
                                    std::tie(best_known.faults, best_known.turn))) {
            best = &info;
            best_known = known_peer;
        }
    }
    if (best == nullptr) {
        return std::nullopt;
    }
    wanted->count = std::min(wanted->count, best_known.count);
    for (const Request& request : requests_) {
        // What is late because the link is slow must not be asked for as a whole again.
        if (request.is_overdue && request.first == wanted->first) {
            wanted->count = std::min(wanted->count, std::max(1U, request.count / 2));
        }
    }
    wanted->peer = best->number;
    wanted->key = best->key;
    wanted->received = best->received;
    return wanted;
}

void RangePlan::asked(const Request& request, Clock::time_point now) {
    requests_.push_back(request);
    requests_.back().asked = now;
    requests_.back().arrived = now;
    peer(request.key).turn = ++turns_;
}

bool RangePlan::ask(Height head, const std::vector<Span>& held, std::vector<PeerInfo> peers,
                    const std::function<bool(const Request&)>& send, Clock::time_point now) {
    bool is_sent = true;
    while (const auto request = next(head, held, peers)) {
        if (send(*request)) {
            asked(*request, now);
            continue;
        }
        is_sent = false;
        peer(request->key).turn = ++turns_;
        std::erase_if(peers, [&](const PeerInfo& info) { return info.key == request->key; });
    }
    return is_sent;
}

std::optional<RangePlan::Request> RangePlan::answered(PeerNumber from, Height first) {
    const auto found = std::find_if(requests_.begin(), requests_.end(), [&](const auto& request) {
        return request.peer == from && request.first == first;
    });
    if (found == requests_.end()) {
        return std::nullopt;
    }
    const Request request = *found;
    requests_.erase(found);
    return request;
}

void RangePlan::late(Clock::time_point now, const std::vector<PeerInfo>& peers) {
    for (Request& request : requests_) {
        for (const PeerInfo& info : peers) {
            if (info.number == request.peer && info.received >= request.received + kArrivingBytes) {
                request.received = info.received;
                request.arrived = now;
            }
        }
        if (!request.is_overdue && now - request.asked > kAnswerLimit) {
            request.is_overdue = true;
            blame(request.key);
            Peer& slow = peer(request.key);
            slow.count = std::max(1U, slow.count / 2);
            // It may be slow, so that it is asked again, but what it claimed is no longer taken for known.
            slow.claim.reset();
        }
    }
    std::erase_if(requests_, [&](const Request& request) {
        return now - request.arrived > kAnswerLimit || now - request.asked > kArrivalLimit;
    });
}

void RangePlan::delivered(const Request& request, const Delivery& delivery, Clock::time_point now) {
    Peer& from = peer(request.key);
    // BOUND: a claim that is a lie costs one empty answer, of the peer that made it.
    from.claim = std::max(delivery.finalized, request.first);
    const Height last{request.first.value + delivery.blocks - 1};
    const bool is_slow = now - request.asked > kSlowAnswer;
    const bool is_short = delivery.blocks < request.count && delivery.bytes < kRangeBytes &&
                          last < delivery.finalized;
    if (request.is_overdue) {
        return;  // has had its fault
    }
    if (is_slow || is_short) {
        blame(request.key);
    } else {
        from.faults -= std::min(from.faults, 1U);
        from.count = std::min(kRangeBlocks, 2 * from.count);
    }
}

void RangePlan::not_delivered(const Request& request) {
    // Heights that only others named are no fault of this one.
    const auto claim = known(request.key).claim;
    if (claim && *claim >= request.first) {
        blame(request.key);
    }
    peer(request.key).claim = Height{request.first.value - 1};
}

void RangePlan::blame(const SpkiHash& key) {
    std::uint32_t& faults = peer(key).faults;
    faults = std::min(faults + 1, kFaultsMax);
}

}  // namespace sanquan::node
