// How much money of a currency exists: what the settlement banks issued and redeemed.
#pragma once

#include "ledger/base/amount.h"
#include "ledger/state/overlay.h"

namespace sanquan::contracts {

struct Supply {
    Amount issued;    // ever
    Amount redeemed;  // ever
};

Supply supply_of(const ReadView& view, ByteView currency);
void set_supply(Overlay& overlay, ByteView currency, const Supply& supply);

}  // namespace sanquan::contracts
