// Invariant escrow_of_orders: per currency, the escrows are the prices of the open orders.
//
// Looks at each order and escrow, and asks more than equal sums: an open order with a price has an
// escrow of that price, any other order has none. What was not touched keeps its sum.
#include <set>

#include "contracts/invariants/all.h"
#include "contracts/records.h"
#include "ledger/base/amount.h"
#include "ledger/codec/state_market.pb.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

bool is_open(const wire::OrderRecord& order) {
    return order.status() != wire::SETTLED && order.status() != wire::REFUNDED;
}

bool same_money(const wire::Money& a, const wire::Money& b) {
    return a.currency() == b.currency() && a.amount() == b.amount();
}

std::optional<std::string> flaw_of(const ReadView& view, const std::string& id) {
    const auto order = load<wire::OrderRecord>(view, keys::order(id));
    const auto escrow = load<wire::EscrowRecord>(view, keys::escrow(id));
    const bool is_held = order && is_open(*order) && order->has_price();
    if (is_held != escrow.has_value() ||
        (is_held && !same_money(order->price(), escrow->money()))) {
        return "the escrow of order " + id + " is not the price of an open order";
    }
    return std::nullopt;
}

class EscrowOfOrders final : public Invariant {
  public:
    [[nodiscard]] std::string_view name() const override { return "escrow_of_orders"; }

    void visit(ByteView key, const std::optional<Bytes>& /*before*/,
               const std::optional<Bytes>& /*after*/) override {
        if (is_record(key, "order") || is_record(key, "escrow")) {
            touched_.emplace(key.substr(key.find('/') + 1));
        }
    }

    [[nodiscard]] std::optional<std::string> finalize(const ReadView& view) override {
        for (const std::string& id : touched_) {
            if (auto flaw = flaw_of(view, id)) {
                return flaw;
            }
        }
        return std::nullopt;
    }

  private:
    std::set<std::string> touched_;
};

}  // namespace

std::unique_ptr<Invariant> make_escrow_of_orders() { return std::make_unique<EscrowOfOrders>(); }

MaybeFlaw whole_escrow_of_orders(const WholeState& state) {
    const auto check = [&](const Bytes& id) { return flaw_of(state.view, id); };
    MaybeFlaw flaw = walk_ids(state, "order/", check);
    return flaw ? flaw : walk_ids(state, "escrow/", check);
}

}  // namespace sanquan::contracts
