// The sale of a whole asset: ownership against money, at once.
#pragma once

#include "contracts/contract.h"
#include "ledger/codec/operations_market.pb.h"

namespace sanquan::contracts {

struct TradeOwnership {
    using Operation = wire::TradeOwnership;
    static constexpr Rule kRule{"market.trade_ownership", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

}  // namespace sanquan::contracts
