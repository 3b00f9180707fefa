// Making grants: the checks and writes that GrantRight and a purchase share.
#pragma once

#include <string>
#include <string_view>

#include "contracts/contract.h"
#include "ledger/codec/state_asset.pb.h"

namespace sanquan::contracts {

struct GrantRequest {
    const wire::GrantRight& terms;
    const std::string& grantor;
    // Tells the grants of one operation apart, such as the two legs of an exchange.
    std::uint32_t ordinal = 0;
    std::string_view order = {};  // whose settlement makes the grant; empty when none does
};

// Shape alone: right, actions strictly ascending and of the right, term, constraints supported.
Verdict preflight_grant(const wire::GrantRight& terms, const Context& context);

// Whether `grantor` may grant this now: asset certified; holder registered; the grantor holds the
// parent grant with authority to grant, or is an owner with every owner's signature in
// `context.signers`; scope, term, constraints, depth and sector within the parent's; no overlap
// with exclusive grants; franchise respected.
Verdict check_grant(const GrantRequest& request, const Context& context, const ReadView& view);

// Writes what check_grant passed and returns the grant's id.
std::string write_grant(const GrantRequest& request, const Context& context, Overlay& overlay);

}  // namespace sanquan::contracts
