// Trading mandates: a party lets an exchange trade for it within limits, so that a batch is signed
// once (D4).
#pragma once

#include "contracts/contract.h"
#include "ledger/codec/operations_party.pb.h"

namespace sanquan::contracts {

enum class Side : std::uint8_t { kBuy, kSell };

// The sender, an exchange, may trade this for `party`: a mandate of the party for side and currency
// is in force, covers the asset and the price. Of several refusals the nearest miss is told.
// kBrokerNotExchange, kMandateMissing, kMandateRevoked, kMandateExpired, kMandateAsset,
// kMandatePrice.
Verdict require_mandate(const ReadView& view, const Context& context, ByteView party, Side side,
                        ByteView asset, const wire::Money& price);

// `party` agreed to the trade: it signed and can act, or the sender holds its mandate and the party
// can act. Codes of require_mandate and require_active.
Verdict require_consent(const ReadView& view, const Context& context, ByteView party, Side side,
                        ByteView asset, const wire::Money& price);

struct GrantMandate {
    using Operation = wire::GrantMandate;
    static constexpr Rule kRule{"mandate.grant", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

struct RevokeMandate {
    using Operation = wire::RevokeMandate;
    static constexpr Rule kRule{"mandate.revoke", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

}  // namespace sanquan::contracts
