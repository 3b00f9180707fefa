// IssueMoney: a settlement bank puts money of its own books onto the ledger.
#include "contracts/balances.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/money.h"
#include "contracts/supply.h"

namespace sanquan::contracts {
namespace {

constexpr ByteView kReferenceKind = "issue";

}  // namespace

Verdict IssueMoney::preflight(const Operation& operation, const Context& /*context*/) {
    SANQUAN_TRY_PASS(check_money(operation.money()));
    if (amount_of(operation.money()).is_zero()) {
        return refuse(Code::kAmountZero);
    }
    return check_reference(operation.reference());
}

Verdict IssueMoney::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    SANQUAN_TRY_PASS(require_role(view, context, wire::SETTLEMENT_BANK));
    SANQUAN_TRY_PASS(
        require_unused_reference(view, context, kReferenceKind, operation.reference()));
    SANQUAN_TRY_PASS(require_currency(view, operation.money().currency()));
    SANQUAN_TRY_PASS(require_registered(view, operation.to()));
    // Everything ever issued stays an Amount, so no balance, which is a part of it, can overflow.
    const Amount issued = supply_of(view, operation.money().currency()).issued;
    if (!issued.plus(amount_of(operation.money()))) {
        return refuse(Code::kAmountOverflow, {fact("issued", issued)});
    }
    return kPass;
}

Outcome IssueMoney::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    Supply supply = supply_of(overlay, operation.money().currency());
    supply.issued = *supply.issued.plus(amount_of(operation.money()));
    set_supply(overlay, operation.money().currency(), supply);
    credit(overlay, operation.to(), operation.money().currency(), amount_of(operation.money()));
    use_reference(overlay, context, kReferenceKind, operation.reference(), operation.to());
    return {operation.to(),
            {fact("currency", operation.money().currency()),
             fact("amount", amount_of(operation.money())),
             fact("balance", balance_of(overlay, operation.to(), operation.money().currency()))}};
}

}  // namespace sanquan::contracts
