#include "node/mempool/intake.h"

#include <algorithm>

#include "contracts/admission.h"
#include "node/log.h"

namespace sanquan::node {
namespace {

// Of clients' transactions that are remembered to be gossiped again.
constexpr std::size_t kRepeatedMax = 100'000;
// Of what is gossiped again at once; some more may be in one frame.
constexpr std::size_t kBatchBytes = 256U << 10U;
constexpr auto kBatchPause = std::chrono::milliseconds(100);
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
        // ORDER: forwarded before our own timer may run, so that every leader can propose it (SPEC 7).
        parts_.gossip({transaction->raw});
        const std::lock_guard lock(mutex_);
        if (own_.size() < kRepeatedMax) {
            own_.emplace(Clock::now() + parts_.again_after, Sent{id, parts_.again_after});
        }
    }
    parts_.on_admitted(transaction);
    return IntakeAnswer{id, false};
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
    for (Bytes& raw : transactions) {
        const std::size_t bytes = raw.size();
        const auto room = shares_.take(peer.key, bytes);
        const bool queued =
            room != nullptr && parts_.workers.post(WorkClass::kGossip, bytes,
                                                   [this, peer, room, raw = std::move(raw)] {
                                                       receive_one(peer, raw);
                                                   });
        if (!queued) {
            return;  // they stay in their sender's pool, which sends them again
        }
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

Intake::Clock::time_point Intake::gossip_again(Clock::time_point now) {
    std::vector<Bytes> batch;
    std::size_t bytes = 0;
    // What comes meanwhile is not due before this.
    Clock::time_point next = now + parts_.again_after;
    {
        const std::lock_guard lock(mutex_);
        while (!own_.empty() && own_.begin()->first <= now) {
            if (bytes > kBatchBytes) {
                next = now + kBatchPause;
                break;
            }
            Sent sent = own_.extract(own_.begin()).mapped();
            if (const auto transaction = parts_.pool.find(sent.id)) {
                bytes += transaction->raw.size();
                batch.push_back(transaction->raw);
                sent.interval = std::min(2 * sent.interval, kSlowdownMax * parts_.again_after);
                own_.emplace(now + sent.interval, sent);
            }
        }
        if (!own_.empty() && own_.begin()->first > now) {
            next = std::min(next, own_.begin()->first);
        }
    }
    if (!batch.empty()) {
        parts_.gossip(std::move(batch));
    }
    return next;
}

}  // namespace sanquan::node
