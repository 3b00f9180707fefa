// Contracts of the three rights: grant, delegation, revocation, use. Each has a file named after
// it.
#pragma once

#include "contracts/contract.h"
#include "ledger/codec/transaction.pb.h"

namespace sanquan::contracts {

struct GrantRightContract {
    using Operation = wire::GrantRight;
    static constexpr Rule kRule{"right.grant", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct RevokeRightContract {
    using Operation = wire::RevokeRight;
    static constexpr Rule kRule{"right.revoke", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct RecordUseContract {
    using Operation = wire::RecordUse;
    static constexpr Rule kRule{"right.use", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

}  // namespace sanquan::contracts
