#include "node/catchup/catch_up.h"

#include <algorithm>

#include "ledger/base/limits.h"
#include "node/executor/block_rules.h"
#include "node/log.h"

namespace sanquan::node {
namespace {

// Hints come with every message of a lying validator; each beginning may ask every peer once.
constexpr auto kBeginEvery = std::chrono::milliseconds(200);

}  // namespace

void CatchUp::begin() {
    const auto now = Clock::now();
    active_ = true;
    again_ = now < begun_ + kBeginEvery;
    if (again_) {
        return;  // on_tick() does it
    }
    begun_ = now;
    plan_.begin(parts_.executor.head()->height());
    ask_more();
}

std::vector<RangePlan::Span> CatchUp::held() const {
    std::vector<RangePlan::Span> spans;
    if (appending_) {
        spans.push_back(*appending_);
    }
    for (const auto& [first, range] : ready_) {
        spans.push_back({first, range.blocks.back()->header.height});
    }
    return spans;
}

void CatchUp::ask_more() {
    const auto send = [this](const RangePlan::Request& request) {
        return parts_.network.send(
            request.peer, Lane::kCatchUp,
            encode_peer_message(FetchRangeMessage{request.first, request.count}));
    };
    const bool is_sent = plan_.ask(parts_.executor.head()->height(), held(),
                                   parts_.network.connected(), send, Clock::now());
    // What could not be sent is tried again on a tick.
    active_ = !is_sent || plan_.waiting() || !ready_.empty() || appending_ || again_;
}

Result<CatchUp::Range> CatchUp::check(const RangeMessage& message) const {
    Range range;
    BlockDigest previous;
    for (const Bytes& raw : message.blocks) {
        SANQUAN_TRY_ASSIGN(auto block, decode_whole_block(raw, parts_.chain));
        const bool first = range.blocks.empty();
        if (block.header.height.value != message.first.value + range.blocks.size() ||
            (!first && block.header.parent != previous)) {
            return fail(Code::kBlockInvalid, "the blocks of a range do not follow each other");
        }
        previous = block.digest;
        range.last = block.header;
        range.blocks.push_back(std::make_shared<const Block>(std::move(block)));
    }
    for (const Bytes& bytes : message.headers) {
        SANQUAN_TRY_ASSIGN(const BlockHeader header, decode_header(bytes));
        if (header.parent != previous) {
            return fail(Code::kBlockInvalid, "the headers of a range do not follow its blocks");
        }
        previous = block_digest(parts_.chain, bytes);
        range.last = header;
    }
    range.certificate = *message.certificate;
    const consensus::Vote& subject = range.certificate.subject;
    if (subject.kind != consensus::VoteKind::kFinalize || subject.digest != previous) {
        return fail(Code::kCertificateInvalid, "it does not finalize the end of the range");
    }
    SANQUAN_TRY(parts_.verifier.check(range.certificate));
    return range;
}

void CatchUp::on_range(PeerNumber from, RangeMessage message) {
    const auto request = plan_.answered(from, message.first);
    if (!request) {
        return;
    }
    if (message.blocks.empty()) {
        plan_.not_delivered(*request);
        ask_more();
        return;
    }
    auto range = check(message);
    if (!range || message.blocks.size() > request->count) {
        log(LogLevel::kWarn, "range_refused",
            {{"first", message.first},
             {"why", range ? "more blocks than asked for" : to_string(range.error())}});
        plan_.blame(request->key);
        plan_.not_delivered(*request);
        ask_more();
        return;
    }
    RangePlan::Delivery delivery{message.blocks.size(), 0, message.finalized};
    for (const Bytes& block : message.blocks) {
        delivery.bytes += block.size();
    }
    plan_.delivered(*request, delivery, Clock::now());
    const Height head = parts_.executor.head()->height();
    // BOUND: what comes late may lie beside what somebody else sent meanwhile.
    if (!request->is_overdue || request->first <= head.next() ||
        ready_.size() < RangePlan::kHeldMax) {
        ready_[request->first] = std::move(*range);
    }
    append_next();
    ask_more();
}

void CatchUp::append_next() {
    const Height head = parts_.executor.head()->height();
    std::erase_if(
        ready_, [&](const auto& item) { return item.second.blocks.back()->header.height <= head; });
    if (appending_ || ready_.empty()) {
        return;
    }
    const auto first = ready_.begin();
    if (first->first > head.next()) {
        return;  // the range between is still on its way
    }
    auto range = std::make_shared<Range>(std::move(first->second));
    appending_ = {first->first, range->blocks.back()->header.height};
    ready_.erase(first);
    parts_.executor.append_certified(
        range->blocks, encode_certificate(range->certificate), [this, range](Status status) {
            parts_.post([this, range, status] { on_appended(*range, status); });
        });
}

void CatchUp::on_appended(const Range& range, const Status& status) {
    appending_.reset();
    if (!status) {
        // The certificate held, so the fault is ours (divergence, a full disk) or the range was another fork's.
        log(LogLevel::kError, "catch_up_stopped", {{"why", to_string(status.error())}});
        ready_.clear();
        plan_.drop_requests();
        active_ = false;
        return;
    }
    blocks_appended_ += range.blocks.size();
    if (range.blocks.back()->digest == range.certificate.subject.digest) {
        parts_.on_caught_up(range.certificate, range.last);
    }
    append_next();
    ask_more();
}

CatchUp::Clock::time_point CatchUp::on_tick(Clock::time_point now) {
    if (!active_) {
        return Clock::time_point::max();
    }
    plan_.late(now, parts_.network.connected());
    append_next();  // consensus may have finalized what stood below
    if (again_ && now >= begun_ + kBeginEvery) {
        begin();
    } else {
        ask_more();
    }
    const auto next = now + RangePlan::kAnswerLimit / 2;
    return again_ ? std::min(next, begun_ + kBeginEvery) : next;
}

}  // namespace sanquan::node
