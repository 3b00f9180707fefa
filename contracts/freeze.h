// Emergency freezes: set by one authority at once, ended by time alone unless the leading group
// ratifies.
#pragma once

#include "contracts/contract.h"
#include "ledger/codec/operations_party.pb.h"

namespace sanquan::contracts {

struct Freeze {
    using Operation = wire::Freeze;
    static constexpr Rule kRule{"freeze.set", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

struct LiftFreeze {
    using Operation = wire::LiftFreeze;
    static constexpr Rule kRule{"freeze.lift", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

struct RatifyFreeze {
    using Operation = wire::RatifyFreeze;
    static constexpr Rule kRule{"freeze.ratify", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

}  // namespace sanquan::contracts
