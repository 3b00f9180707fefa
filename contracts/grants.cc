#include "contracts/grants.h"

#include <algorithm>

#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/checks.h"
#include "contracts/exclusive_scan.h"
#include "contracts/explain.h"
#include "contracts/franchises.h"
#include "contracts/grant_chain.h"
#include "contracts/odrl.h"
#include "contracts/rights_table.h"
#include "contracts/rules.h"
#include "contracts/sources.h"
#include "ledger/base/limits.h"
#include "ledger/model/asset_code.h"

namespace sanquan::contracts {

namespace {

constexpr std::string_view kGrantPrefix = "G";

bool includes(const google::protobuf::RepeatedField<int>& actions, int action) {
    return std::find(actions.begin(), actions.end(), action) != actions.end();
}

Verdict check_actions(const wire::GrantRight& terms) {
    if (terms.actions().empty()) {
        return refuse(Code::kMissingField, {fact("field", "actions")});
    }
    int previous = 0;
    for (const int number : terms.actions()) {
        if (number <= previous) {
            return refuse(Code::kNotCanonical, {fact("field", "actions")},
                          {fact("actions", "strictly ascending")});
        }
        previous = number;
        if (!wire::Action_IsValid(number) ||
            !rights::is_action_of(terms.right(), static_cast<wire::Action>(number))) {
            return refuse(Code::kActionNotOfRight,
                          {fact("right", name_of(terms.right())),
                           fact("action", static_cast<std::uint64_t>(number))});
        }
    }
    return kPass;
}

Verdict check_term(const wire::GrantRight& terms, TimeMs now) {
    if (terms.valid_from_ms() < terms.valid_until_ms() && terms.valid_until_ms() > now.value) {
        return kPass;
    }
    return refuse(Code::kGrantTermInvalid,
                  {fact("from", TimeMs{terms.valid_from_ms()}),
                   fact("until", TimeMs{terms.valid_until_ms()}), fact("now", now)});
}

// Actions of the child within the parent's. Granting usage under an operation right needs
// SUBLICENSE in it: the holder licences others, it does not use.
Verdict check_scope(const wire::GrantRight& terms, const wire::GrantRecord& parent) {
    const std::vector<Fact> facts = {fact("parent_grant", terms.parent()),
                                     fact("parent_right", name_of(parent.right())),
                                     fact("right", name_of(terms.right()))};
    const bool licence =
        parent.right() == wire::OPERATION_MANAGEMENT && terms.right() == wire::USAGE;
    if (licence || (parent.right() == wire::USAGE && terms.right() == wire::USAGE)) {
        if (!includes(parent.actions(), wire::SUBLICENSE)) {
            return refuse(Code::kGrantorMayNot, facts,
                          {fact("action_of_parent", name_of(wire::SUBLICENSE))});
        }
    }
    if (licence) {
        return kPass;
    }
    if (terms.right() != parent.right()) {
        return refuse(Code::kDelegationWidened, facts);
    }
    for (const int action : terms.actions()) {
        if (!includes(parent.actions(), action)) {
            return refuse(Code::kDelegationWidened,
                          {fact("parent_grant", terms.parent()),
                           fact("action", name_of(static_cast<wire::Action>(action)))});
        }
    }
    return kPass;
}

Verdict check_depth(const wire::GrantRight& terms, const wire::GrantRecord& parent) {
    const bool licence = parent.right() != terms.right();
    const bool deep_enough = licence ? terms.delegation_depth() <= parent.delegation_depth()
                                     : terms.delegation_depth() < parent.delegation_depth();
    if (deep_enough) {
        return kPass;
    }
    return refuse(Code::kDelegationDepth,
                  {fact("parent_grant", terms.parent()),
                   fact("parent_depth", std::uint64_t{parent.delegation_depth()}),
                   fact("depth", std::uint64_t{terms.delegation_depth()})});
}

Verdict check_within_parent(const wire::GrantRight& terms, const wire::GrantRecord& parent) {
    SANQUAN_TRY_PASS(check_scope(terms, parent));
    SANQUAN_TRY_PASS(check_depth(terms, parent));
    if (terms.valid_from_ms() < parent.valid_from_ms() ||
        terms.valid_until_ms() > parent.valid_until_ms()) {
        return refuse(Code::kTermWidened,
                      {fact("from", TimeMs{terms.valid_from_ms()}),
                       fact("until", TimeMs{terms.valid_until_ms()})},
                      {fact("not_before", TimeMs{parent.valid_from_ms()}),
                       fact("not_after", TimeMs{parent.valid_until_ms()})});
    }
    if (within(terms.constraints(), parent.constraints()) == Truth::kTrue) {
        return kPass;
    }
    std::vector<Fact> needed;
    for (const wire::Constraint& constraint : parent.constraints()) {
        needed.push_back(fact("within", to_text(constraint)));
    }
    return refuse(Code::kConstraintWidened, {fact("parent_grant", terms.parent())},
                  std::move(needed));
}

Verdict check_delegate(const GrantRequest& request, const Context& context, const ReadView& view) {
    const wire::GrantRight& terms = request.terms;
    SANQUAN_TRY_PASS(require_grant(view, terms.parent()));
    const auto parent = load_existing<wire::GrantRecord>(view, keys::grant(terms.parent()));
    if (parent.asset() != terms.asset()) {
        return refuse(Code::kGrantOtherAsset,
                      {fact("parent_grant", terms.parent()), fact("asset", parent.asset())});
    }
    if (parent.holder() != request.grantor) {
        return refuse(Code::kNotGrantHolder, {fact("organisation", request.grantor)},
                      {fact("holder", parent.holder())});
    }
    SANQUAN_TRY_PASS(grant_live(view, context, terms.parent()));
    return check_within_parent(terms, parent);
}

// Nothing made from an input outlasts the grant that the input was used under.
Verdict check_source_terms(const wire::GrantRight& terms, const Inputs& inputs,
                           const Context& context, const ReadView& view) {
    SANQUAN_TRY_PASS(sources_granted(view, context, inputs));
    const auto sources = sources_of(view, inputs);
    for (const wire::AggregationInput& source : *sources) {
        const std::uint64_t until = effective_term(view, source.grant()).until;
        if (terms.valid_until_ms() > until) {
            return refuse(Code::kTermWidened,
                          {fact("input", source.asset()), fact("grant", source.grant()),
                           fact("until", TimeMs{terms.valid_until_ms()})},
                          {fact("not_after", TimeMs{until})});
        }
    }
    return kPass;
}

// The licence of a derived asset binds its owner too: it lies within that of every source.
Verdict check_sources(const wire::GrantRight& terms, const Context& context, const ReadView& view) {
    const auto derivation = load<wire::DerivationRecord>(view, keys::derivation(terms.asset()));
    if (!derivation) {
        return kPass;
    }
    SANQUAN_TRY_PASS(check_source_terms(terms, derivation->inputs(), context, view));
    if (within(terms.constraints(), derivation->constraints()) == Truth::kTrue) {
        return kPass;
    }
    std::vector<Fact> needed;
    for (const wire::Constraint& constraint : derivation->constraints()) {
        needed.push_back(fact("within", to_text(constraint)));
    }
    return refuse(Code::kOutputLicenceWidened, {fact("asset", terms.asset())}, std::move(needed));
}

Verdict check_owner(const GrantRequest& request, const Context& context, const ReadView& view) {
    const wire::AssetRecord asset = load_asset(view, request.terms.asset());
    if (share_of(asset, request.grantor) == 0) {
        return refuse(Code::kNotOwner,
                      {fact("organisation", request.grantor), fact("asset", request.terms.asset())},
                      {fact("organisation", asset.owners(0).organisation())});
    }
    SANQUAN_TRY_PASS(require_owner_signatures(view, context, asset));
    if (request.terms.delegation_depth() > limits::kDelegationDepthMax) {
        return refuse(Code::kDelegationDepth,
                      {fact("depth", std::uint64_t{request.terms.delegation_depth()})},
                      {fact("at_most", std::uint64_t{limits::kDelegationDepthMax})});
    }
    return check_sources(request.terms, context, view);
}

// In a franchised sector the owner's operation grants go to the platform company and end with its
// franchise.
Verdict check_franchise(const wire::GrantRight& terms, const Context& context,
                        const ReadView& view) {
    if (terms.right() != wire::OPERATION_MANAGEMENT || !terms.parent().empty()) {
        return kPass;
    }
    const auto franchise = exclusive_franchise(view, context, sector_of(terms.asset()));
    if (!franchise) {
        return kPass;
    }
    if (franchise->record.platform() != terms.holder()) {
        return refuse(Code::kFranchiseRequired,
                      {fact("holder", terms.holder()), fact("sector", sector_of(terms.asset())),
                       fact("franchise", franchise->id)},
                      {fact("holder", franchise->record.platform())});
    }
    if (terms.valid_until_ms() > franchise->record.valid_until_ms()) {
        return refuse(Code::kFranchiseOutlived, {fact("until", TimeMs{terms.valid_until_ms()})},
                      {fact("not_after", TimeMs{franchise->record.valid_until_ms()})});
    }
    return kPass;
}

// A licence that asks for money sells the use: as in the market, the asset is reviewed and its level
// allows it.
Verdict check_paid_usage(const wire::GrantRight& terms, const Context& context,
                         const ReadView& view) {
    if (terms.right() != wire::USAGE || !has_operand(terms.constraints(), "payAmount")) {
        return kPass;
    }
    return tradable(view, context, terms.asset(), named_purposes(terms.constraints()));
}

// Nothing that ended can come back, so it need not stand in the lists that are read.
bool is_over(const ReadView& view, const Context& context, const std::string& id) {
    return effective_term(view, id).until <= context.time.value;
}

Verdict check_holder_room(const wire::GrantRight& terms, const Context& context,
                          const ReadView& view) {
    const auto held = load<wire::HolderRecord>(view, keys::right(terms.asset(), terms.holder()));
    if (!held || held->grants_size() < static_cast<int>(limits::kHolderGrantsMax)) {
        return kPass;
    }
    const bool room = std::any_of(held->grants().begin(), held->grants().end(),
                                  [&](const auto& id) { return is_over(view, context, id); });
    return room ? kPass
                : refuse(Code::kHolderGrantLimit, {fact("holder", terms.holder())},
                         {fact("live_grants_below", std::uint64_t{limits::kHolderGrantsMax})});
}

void remove_over(google::protobuf::RepeatedPtrField<std::string>& ids, const Context& context,
                 const ReadView& view) {
    ids.erase(std::remove_if(ids.begin(), ids.end(),
                             [&](const auto& id) { return is_over(view, context, id); }),
              ids.end());
}

void add_to_holder(const wire::GrantRight& terms, const std::string& id, const Context& context,
                   Overlay& overlay) {
    const Bytes key = keys::right(terms.asset(), terms.holder());
    auto held = load<wire::HolderRecord>(overlay, key).value_or(wire::HolderRecord());
    if (held.grants_size() >= static_cast<int>(limits::kHolderGrantsMax)) {
        remove_over(*held.mutable_grants(), context, overlay);
    }
    held.add_grants(id);
    store(overlay, key, held);
}

void add_to_index(const wire::GrantRight& terms, const std::string& id, const Context& context,
                  Overlay& overlay) {
    const Bytes key = keys::grants(terms.asset());
    auto index = load<wire::GrantIndexRecord>(overlay, key).value_or(wire::GrantIndexRecord());
    if (index.grants_size() >= static_cast<int>(limits::kGrantsPerPage)) {
        wire::GrantIndexRecord page;
        page.mutable_grants()->Swap(index.mutable_grants());
        page.set_page_operation_until_ms(index.page_operation_until_ms());
        page.set_page_usage_until_ms(index.page_usage_until_ms());
        index.clear_page_operation_until_ms();
        index.clear_page_usage_until_ms();
        index.set_full_pages(index.full_pages() + 1);
        store(overlay, keys::grants(terms.asset(), index.full_pages()), page);
    }
    index.add_grants(id);
    const std::uint64_t until = terms.valid_until_ms();
    if (terms.right() == wire::OPERATION_MANAGEMENT) {
        index.set_operation_until_ms(std::max(index.operation_until_ms(), until));
        index.set_page_operation_until_ms(std::max(index.page_operation_until_ms(), until));
    } else {
        index.set_usage_until_ms(std::max(index.usage_until_ms(), until));
        index.set_page_usage_until_ms(std::max(index.page_usage_until_ms(), until));
    }
    if (terms.exclusive()) {
        remove_over(*index.mutable_exclusive(), context, overlay);
        index.add_exclusive(id);
    }
    store(overlay, key, index);
}

std::string franchise_of(const GrantRequest& request, const Context& context,
                         const ReadView& view) {
    if (request.terms.right() != wire::OPERATION_MANAGEMENT) {
        return {};
    }
    const auto franchise = exclusive_franchise(view, context, sector_of(request.terms.asset()));
    return franchise ? franchise->id : std::string();
}

}  // namespace

Verdict preflight_grant(const wire::GrantRight& terms, const Context& context) {
    if (terms.right() == wire::OWNERSHIP) {
        return refuse(Code::kRightNotGrantable, {fact("right", name_of(terms.right()))});
    }
    if (terms.right() != wire::OPERATION_MANAGEMENT && terms.right() != wire::USAGE) {
        return refuse(Code::kBadChoice, {fact("field", "right")});
    }
    SANQUAN_TRY_PASS(check_actions(terms));
    SANQUAN_TRY_PASS(check_term(terms, context.time));
    return check_constraints(terms.constraints());
}

Verdict check_grant(const GrantRequest& request, const Context& context, const ReadView& view) {
    const wire::GrantRight& terms = request.terms;
    SANQUAN_TRY_PASS(certified(view, context, terms.asset()));
    SANQUAN_TRY_PASS(require_registered(view, terms.holder()));
    const auto term_max = parameter(view, context, Parameter::kGrantTermMsMax);
    if (terms.valid_from_ms() >= terms.valid_until_ms() ||
        terms.valid_until_ms() - terms.valid_from_ms() > term_max) {
        return refuse(Code::kGrantTermInvalid, {fact("until", TimeMs{terms.valid_until_ms()})},
                      {parameter_fact(view, context, Parameter::kGrantTermMsMax)});
    }
    if (!terms.parent().empty() && terms.holder() == request.grantor) {
        return refuse(Code::kHolderIsGrantor, {fact("holder", terms.holder())});
    }
    SANQUAN_TRY_PASS(terms.parent().empty() ? check_owner(request, context, view)
                                            : check_delegate(request, context, view));
    if (request.order.empty()) {
        SANQUAN_TRY_PASS(check_paid_usage(terms, context, view));
    }
    SANQUAN_TRY_PASS(check_franchise(terms, context, view));
    SANQUAN_TRY_PASS(check_holder_room(terms, context, view));
    SANQUAN_TRY_PASS(check_exclusive_clash(terms, context, view));
    return require_new(view, keys::grant(make_id(kGrantPrefix, context, request.ordinal)));
}

std::string write_grant(const GrantRequest& request, const Context& context, Overlay& overlay) {
    const wire::GrantRight& terms = request.terms;
    std::string id = make_id(kGrantPrefix, context, request.ordinal);
    wire::GrantRecord grant;
    grant.set_asset(terms.asset());
    grant.set_grantor(request.grantor);
    grant.set_holder(terms.holder());
    grant.set_right(terms.right());
    *grant.mutable_actions() = terms.actions();
    grant.set_exclusive(terms.exclusive());
    grant.set_valid_from_ms(terms.valid_from_ms());
    grant.set_valid_until_ms(terms.valid_until_ms());
    grant.set_parent(terms.parent());
    grant.set_delegation_depth(terms.delegation_depth());
    *grant.mutable_constraints() = terms.constraints();
    grant.set_franchise(franchise_of(request, context, overlay));
    grant.set_granted_ms(context.time.value);
    grant.set_order(std::string(request.order));
    store(overlay, keys::grant(id), grant);
    add_to_holder(terms, id, context, overlay);
    add_to_index(terms, id, context, overlay);
    return id;
}

}  // namespace sanquan::contracts
