#include "node/catchup/range_plan.h"

#include <algorithm>

#include "ledger/base/limits.h"

namespace sanquan::node {
namespace {

constexpr std::uint32_t kFaultsMax = 1'000;

}  // namespace

void RangePlan::begin(Height head) {
    std::erase_if(claims_, [&](const auto& claim) { return claim.second <= head; });
}

bool RangePlan::may_have(const SpkiHash& key, Height height) const {
    const auto claim = claims_.find(key);
    return claim == claims_.end() || claim->second >= height;
}

bool RangePlan::is_known(Height height) const {
    return std::any_of(claims_.begin(), claims_.end(),
                       [&](const auto& claim) { return claim.second >= height; });
}

std::optional<RangePlan::Request> RangePlan::gap(Height head, const std::vector<Span>& held) const {
    std::vector<Span> covered = held;
    for (const Request& request : requests_) {
        covered.push_back({request.first, Height{request.first.value + request.count - 1}});
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
    if (!requests_.empty() && !is_known(wanted.first)) {
        return std::nullopt;
    }
    return wanted;
}

std::optional<RangePlan::Request> RangePlan::next(Height head, const std::vector<Span>& held,
                                                  const std::vector<PeerInfo>& peers) const {
    auto wanted = requests_.size() < kRequestsMax ? gap(head, held) : std::nullopt;
    if (!wanted) {
        return std::nullopt;
    }
    const PeerInfo* best = nullptr;
    for (const PeerInfo& peer : peers) {
        const bool busy = std::any_of(requests_.begin(), requests_.end(),
                                      [&](const auto& request) { return request.key == peer.key; });
        if (peer.pinned && !busy && may_have(peer.key, wanted->first) &&
            (best == nullptr || faults(peer.key) < faults(best->key))) {
            best = &peer;
        }
    }
    if (best == nullptr) {
        return std::nullopt;
    }
    wanted->peer = best->number;
    wanted->key = best->key;
    return wanted;
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

void RangePlan::late(Clock::time_point now) {
    std::erase_if(requests_, [&](const Request& request) {
        if (now - request.asked <= kAnswerLimit) {
            return false;
        }
        blame(request.key);
        // It may be slow, so that it is asked again, but what it claimed is no longer taken for known.
        claims_.erase(request.key);
        return true;
    });
}

void RangePlan::delivered(const Request& request, Height finalized) {
    // BOUND: a claim that is a lie costs one empty answer, of the peer that made it.
    claims_[request.key] = std::max(finalized, request.first);
}

void RangePlan::not_delivered(const Request& request) {
    // Heights that only others named are no fault of this one.
    const auto claim = claims_.find(request.key);
    if (claim != claims_.end() && claim->second >= request.first) {
        blame(request.key);
    }
    claims_[request.key] = Height{request.first.value - 1};
}

void RangePlan::blame(const SpkiHash& key) {
    std::uint32_t& faults = faults_[key];
    faults = std::min(faults + 1, kFaultsMax);
    if (faults_.size() > 4 * limits::kValidatorsMax) {
        faults_.erase(faults_.begin());
    }
}

std::uint32_t RangePlan::faults(const SpkiHash& key) const {
    const auto found = faults_.find(key);
    return found == faults_.end() ? 0U : found->second;
}

}  // namespace sanquan::node
