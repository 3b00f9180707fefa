// RedeemMoney: a settlement bank takes money off the ledger and pays it out of its own books.
#include "contracts/balances.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/money.h"
#include "contracts/supply.h"

namespace sanquan::contracts {
namespace {

constexpr ByteView kReferenceKind = "redeem";

}  // namespace

Verdict RedeemMoney::preflight(const Operation& operation, const Context& /*context*/) {
    SANQUAN_TRY_PASS(check_money(operation.money()));
    if (amount_of(operation.money()).is_zero()) {
        return refuse(Code::kAmountZero);
    }
    return check_reference(operation.reference());
}

Verdict RedeemMoney::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    SANQUAN_TRY_PASS(require_role(view, context, wire::SETTLEMENT_BANK));
    SANQUAN_TRY_PASS(
        require_unused_reference(view, context, kReferenceKind, operation.reference()));
    SANQUAN_TRY_PASS(require_registered(view, operation.from()));
    SANQUAN_TRY_PASS(require_signer(view, context, operation.from()));
    SANQUAN_TRY_PASS(require_currency(view, operation.money().currency()));
    return require_funds(view, operation.from(), operation.money());
}

Outcome RedeemMoney::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    Supply supply = supply_of(overlay, operation.money().currency());
    const auto redeemed = supply.redeemed.plus(amount_of(operation.money()));
    SANQUAN_ASSERT(redeemed.has_value());  // never more than was issued
    supply.redeemed = *redeemed;
    set_supply(overlay, operation.money().currency(), supply);
    debit(overlay, operation.from(), operation.money());
    use_reference(overlay, context, kReferenceKind, operation.reference(), operation.from());
    return {operation.from(),
            {fact("currency", operation.money().currency()),
             fact("amount", amount_of(operation.money())),
             fact("balance", balance_of(overlay, operation.from(), operation.money().currency()))}};
}

}  // namespace sanquan::contracts
