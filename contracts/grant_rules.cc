// Whether a grant is in force and what it allows: the lazy cascade of revocation.
#include <algorithm>

#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/franchises.h"
#include "contracts/grant_chain.h"
#include "contracts/rights_table.h"
#include "contracts/rules.h"
#include "ledger/model/asset_code.h"

namespace sanquan::contracts {

namespace {

// The grant by itself: revocation and term.
Verdict own_term(const Context& context, std::string_view id, const wire::GrantRecord& grant) {
    if (grant.revoked_ms() != 0) {
        return refuse(Code::kGrantRevoked,
                      {fact("grant", id), fact("revoked_by", grant.revoked_by()),
                       fact("revoked_at", TimeMs{grant.revoked_ms()})});
    }
    if (context.time.value < grant.valid_from_ms()) {
        return refuse(Code::kGrantNotYetValid, {fact("grant", id), fact("now", context.time)},
                      {fact("from", TimeMs{grant.valid_from_ms()})});
    }
    if (context.time.value >= grant.valid_until_ms()) {
        return refuse(Code::kGrantExpired, {fact("grant", id), fact("now", context.time)},
                      {fact("before", TimeMs{grant.valid_until_ms()})});
    }
    return kPass;
}

// An operation right ends with the franchise that it rests on, and yields to a franchise that began
// after it. `running`: the exclusive one of the asset's sector now, or empty.
Verdict in_force(const Context& context, const GrantLink& link, const std::string& running) {
    SANQUAN_TRY_PASS(own_term(context, link.id, link.record));
    if (link.record.right() != wire::OPERATION_MANAGEMENT || link.record.franchise() == running) {
        return kPass;
    }
    return refuse(Code::kFranchiseRequired,
                  {fact("grant", link.id), fact("rests_on", link.record.franchise()),
                   fact("franchise_now", running.empty() ? "none" : running)});
}

bool allows(const wire::GrantRecord& grant, wire::Action action) {
    return std::find(grant.actions().begin(), grant.actions().end(), action) !=
           grant.actions().end();
}

rights::AssetState state_of(const ReadView& view, const Context& context, std::string_view code,
                            const wire::AssetRecord& asset) {
    if (has_ended(asset.status())) {
        return rights::AssetState::kEnded;
    }
    if (asset.status() == wire::ASSET_SUSPENDED || asset.status() == wire::ASSET_OBJECTED) {
        return rights::AssetState::kHalted;
    }
    if (!is_certified(asset.status())) {
        return rights::AssetState::kNotCertified;
    }
    if (certified(view, context, code)) {
        return rights::AssetState::kHalted;
    }
    const bool franchised = exclusive_franchise(view, context, sector_of(code)).has_value();
    if (asset.level() >= wire::CORE) {
        return franchised ? rights::AssetState::kCoreFranchised : rights::AssetState::kCore;
    }
    return franchised ? rights::AssetState::kFranchised : rights::AssetState::kOpen;
}

rights::Holder owner_kind(const ReadView& view, const wire::AssetRecord& asset,
                          std::string_view organisation) {
    if (share_of(asset, organisation) == 0) {
        return rights::Holder::kStranger;
    }
    const auto record = find_organisation(view, organisation);
    return record && record->threshold() > 0 ? rights::Holder::kOwner
                                             : rights::Holder::kUnclaimedOwner;
}

}  // namespace

std::vector<GrantLink> grant_chain(const ReadView& view, std::string_view grant) {
    std::vector<GrantLink> chain;
    std::string id(grant);
    while (!id.empty()) {
        chain.push_back({id, load_existing<wire::GrantRecord>(view, keys::grant(id))});
        id = chain.back().record.parent();
    }
    return chain;
}

Verdict chain_in_force(const ReadView& view, const Context& context,
                       const std::vector<GrantLink>& chain) {
    const auto franchise =
        exclusive_franchise(view, context, sector_of(chain.front().record.asset()));
    const std::string running = franchise ? franchise->id : std::string();
    SANQUAN_TRY_PASS(in_force(context, chain.front(), running));
    for (std::size_t i = 1; i < chain.size(); ++i) {
        if (chain[i - 1].record.right() == wire::USAGE &&
            chain[i].record.right() == wire::OPERATION_MANAGEMENT &&
            parameter(view, context, Parameter::kUsageEndsWithOperation) == 0) {
            return kPass;
        }
        if (const Verdict dead = in_force(context, chain[i], running)) {
            return refuse(Code::kParentGrantEnded,
                          {fact("grant", chain.front().id), fact("parent_grant", chain[i].id),
                           fact("because", text(dead->code))});
        }
    }
    return kPass;
}

EffectiveTerm effective_term(const ReadView& view, std::string_view grant) {
    auto record = load_existing<wire::GrantRecord>(view, keys::grant(grant));
    const wire::Right right = record.right();
    EffectiveTerm term{std::max(record.valid_from_ms(), record.granted_ms()),
                       record.valid_until_ms()};
    while (record.right() == right) {
        term.until = std::min(term.until, record.valid_until_ms());
        if (record.revoked_ms() != 0) {
            term.until = std::min(term.until, record.revoked_ms());
        }
        if (record.parent().empty()) {
            break;
        }
        record = load_existing<wire::GrantRecord>(view, keys::grant(record.parent()));
    }
    return term;
}

bool same_scope(const wire::GrantRecord& a, const wire::GrantRecord& b) {
    return a.right() == b.right() &&
           std::any_of(a.actions().begin(), a.actions().end(),
                       [&](int action) { return allows(b, static_cast<wire::Action>(action)); });
}

Verdict require_grant(const ReadView& view, std::string_view grant) {
    const bool found = !grant.empty() && grant.size() <= limits::kIdentifierBytesMax &&
                       exists(view, keys::grant(grant));
    return found ? kPass : refuse(Code::kNoSuchGrant, {fact("grant", grant)});
}

Verdict grant_live(const ReadView& view, const Context& context, std::string_view grant) {
    SANQUAN_TRY_PASS(require_grant(view, grant));
    const auto chain = grant_chain(view, grant);
    SANQUAN_TRY_PASS(chain_in_force(view, context, chain));
    return certified(view, context, chain.front().record.asset());
}

Verdict may_act_under(const ReadView& view, const Context& context, std::string_view grant,
                      std::string_view organisation, std::string_view asset, wire::Action action,
                      Exclusivity exclusivity) {
    SANQUAN_TRY_PASS(require_grant(view, grant));
    const auto record = load_existing<wire::GrantRecord>(view, keys::grant(grant));
    if (record.asset() != asset) {
        return refuse(Code::kGrantOtherAsset, {fact("grant", grant), fact("asset", record.asset())},
                      {fact("asset", asset)});
    }
    if (record.holder() != organisation) {
        return refuse(Code::kNotGrantHolder,
                      {fact("grant", grant), fact("organisation", organisation)},
                      {fact("holder", record.holder())});
    }
    if (!allows(record, action)) {
        return refuse(Code::kActionNotOfRight,
                      {fact("grant", grant), fact("right", name_of(record.right())),
                       fact("action", name_of(action))});
    }
    if (exclusivity == Exclusivity::kExclusive && !record.exclusive()) {
        return refuse(Code::kNotExclusive, {fact("grant", grant)});
    }
    SANQUAN_TRY_PASS(chain_in_force(view, context, grant_chain(view, grant)));
    return certified(view, context, asset);
}

Verdict holds_right(const ReadView& view, const Context& context, std::string_view organisation,
                    std::string_view asset, wire::Action action, Exclusivity exclusivity) {
    SANQUAN_TRY_PASS(require_asset(view, asset));
    const wire::AssetRecord record = load_asset(view, asset);
    const rights::AssetState state = state_of(view, context, asset, record);
    const rights::Holder as_owner = owner_kind(view, record, organisation);
    Code nearest = rights::decide(wire::OWNERSHIP, action, as_owner, state);
    if (nearest == Code::kOk) {
        return kPass;
    }
    const auto held = load<wire::HolderRecord>(view, keys::right(asset, organisation));
    for (int i = held ? held->grants_size() - 1 : -1; i >= 0; --i) {
        const std::string& id = held->grants(i);
        const Verdict verdict =
            may_act_under(view, context, id, organisation, asset, action, exclusivity);
        if (!verdict) {
            return kPass;
        }
        nearest = verdict->code;
    }
    // The precise reason why nobody may act on the asset now is worth more than "no right".
    if (nearest != Code::kActionForbidden) {
        SANQUAN_TRY_PASS(certified(view, context, asset));
    }
    const Code code = nearest == Code::kActionForbidden || nearest == Code::kFranchiseRequired
                          ? nearest
                          : Code::kNoRight;
    return refuse(code, {fact("organisation", organisation), fact("asset", asset),
                         fact("action", name_of(action)), fact("nearest", text(nearest))});
}

}  // namespace sanquan::contracts
