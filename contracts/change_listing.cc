// ChangeListing: approval by the exchange, pause and resumption and delisting by the seller, revocation by an authority.
#include "contracts/asset_rules.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/market.h"
#include "contracts/market_rules.h"
#include "contracts/records.h"
#include "ledger/base/limits.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

struct Edge {
    wire::ListingChange change;
    wire::ListingStatus from;
    wire::ListingStatus to;
};

// The life cycle of a listing; what is not here is refused.
constexpr Edge kEdges[] = {
    {wire::APPROVE, wire::COMPLIANCE_CHECK, wire::LISTED},
    {wire::PAUSE, wire::LISTED, wire::PAUSED},
    {wire::UNPAUSE, wire::PAUSED, wire::LISTED},
    {wire::DELIST, wire::COMPLIANCE_CHECK, wire::DELISTED},
    {wire::DELIST, wire::LISTED, wire::DELISTED},
    {wire::DELIST, wire::PAUSED, wire::DELISTED},
    {wire::REVOKE_LISTING, wire::COMPLIANCE_CHECK, wire::LISTING_REVOKED},
    {wire::REVOKE_LISTING, wire::LISTED, wire::LISTING_REVOKED},
    {wire::REVOKE_LISTING, wire::PAUSED, wire::LISTING_REVOKED},
};

const Edge* find_edge(wire::ListingChange change, wire::ListingStatus from) {
    for (const Edge& edge : kEdges) {
        if (edge.change == change && edge.from == from) {
            return &edge;
        }
    }
    return nullptr;
}

Verdict check_actor(const ReadView& view, const wire::ListingRecord& listing,
                    wire::ListingChange change, const Context& context) {
    if (change == wire::APPROVE) {
        return context.sender == listing.terms().exchange() &&
                       holds_role(view, context, context.sender, wire::EXCHANGE)
                   ? kPass
                   : refuse(Code::kNotTheExchange, {{"sender", context.sender}},
                            {{"sender", listing.terms().exchange()}});
    }
    if (change == wire::REVOKE_LISTING) {
        if (holds_role(view, context, context.sender, wire::INFORMATISATION_AUTHORITY)) {
            return kPass;
        }
        return authority_of_sector(view, context, context.sender, listing.sector());
    }
    return context.sender == listing.seller()
               ? kPass
               : refuse(Code::kNotTheSeller, {{"sender", context.sender}},
                        {{"sender", listing.seller()}});
}

}  // namespace

Verdict ChangeListingContract::preflight(const Operation& operation, const Context& /*context*/) {
    if (operation.change() == wire::REVOKE_LISTING) {
        return check_reason(operation.reason());
    }
    return check_optional_name("reason", operation.reason(), limits::kNameBytesMax);
}

Verdict ChangeListingContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const auto& operation = stage.operation;
    const auto [listing, refusal] = find_listing(view, operation.listing());
    if (refusal) {
        return refusal;
    }
    SANQUAN_TRY_PASS(check_actor(view, listing, operation.change(), stage.context));
    if (operation.change() != wire::REVOKE_LISTING) {
        SANQUAN_TRY_PASS(require_not_frozen(view, stage.context, keys::listing(listing.id())));
    }
    if (find_edge(operation.change(), listing.status()) == nullptr) {
        return refuse(Code::kListingStatus,
                      {{"listing.status", wire::ListingStatus_Name(listing.status())},
                       {"change", wire::ListingChange_Name(operation.change())}});
    }
    if (operation.change() == wire::APPROVE || operation.change() == wire::UNPAUSE) {
        return tradable(view, stage.context, listing.terms().asset(), purposes_of(listing.terms()));
    }
    return kPass;
}

Outcome ChangeListingContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const auto& operation = stage.operation;
    auto listing = find_listing(overlay, operation.listing()).record;
    listing.set_status(find_edge(operation.change(), listing.status())->to);
    store(overlay, keys::listing(listing.id()), listing);
    return {listing.id(), {{"status", wire::ListingStatus_Name(listing.status())}}};
}

}  // namespace sanquan::contracts
