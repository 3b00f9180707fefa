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
    // Whose settlement makes the grant; empty when none does. The market has judged the order.
    std::string_view order = {};
};

// Shape alone: right, actions strictly ascending and of the right, term, constraints supported.
Verdict preflight_grant(const wire::GrantRight& terms, const Context& context);

// Whether `grantor` may grant this now: asset certified; holder registered; the grantor holds the
// parent grant with authority to grant, or is an owner with every owner's signature in
// `context.signers`; scope, term, constraints, depth and sector within the parent's; no overlap
// with exclusive grants; franchise respected. Usage that is paid for is a trade: outside an order the
// asset must be tradable() for the purposes that the constraints name.
Verdict check_grant(const GrantRequest& request, const Context& context, const ReadView& view);

// Writes what check_grant passed and returns the grant's id.
std::string write_grant(const GrantRequest& request, const Context& context, Overlay& overlay);

}  // namespace sanquan::contracts
