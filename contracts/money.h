// The contracts of the settlement bank: money comes onto the ledger and leaves it through them alone.
//
// invariants/money_conserved.cc holds balances and escrows against the supply.
#pragma once

#include "contracts/contract.h"
#include "ledger/codec/operations_party.pb.h"

namespace sanquan::contracts {

struct IssueMoney {
    using Operation = wire::IssueMoney;
    static constexpr Rule kRule{"money.issue", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

struct RedeemMoney {
    using Operation = wire::RedeemMoney;
    static constexpr Rule kRule{"money.redeem", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

}  // namespace sanquan::contracts
