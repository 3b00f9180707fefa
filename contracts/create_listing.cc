// CreateListing 挂牌: the holder of the rights to list and price offers usage rights on an asset, with the whole split of
// the revenue fixed beforehand. The listing waits for the exchange's compliance check.
#include <algorithm>
#include <optional>
#include <set>

#include "contracts/asset_rules.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/market.h"
#include "contracts/market_rules.h"
#include "contracts/odrl.h"
#include "contracts/records.h"
#include "ledger/base/limits.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/asset_code.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

constexpr int kSharesMax = 32;
constexpr int kPurposesMax = 32;
constexpr std::size_t kSourcesMax = 64;

// Waterfall order, each payee once per part, sum 10,000.
Verdict check_split(const wire::CreateListing& listing) {
    std::uint64_t sum = 0;
    int previous_part = wire::TAX;
    std::set<std::pair<int, std::string>> seen;
    for (const auto& share : listing.split()) {
        if (share.part() < previous_part || share.part() > wire::OWNER ||
            share.basis_points() == 0 ||
            !seen.insert({share.part(), share.organisation()}).second) {
            return refuse(Code::kSplitOrder, {{"payee", share.organisation()}});
        }
        previous_part = share.part();
        sum += share.basis_points();
    }
    if (sum != kBasisPointsWhole || listing.split_size() > kSharesMax) {
        return refuse(Code::kBadShares, {{"split.sum", std::to_string(sum)}},
                      {{"split.sum", "10000"}});
    }
    return kPass;
}

// Owners of the asset and of everything it was derived from: all of them share in the revenue (row 15).
// Nothing when there are more sources than one operation may read.
std::optional<std::set<std::string>> owners_with_sources(const ReadView& view,
                                                         const std::string& asset) {
    std::set<std::string> owners;
    std::vector<std::string> pending{asset};
    std::set<std::string> visited;
    while (!pending.empty()) {
        const std::string code = pending.back();
        pending.pop_back();
        if (!visited.insert(code).second) {
            continue;
        }
        if (visited.size() > kSourcesMax) {
            return std::nullopt;
        }
        if (const auto record = load<wire::AssetRecord>(view, keys::asset(code))) {
            for (const auto& owner : record->owners()) {
                owners.insert(owner.organisation());
            }
        }
        if (const auto derivation =
                load<wire::DerivationRecord>(view, keys::join({"derivation", code}))) {
            for (const auto& input : derivation->inputs()) {
                pending.push_back(input.asset());
            }
        }
    }
    return owners;
}

bool holds_provider_role(const ReadView& view, const Context& context, const std::string& payee) {
    for (int kind = wire::COLLECTION; kind <= wire::SECURITY; ++kind) {
        if (holds_role(view, context, payee, wire::SERVICE_PROVIDER,
                       keys::word(static_cast<wire::ProviderKind>(kind)))) {
            return true;
        }
    }
    return false;
}

bool payee_fits(const ReadView& view, const wire::SplitShare& share, const Context& context,
                const wire::CreateListing& listing, const std::set<std::string>& owners) {
    const auto& payee = share.organisation();
    switch (share.part()) {
        case wire::TAX: {
            const auto record = load<wire::OrganisationRecord>(view, keys::organisation(payee));
            return record && record->kind() == wire::GOVERNMENT_BODY;
        }
        case wire::EXCHANGE_FEE:
            return payee == listing.exchange();
        case wire::SERVICE_FEE:
            // A provider is no party to the deal (row 54).
            return payee != context.sender && !owners.contains(payee) &&
                   holds_provider_role(view, context, payee);
        case wire::OPERATOR:
            return payee == context.sender;
        case wire::OWNER:
            return owners.contains(payee);
        case wire::SPLIT_PART_UNSPECIFIED:
        case wire::SplitPart_INT_MIN_SENTINEL_DO_NOT_USE_:
        case wire::SplitPart_INT_MAX_SENTINEL_DO_NOT_USE_:
            break;
    }
    return false;
}

Verdict wrong_payee(const wire::SplitShare& share) {
    return refuse(Code::kSplitPayee,
                  {{"part", wire::SplitPart_Name(share.part())}, {"payee", share.organisation()}});
}

Verdict check_payees(const ReadView& view, const Context& context,
                     const wire::CreateListing& listing) {
    const auto owners = owners_with_sources(view, listing.asset());
    for (const auto& share : listing.split()) {
        if (owners && !payee_fits(view, share, context, listing, *owners)) {
            return wrong_payee(share);
        }
    }
    return check_owners_paid(view, listing, context.sender);
}

}  // namespace

Verdict check_owners_paid(const ReadView& view, const wire::CreateListing& listing,
                          const std::string& seller) {
    const auto owners = owners_with_sources(view, listing.asset());
    if (!owners) {
        return refuse(Code::kNoOwnerShare, {fact("asset", listing.asset())},
                      {fact("sources_at_most", std::uint64_t{kSourcesMax})});
    }
    std::set<std::string> paid;
    for (const auto& share : listing.split()) {
        if (share.part() != wire::OWNER) {
            continue;
        }
        if (!owners->contains(share.organisation())) {
            return wrong_payee(share);
        }
        paid.insert(share.organisation());
    }
    for (const auto& owner : *owners) {
        // An owner who sells itself is paid as the operator.
        if (!paid.contains(owner) && owner != seller) {
            return refuse(Code::kNoOwnerShare, {{"owner", owner}},
                          {{"split", "a share for " + owner}});
        }
    }
    return kPass;
}

Verdict CreateListingContract::preflight(const Operation& operation, const Context& context) {
    SANQUAN_TRY_PASS(check_reference(operation.reference()));
    const bool trade = operation.mode() == wire::TRADE_MODE;
    if (operation.mode() == wire::AGREEMENT_MODE_UNSPECIFIED || trade != operation.has_price()) {
        return refuse(Code::kModePrice, {{"mode", wire::AgreementMode_Name(operation.mode())}});
    }
    if (trade) {
        SANQUAN_TRY_PASS(check_price(operation.price()));
        SANQUAN_TRY_PASS(check_split(operation));
    } else if (operation.mode() != wire::AUTHORISE_MODE) {
        // An exchange's second leg and a cooperation's revenue share have no operation yet.
        return refuse(Code::kUnsupported,
                      {fact("mode", static_cast<std::uint64_t>(operation.mode()))},
                      {fact("mode", "AUTHORISE_MODE or TRADE_MODE")});
    } else if (operation.split_size() != 0) {
        return refuse(Code::kModePrice, {{"split", "only a trade has one"}});
    }
    const auto& actions = operation.actions();
    const bool actions_ok =
        !actions.empty() && std::is_sorted(actions.begin(), actions.end(), std::less_equal<>()) &&
        std::all_of(actions.begin(), actions.end(),
                    [](int action) { return action == wire::USE || action == wire::SUBLICENSE; });
    if (!actions_ok || operation.purposes_size() > kPurposesMax ||
        operation.licence_term_ms() == 0 || operation.valid_until_ms() <= context.time.value) {
        return refuse(Code::kListingTerms, {{"block_time_ms", std::to_string(context.time.value)}},
                      {{"actions", "USE and SUBLICENSE, ascending"},
                       {"licence_term_ms", "above 0"},
                       {"valid_until_ms", "ahead of the block time"}});
    }
    for (const auto& purpose : operation.purposes()) {
        SANQUAN_TRY_PASS(check_reference(purpose));
    }
    return check_constraints(operation.constraints());
}

Verdict CreateListingContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const auto& operation = stage.operation;
    const auto& context = stage.context;
    SANQUAN_TRY_PASS(require_unused_reference(view, context, "listing", operation.reference()));
    SANQUAN_TRY_PASS(tradable(view, context, operation.asset(), purposes_of(operation)));
    const auto asset = load<wire::AssetRecord>(view, keys::asset(operation.asset()));
    SANQUAN_TRY_PASS(
        require_franchise(view, context, sector_of(operation.asset()), context.sender));
    SANQUAN_TRY_PASS(require_selling_right(view, context, operation, context.sender));
    if (!holds_role(view, context, operation.exchange(), wire::EXCHANGE)) {
        return refuse(Code::kNotTheExchange, {fact("exchange", operation.exchange())},
                      {fact("exchange", "an organisation with the role exchange")});
    }
    // It would judge complaints about itself.
    if (operation.exchange() == context.sender) {
        return refuse(Code::kSelfDeal, {fact("exchange", operation.exchange())},
                      {fact("exchange", "another organisation than the seller")});
    }
    if (asset->access() == wire::NON_PUBLIC && operation.mode() == wire::AUTHORISE_MODE) {
        return refuse(Code::kRestrictedPublication, {{"asset.access", "NON_PUBLIC"}});
    }
    if (operation.split_size() != 0) {
        SANQUAN_TRY_PASS(check_payees(view, context, operation));
    }
    return require_new(view, keys::listing(make_id("L", context)));
}

Outcome CreateListingContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const auto& operation = stage.operation;
    wire::ListingRecord listing;
    listing.set_id(make_id("L", stage.context));
    listing.set_seller(stage.context.sender);
    listing.set_status(wire::COMPLIANCE_CHECK);
    *listing.mutable_terms() = operation;
    listing.set_sector(std::string(sector_of(operation.asset())));
    listing.set_created_ms(stage.context.time.value);
    store(overlay, keys::listing(listing.id()), listing);
    use_reference(overlay, stage.context, "listing", operation.reference(), listing.id());
    return {listing.id(), {{"asset", operation.asset()}, {"status", "COMPLIANCE_CHECK"}}};
}

}  // namespace sanquan::contracts
