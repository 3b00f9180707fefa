// IssueVoucher 凭证发放: the exchange numbers the proof of a settled and applied order. The record under "voucher/<number>"
// is what the offline voucher file proves.
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/market.h"
#include "contracts/market_rules.h"
#include "contracts/records.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {

Verdict IssueVoucherContract::preflight(const Operation& /*operation*/,
                                        const Context& /*context*/) {
    return kPass;
}

Verdict IssueVoucherContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const auto [order, refusal] = find_order(view, stage.operation.order());
    if (refusal) {
        return refusal;
    }
    SANQUAN_TRY_PASS(require_exchange(view, stage.context, order));
    if (order.status() != wire::SETTLED) {
        return refuse(Code::kNotSettled,
                      {fact("order.status", wire::OrderStatus_Name(order.status()))},
                      {fact("order.status", "SETTLED")});
    }
    if (!order.voucher().empty()) {
        return refuse(Code::kVoucherIssued, {fact("voucher", order.voucher())});
    }
    if (order.applications() == 0) {
        return refuse(Code::kApplicationMissing, {fact("order.applications", std::uint64_t{0})},
                      {fact("order.applications", std::uint64_t{1})});
    }
    return require_new(view, keys::voucher(make_id("V", stage.context)));
}

Outcome IssueVoucherContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    auto order = find_order(overlay, stage.operation.order()).record;
    wire::VoucherRecord voucher;
    voucher.set_number(make_id("V", stage.context));
    voucher.set_order(order.id());
    voucher.set_asset(order.asset());
    voucher.set_buyer(order.buyer());
    voucher.set_seller(order.seller());
    *voucher.mutable_price() = order.price();
    voucher.set_delivered(order.delivered());
    voucher.set_settled_ms(order.settled_ms());
    voucher.set_issued_ms(stage.context.time.value);
    voucher.set_profile(stage.context.chain.profile == ChainProfile::kDemo ? "demo" : "production");
    store(overlay, keys::voucher(voucher.number()), voucher);
    order.set_voucher(voucher.number());
    store(overlay, keys::order(order.id()), order);
    return {voucher.number(), {fact("order", order.id()), fact("asset", order.asset())}};
}

}  // namespace sanquan::contracts
