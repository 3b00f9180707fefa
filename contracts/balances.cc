#include "contracts/balances.h"

#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/records.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

void set_balance(Overlay& overlay, ByteView organisation, ByteView currency, Amount amount) {
    const Bytes key = keys::balance(organisation, currency);
    if (amount.is_zero()) {
        overlay.erase(key);
        return;
    }
    wire::BalanceRecord record;
    record.set_amount(amount.encode());
    store(overlay, key, record);
}

}  // namespace

Amount balance_of(const ReadView& view, ByteView organisation, ByteView currency) {
    const auto record = load<wire::BalanceRecord>(view, keys::balance(organisation, currency));
    if (!record) {
        return Amount();
    }
    const auto amount = Amount::decode(record->amount());
    SANQUAN_ASSERT(amount.has_value());
    return *amount;
}

Verdict require_funds(const ReadView& view, ByteView payer, const wire::Money& price) {
    const Amount have = balance_of(view, payer, price.currency());
    const Amount need = amount_of(price);
    if (have >= need) {
        return kPass;
    }
    return refuse(Code::kInsufficientFunds,
                  {fact("payer", payer), fact("currency", price.currency()), fact("balance", have)},
                  {fact("balance at least", need)});
}

void credit(Overlay& overlay, ByteView organisation, ByteView currency, Amount amount) {
    const auto sum = balance_of(overlay, organisation, currency).plus(amount);
    SANQUAN_ASSERT(sum.has_value());
    set_balance(overlay, organisation, currency, *sum);
}

void debit(Overlay& overlay, ByteView organisation, const wire::Money& price) {
    const auto rest = balance_of(overlay, organisation, price.currency()).minus(amount_of(price));
    SANQUAN_ASSERT(rest.has_value());
    set_balance(overlay, organisation, price.currency(), *rest);
}

}  // namespace sanquan::contracts
