// What organisations have to spend: reading, crediting and debiting balances; the only writer of "balance/…" records.
#pragma once

#include "contracts/contract.h"
#include "ledger/base/amount.h"
#include "ledger/codec/common.pb.h"

namespace sanquan::contracts {

Amount balance_of(const ReadView& view, ByteView organisation, ByteView currency);

// `payer` has at least `price` to spend: kInsufficientFunds.
Verdict require_funds(const ReadView& view, ByteView payer, const wire::Money& price);

// Adds to or takes from a balance. A check has passed that makes overflow or underflow impossible: the supply of a
// currency never exceeds an Amount, and require_funds has held. A balance of zero has no record.
void credit(Overlay& overlay, ByteView organisation, ByteView currency, Amount amount);
void debit(Overlay& overlay, ByteView organisation, const wire::Money& price);

}  // namespace sanquan::contracts
