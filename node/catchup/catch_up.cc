#include "node/catchup/catch_up.h"

#include <algorithm>

#include "ledger/base/limits.h"
#include "node/executor/block_rules.h"
#include "node/log.h"

namespace sanquan::node {
namespace {

constexpr std::uint32_t kRangeBlocks = 64;
constexpr std::size_t kRequestsMax = 3;
constexpr std::size_t kReadyMax = 4;
constexpr auto kAnswerLimit = std::chrono::seconds(3);
constexpr std::uint32_t kFaultsMax = 1'000;

}  // namespace

void CatchUp::begin() {
    if (active_) {
        return;
    }
    active_ = true;
    probing_ = true;
    next_ = parts_.executor.head()->height().next();
    ask_more();
}

void CatchUp::ask_more() {
    const Height head = parts_.executor.head()->height();
    next_ = std::max(next_, head.next());
    // The first request learns how far the others are; more go out once that is known.
    while (requests_.size() < kRequestsMax && ready_.size() < kReadyMax &&
           (probing_ || next_ <= known_final_)) {
        const std::size_t before = requests_.size();
        ask(next_, kRangeBlocks);
        if (requests_.size() == before) {
            break;  // nobody left to ask
        }
        next_.value += kRangeBlocks;
        probing_ = false;
    }
    if (requests_.empty() && ready_.empty() && !appending_) {
        active_ = false;
    }
}

std::optional<PeerInfo> CatchUp::choose_peer() const {
    std::optional<PeerInfo> best;
    const auto faults = [&](const PeerInfo& peer) {
        const auto found = faults_.find(peer.number);
        return found == faults_.end() ? 0U : found->second;
    };
    for (const PeerInfo& peer : parts_.network.connected()) {
        const bool busy = std::any_of(requests_.begin(), requests_.end(), [&](const auto& request) {
            return request.peer == peer.number;
        });
        if (peer.pinned && !busy && (!best || faults(peer) < faults(*best))) {
            best = peer;
        }
    }
    return best;
}

void CatchUp::ask(Height first, std::uint32_t count) {
    const auto peer = choose_peer();
    if (!peer) {
        return;
    }
    if (parts_.network.send(peer->number, Lane::kCatchUp,
                            encode_peer_message(FetchRangeMessage{first, count}))) {
        requests_.push_back({first, count, peer->number, Clock::now()});
    }
}

void CatchUp::blame(PeerNumber peer) {
    std::uint32_t& faults = faults_[peer];
    faults = std::min(faults + 1, kFaultsMax);
    if (faults_.size() > 4 * limits::kValidatorsMax) {
        faults_.erase(faults_.begin());
    }
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
    const auto request = std::find_if(requests_.begin(), requests_.end(), [&](const auto& asked) {
        return asked.peer == from && asked.first == message.first;
    });
    if (request == requests_.end()) {
        return;
    }
    const Request asked = *request;
    requests_.erase(request);
    if (message.blocks.empty()) {
        // It is no further than we are; its word ends nothing while another one's blocks are on their way.
        next_ = std::min(next_, asked.first);
        if (known_final_ >= asked.first) {
            blame(from);
            known_final_ = message.finalized;
        }
        ask_more();
        return;
    }
    auto range = check(message);
    if (!range || message.blocks.size() > asked.count) {
        log(LogLevel::kWarn, "range_refused",
            {{"first", message.first},
             {"why", range ? "more blocks than asked for" : to_string(range.error())}});
        blame(from);
        ask(asked.first, asked.count);
        return;
    }
    // BOUND: a hint that is a lie costs one empty answer.
    known_final_ = std::max(known_final_, message.finalized);
    range->from = from;
    const auto got = static_cast<std::uint32_t>(range->blocks.size());
    if (got < asked.count && asked.first.value + got <= known_final_.value) {
        ask(Height{asked.first.value + got}, asked.count - got);
    }
    ready_[asked.first] = std::move(*range);
    append_next();
    ask_more();
}

void CatchUp::append_next() {
    if (appending_ || ready_.empty()) {
        return;
    }
    const Height head = parts_.executor.head()->height();
    const auto first = ready_.begin();
    if (first->first > head.next()) {
        return;  // the range between is still on its way
    }
    appending_ = true;
    auto range = std::make_shared<Range>(std::move(first->second));
    ready_.erase(first);
    parts_.executor.append_certified(
        range->blocks, encode_certificate(range->certificate), [this, range](Status status) {
            parts_.post([this, range, status] { on_appended(*range, status); });
        });
}

void CatchUp::on_appended(const Range& range, const Status& status) {
    appending_ = false;
    if (!status) {
        // The certificate held, so the fault is ours (divergence, a full disk) or the range was another fork's.
        log(LogLevel::kError, "catch_up_stopped", {{"why", to_string(status.error())}});
        ready_.clear();
        requests_.clear();
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
    std::vector<Request> late;
    std::erase_if(requests_, [&](const Request& request) {
        const bool is_late = now - request.asked > kAnswerLimit;
        if (is_late) {
            late.push_back(request);
        }
        return is_late;
    });
    for (const Request& request : late) {
        blame(request.peer);
        ask(request.first, request.count);
    }
    if (!late.empty()) {
        ask_more();
    }
    return now + kAnswerLimit / 2;
}

}  // namespace sanquan::node
