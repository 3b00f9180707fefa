#include "node/mempool/intake.h"

#include <algorithm>
#include <utility>

#include "contracts/admission.h"
#include "node/log.h"

namespace sanquan::node {
namespace {

// Of clients' transactions that are remembered to be gossiped again.
constexpr std::size_t kRepeatedMax = 100'000;
// Of what is gossiped at once; some more may be in one frame.
constexpr std::size_t kBatchBytes = 256U << 10U;
constexpr auto kBatchPause = std::chrono::milliseconds(100);
// Between two frames of new transactions. A frame costs each node two wake-ups and its TLS record, whatever is in it; a
// transaction that comes alone does not wait.
constexpr auto kGossipPause = std::chrono::milliseconds(10);
// Of a frame's transactions that one worker takes.
constexpr std::size_t kTogetherMax = 16;
constexpr std::size_t kTogetherBytes = 64U << 10U;
constexpr int kSlowdownMax = 16;

}  // namespace

Status Intake::check(const Transaction& transaction) const {
    const SharedExecution head = parts_.head();
    // An idle chain's last block is old: the next one will carry the present time.
    const TimeMs time{std::max(head->time().value + 1, parts_.wall_clock().value)};
    const contracts::BlockContext context{parts_.chain, head->height().next(), time};
    const auto admitted = contracts::check_admission(
        transaction, context, *head->state,
        [this](const PublicKey& key, ByteView message, ByteView signature) {
            return parts_.verifier.check(key, message, signature);
        });
    return admitted ? Status{} : Status(tl::unexpected(admitted.error()));
}

Result<IntakeAnswer> Intake::admit(const SharedTransaction& transaction, bool from_client,
                                   const std::function<void(const TransactionId&)>& before_pool) {
    const TransactionId id = transaction->id;
    if (before_pool) {
        before_pool(id);
    }
    if (parts_.pool.find(id) != nullptr || parts_.blocks.find_transaction(id)) {
        return IntakeAnswer{id, true};
    }
    SANQUAN_TRY(check(*transaction));
    log_step(3, id, Height{}, View{});
    if (const Status added = parts_.pool.add(transaction); !added) {
        if (added.error().code == Code::kDuplicate) {
            return IntakeAnswer{id, true};
        }
        return tl::unexpected(added.error());
    }
    log_step(4, id, Height{}, View{});
    if (from_client) {
        // ORDER: forwarded before our own timer has run out, so that every leader can propose it (SPEC 7).
        gossip_first(transaction);
    }
    parts_.on_admitted(transaction);
    return IntakeAnswer{id, false};
}

void Intake::gossip_first(const SharedTransaction& transaction) {
    const auto now = Clock::now();
    std::vector<Bytes> frame;
    bool must_wait = false;
    {
        const std::lock_guard lock(mutex_);
        if (own_.size() < kRepeatedMax) {
            own_.emplace(now + parts_.again_after, Sent{transaction->id, parts_.again_after});
        }
        fresh_.push_back(transaction->raw);
        fresh_bytes_ += transaction->raw.size();
        frame = take_fresh(now);
        must_wait = fresh_.size() == 1;
    }
    if (!frame.empty()) {
        parts_.gossip(std::move(frame));
    } else if (must_wait) {
        parts_.gossip_soon();
    }
}

std::vector<Bytes> Intake::take_fresh(Clock::time_point now) {
    if (fresh_.empty() || (now < gossiped_at_ + kGossipPause && fresh_bytes_ < kBatchBytes)) {
        return {};
    }
    gossiped_at_ = now;
    fresh_bytes_ = 0;
    return std::exchange(fresh_, {});
}

void Intake::submit(Bytes raw, std::function<void(const TransactionId&)> before_pool,
                    std::function<void(Result<IntakeAnswer>)> done) {
    const std::size_t bytes = raw.size();
    const bool queued = parts_.workers.post(
        WorkClass::kClient, bytes, [this, raw = std::move(raw), before_pool, done] {
            auto decoded = decode_transaction(raw, parts_.chain);
            done(decoded ? admit(std::make_shared<const Transaction>(std::move(*decoded)),
                                 /*from_client=*/true, before_pool)
                         : tl::unexpected(decoded.error()));
        });
    if (!queued) {
        done(fail(Code::kPoolFull, "this node's signature checks are behind"));
    }
}

void Intake::receive(const PeerInfo& peer, std::vector<Bytes> transactions) {
    for (auto next = transactions.begin(); next != transactions.end();) {
        std::vector<Bytes> together;
        std::size_t bytes = 0;
        do {
            bytes += next->size();
            together.push_back(std::move(*next));
            ++next;
        } while (next != transactions.end() && together.size() < kTogetherMax &&
                 bytes + next->size() <= kTogetherBytes);
        const auto room = shares_.take(peer.key, bytes);
        const bool queued =
            room != nullptr &&
            parts_.workers.post(WorkClass::kGossip, bytes,
                                [this, peer, room, together = std::move(together)]() mutable {
                                    receive_some(peer, std::move(together));
                                });
        if (!queued) {
            return;  // they stay in their sender's pool, which sends them again
        }
    }
}

void Intake::receive_some(const PeerInfo& peer, std::vector<Bytes> transactions) {
    for (const Bytes& raw : transactions) {
        receive_one(peer, raw);
    }
}

void Intake::receive_one(const PeerInfo& peer, ByteView raw) {
    {
        // BOUND: of what a connection left waiting when it was cut, nothing is checked.
        const std::lock_guard lock(mutex_);
        const auto known = conduct_.find(peer.key);
        if (known != conduct_.end() && peer.number <= known->second.cut) {
            return;
        }
    }
    auto decoded = decode_transaction(raw, parts_.chain);
    if (!decoded) {
        note_bad(peer, decoded.error());
        return;
    }
    const auto answer = admit(std::make_shared<const Transaction>(std::move(*decoded)),
                              /*from_client=*/false, {});
    if (!answer && answer.error().code == Code::kSigInvalid) {
        note_bad(peer, answer.error());
    } else if (!answer && log_enabled(LogLevel::kDebug)) {
        log(LogLevel::kDebug, "gossip_refused", {{"why", to_string(answer.error())}});
    }
}

// Other refusals depend on the state, in which sender and receiver may differ for a moment.
void Intake::note_bad(const PeerInfo& peer, const Error& error) {
    {
        const std::lock_guard lock(mutex_);
        Conduct& conduct = conduct_[peer.key];
        if (peer.number <= conduct.cut || ++conduct.bad < kBadTransactionsMax) {
            return;
        }
        conduct = {0, peer.number};
    }
    log(LogLevel::kWarn, "gossip_misused", {{"peer", peer.name}, {"why", to_string(error)}});
    parts_.cut(peer);
}

Intake::Clock::time_point Intake::gossip_due(Clock::time_point now) {
    std::vector<Bytes> fresh;
    std::vector<Bytes> waiting;
    Clock::time_point next;
    {
        const std::lock_guard lock(mutex_);
        fresh = take_fresh(now);
        waiting = take_waiting(now);
        next = next_gossip(now);
    }
    for (std::vector<Bytes>* frame : {&fresh, &waiting}) {
        if (!frame->empty()) {
            parts_.gossip(std::move(*frame));
        }
    }
    return next;
}

std::vector<Bytes> Intake::take_waiting(Clock::time_point now) {
    std::vector<Bytes> frame;
    std::size_t bytes = 0;
    while (!own_.empty() && own_.begin()->first <= now && bytes <= kBatchBytes) {
        Sent sent = own_.extract(own_.begin()).mapped();
        if (const auto transaction = parts_.pool.find(sent.id)) {
            bytes += transaction->raw.size();
            frame.push_back(transaction->raw);
            sent.interval = std::min(2 * sent.interval, kSlowdownMax * parts_.again_after);
            own_.emplace(now + sent.interval, sent);
        }
    }
    return frame;
}

Intake::Clock::time_point Intake::next_gossip(Clock::time_point now) const {
    // What comes meanwhile is not due to be repeated before this.
    Clock::time_point next = now + parts_.again_after;
    if (!own_.empty()) {
        next = std::min(next, std::max(own_.begin()->first, now + kBatchPause));
    }
    if (!fresh_.empty()) {
        next = std::min(next, gossiped_at_ + kGossipPause);
    }
    return next;
}

}  // namespace sanquan::node
