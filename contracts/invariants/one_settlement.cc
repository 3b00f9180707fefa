// Invariant one_settlement: an order is settled once. What its settlement did stays as it is: a
// settled order keeps its status, payments and grant, a refunded one is never paid; the payments sum
// up to the price; one grant names the order, and the order names that grant.
#include <set>

#include "contracts/invariants/all.h"
#include "contracts/records.h"
#include "ledger/base/amount.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/codec/state_market.pb.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

wire::OrderRecord parsed(const Bytes& bytes) {
    wire::OrderRecord order;
    SANQUAN_ASSERT(order.ParseFromString(bytes));
    return order;
}

// What may still change once an order is closed: its voucher and the count of applications.
Bytes closed_part(wire::OrderRecord order) {
    order.clear_voucher();
    order.clear_applications();
    return encode(order);
}

bool is_paid_whole(const wire::OrderRecord& order) {
    Amount sum;
    for (const wire::SettlementPart& part : order.paid()) {
        const Result<Amount> amount = Amount::decode(part.amount());
        const Result<Amount> more = amount ? sum.plus(*amount) : amount;
        if (!more) {
            return false;
        }
        sum = *more;
    }
    return order.has_price() ? sum.encode() == order.price().amount() : order.paid().empty();
}

bool was_paid_out(const wire::OrderRecord& order) {
    return !order.paid().empty() || !order.usage_grant().empty();
}

std::optional<std::string> flaw_of_settled(const ReadView& view, const std::string& id,
                                           const wire::OrderRecord& order) {
    const auto grant = load<wire::GrantRecord>(view, keys::grant(order.usage_grant()));
    if (!grant || grant->order() != id) {
        return "order " + id + " was settled without a grant of its own";
    }
    if (!is_paid_whole(order)) {
        return "the payments of order " + id + " are not its price";
    }
    return std::nullopt;
}

std::optional<std::string> flaw_of_grant(const ReadView& view, const std::string& id,
                                         const wire::GrantRecord& grant) {
    if (grant.order().empty()) {
        return std::nullopt;
    }
    const auto order = load<wire::OrderRecord>(view, keys::order(grant.order()));
    if (!order || order->usage_grant() != id) {
        return "grant " + id + " is a second one of order " + grant.order();
    }
    return std::nullopt;
}

class OneSettlement final : public Invariant {
  public:
    [[nodiscard]] std::string_view name() const override { return "one_settlement"; }

    void visit(ByteView key, const std::optional<Bytes>& before,
               const std::optional<Bytes>& after) override {
        if (is_record(key, "order")) {
            visit_order(key, before, after);
        } else if (is_record(key, "grant") && after && !before) {
            made_.emplace(key.substr(key.find('/') + 1));
        }
    }

    [[nodiscard]] std::optional<std::string> finalize(const ReadView& view) override {
        if (breach_) {
            return breach_;
        }
        for (const std::string& id : settled_) {
            const auto order = load_existing<wire::OrderRecord>(view, keys::order(id));
            if (!made_.contains(order.usage_grant())) {
                return "order " + id + " was settled without a grant of its own";
            }
            if (auto flaw = flaw_of_settled(view, id, order)) {
                return flaw;
            }
        }
        for (const std::string& id : made_) {
            const auto grant = load_existing<wire::GrantRecord>(view, keys::grant(id));
            if (auto flaw = flaw_of_grant(view, id, grant)) {
                return flaw;
            }
        }
        return std::nullopt;
    }

  private:
    void visit_order(ByteView key, const std::optional<Bytes>& before,
                     const std::optional<Bytes>& after) {
        const std::string id(key.substr(key.find('/') + 1));
        if (!after) {
            breach_ = "order " + id + " was deleted";
            return;
        }
        const wire::OrderRecord is = parsed(*after);
        const wire::OrderRecord was = before ? parsed(*before) : wire::OrderRecord();
        const bool was_closed = was.status() == wire::SETTLED || was.status() == wire::REFUNDED;
        if (was_closed && closed_part(was) != closed_part(is)) {
            breach_ = "order " + id + " changed after it was closed";
        } else if (is.status() == wire::SETTLED && !was_closed) {
            settled_.insert(id);
        } else if (is.status() != wire::SETTLED && was_paid_out(is)) {
            breach_ = "order " + id + " was paid out without being settled";
        }
    }

    std::set<std::string> settled_;
    std::set<std::string> made_;  // grants
    std::optional<std::string> breach_;
};

}  // namespace

std::unique_ptr<Invariant> make_one_settlement() { return std::make_unique<OneSettlement>(); }

// A state has no past: that nothing changed after settlement shows in what belongs together.
MaybeFlaw whole_one_settlement(const WholeState& state) {
    const auto at = [](const Bytes& key, std::optional<std::string> what) {
        return what ? MaybeFlaw(Flaw{key, *std::move(what)}) : std::nullopt;
    };
    MaybeFlaw flaw = walk_records<wire::OrderRecord>(
        state, "order/",
        [&](const Bytes& key, const Bytes& id, const wire::OrderRecord& order) -> MaybeFlaw {
            if (order.status() == wire::SETTLED) {
                return at(key, flaw_of_settled(state.view, id, order));
            }
            return was_paid_out(order) ? at(key, "was paid out without being settled")
                                       : std::nullopt;
        });
    return flaw ? flaw
                : walk_records<wire::GrantRecord>(
                      state, "grant/",
                      [&](const Bytes& key, const Bytes& id, const wire::GrantRecord& grant) {
                          return at(key, flaw_of_grant(state.view, id, grant));
                      });
}

}  // namespace sanquan::contracts
