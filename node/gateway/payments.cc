#include "node/gateway/payments.h"

#include <boost/json/object.hpp>

#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/json_format.h"
#include "ledger/codec/state_market.pb.h"
#include "ledger/model/state_keys.h"
#include "node/gateway/history_entry.h"

namespace sanquan::node {
namespace {

namespace json = boost::json;

constexpr std::size_t kPage = 100;

json::object head_of(const HistoryEntry& entry, const char* kind) {
    return {{"kind", kind},
            {"transaction_id", entry.id.hex()},
            {"height", std::to_string(entry.place.height.value)},
            {"time_ms", std::to_string(entry.time.value)}};
}

// The order that the operation settled, with what each party of the split was paid.
Result<std::optional<wire::OrderRecord>> settled_order(const LedgerService& ledger,
                                                       const HistoryEntry& entry) {
    const auto bytes =
        ledger.state().view->get(keys::order(entry.operation().settle_order().order()));
    if (!bytes) {
        return std::optional<wire::OrderRecord>();
    }
    SANQUAN_TRY_ASSIGN(auto order, decode<wire::OrderRecord>(*bytes, limits::kStateValueBytesMax));
    return std::optional(std::move(order));
}

// The payment that the operation made for `asset`, if it is one that the viewer may see.
Result<std::optional<json::object>> payment(const LedgerService& ledger, const HistoryEntry& entry,
                                            const std::string& asset, bool sees_all,
                                            const Viewer& viewer) {
    const auto* result = entry.result();
    const bool accepted = result != nullptr && entry.receipt.code() == 0 && result->code() == 0;
    const auto& operation = entry.operation();
    if (accepted && operation.has_trade_ownership()) {
        const auto& trade = operation.trade_ownership();
        if (trade.asset() == asset && (sees_all || names(trade, viewer.organisation))) {
            json::object shown = head_of(entry, "trade_ownership");
            shown["payer"] = trade.buyer();
            shown["payee"] = trade.seller();
            shown["price"] = to_json(trade.price());
            return std::optional(std::move(shown));
        }
    }
    if (accepted && operation.has_settle_order()) {
        SANQUAN_TRY_ASSIGN(const auto order, settled_order(ledger, entry));
        if (order && order->asset() == asset && (sees_all || names(*order, viewer.organisation))) {
            json::object shown = head_of(entry, "settle_order");
            shown["order"] = order->id();
            shown["payer"] = order->buyer();
            shown["price"] = to_json(order->price());
            shown["usage_grant"] = order->usage_grant();
            json::array paid;
            for (const auto& part : order->paid()) {
                paid.push_back(to_json(part));
            }
            shown["paid"] = std::move(paid);
            return std::optional(std::move(shown));
        }
    }
    return std::optional<json::object>();
}

}  // namespace

Result<Payments> payments_of(const LedgerService& ledger, HistoryIndex& history,
                             const std::string& asset, bool sees_all, const Viewer& viewer,
                             PaymentBudget& budget) {
    Payments payments;
    HistoryReader reader(ledger);
    std::string cursor;
    do {
        if (budget.operations == 0) {
            payments.left_off = true;
            return payments;
        }
        SANQUAN_TRY_ASSIGN(const auto page,
                           history.find(asset, cursor, std::min(kPage, budget.operations)));
        for (const auto& place : page.places) {
            SANQUAN_TRY_ASSIGN(const auto entry, reader.load(place));
            SANQUAN_TRY_ASSIGN(auto shown, payment(ledger, entry, asset, sees_all, viewer));
            if (shown) {
                payments.list.push_back(std::move(*shown));
            }
        }
        budget.operations -= page.places.size();
        cursor = page.next_cursor;
    } while (!cursor.empty());
    return payments;
}

}  // namespace sanquan::node
