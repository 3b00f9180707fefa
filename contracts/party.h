// The contracts of organisations and their keys, one .cc file each.
#pragma once

#include "contracts/contract.h"
#include "ledger/codec/operations_party.pb.h"

namespace sanquan::contracts {

struct RegisterOrganisation {
    using Operation = wire::RegisterOrganisation;
    static constexpr Rule kRule{"party.register_organisation", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

struct ClaimOrganisation {
    using Operation = wire::ClaimOrganisation;
    static constexpr Rule kRule{"party.claim_organisation", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

struct AddKey {
    using Operation = wire::AddKey;
    static constexpr Rule kRule{"party.add_key", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

struct RevokeKey {
    using Operation = wire::RevokeKey;
    static constexpr Rule kRule{"party.revoke_key", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

}  // namespace sanquan::contracts
