#include "node/mempool/intake.h"

#include <algorithm>

#include "contracts/admission.h"
#include "node/log.h"

namespace sanquan::node {

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

Result<IntakeAnswer> Intake::admit(ByteView raw, bool from_client,
                                   const std::function<void(const TransactionId&)>& before_pool) {
    SANQUAN_TRY_ASSIGN(auto decoded, decode_transaction(raw, parts_.chain));
    const auto transaction = std::make_shared<const Transaction>(std::move(decoded));
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
    }
    parts_.on_admitted(transaction);
    return IntakeAnswer{id, false};
}

void Intake::submit(Bytes raw, std::function<void(const TransactionId&)> before_pool,
                    std::function<void(Result<IntakeAnswer>)> done) {
    const std::size_t bytes = raw.size();
    const bool queued = parts_.workers.post(WorkClass::kClient, bytes,
                                            [this, raw = std::move(raw), before_pool, done] {
                                                done(admit(raw, /*from_client=*/true, before_pool));
                                            });
    if (!queued) {
        done(fail(Code::kPoolFull, "this node's signature checks are behind"));
    }
}

void Intake::receive(std::vector<Bytes> transactions) {
    for (Bytes& raw : transactions) {
        const std::size_t bytes = raw.size();
        const bool queued =
            parts_.workers.post(WorkClass::kGossip, bytes, [this, raw = std::move(raw)] {
                if (const auto answer = admit(raw, /*from_client=*/false, {});
                    !answer && log_enabled(LogLevel::kDebug)) {
                    log(LogLevel::kDebug, "gossip_refused", {{"why", to_string(answer.error())}});
                }
            });
        if (!queued) {
            return;  // they stay in their sender's pool
        }
    }
}

}  // namespace sanquan::node
