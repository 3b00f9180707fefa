// Organisations, balances, supply and rights.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>

#include "contracts/rights_query.h"
#include "ledger/base/amount.h"
#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/json_format.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/organisation_id.h"
#include "ledger/model/state_keys.h"
#include "node/gateway/asset_access.h"
#include "node/gateway/routes.h"

namespace sanquan::node {
namespace {

namespace json = boost::json;
using MaybeViewer = std::optional<Viewer>;

constexpr std::size_t kRolesShownMax = 200;
constexpr std::size_t kCurrenciesMax = 1'000;

Stamp stamp_of(const StateSnapshot& state) { return {state.height, state.root, state.time}; }

std::string decimal(const Bytes& amount) {
    const auto value = Amount::decode(amount);
    return value ? value->to_string() : "0";
}

Result<json::array> keys_json(const StateSnapshot& state, const wire::OrganisationRecord& record) {
    json::array list;
    for (const auto& id : record.keys()) {
        const auto bytes = state.view->get(keys::key(id));
        if (!bytes) {
            continue;
        }
        SANQUAN_TRY_ASSIGN(const auto key,
                           decode<wire::KeyRecord>(*bytes, limits::kStateValueBytesMax));
        json::object entry = to_json(key);
        entry["key_id"] = to_hex(id);
        list.push_back(std::move(entry));
    }
    return list;
}

Result<Answer> show_organisation(const RouteContext& context, const Call& call,
                                 const MaybeViewer& /*viewer*/) {
    const std::string& id = call.value("id");
    SANQUAN_TRY(check_organisation_id(id));
    const StateSnapshot state = context.ledger.state();
    const auto bytes = state.view->get(keys::organisation(id));
    if (!bytes) {
        return fail(Code::kNotFound, "organisation " + id);
    }
    SANQUAN_TRY_ASSIGN(const auto record,
                       decode<wire::OrganisationRecord>(*bytes, limits::kStateValueBytesMax));
    json::array roles;
    const std::string prefix = "role/" + id + "/";
    for (const auto& [key, value] : context.ledger.scan(prefix, "", kRolesShownMax)) {
        SANQUAN_TRY_ASSIGN(const auto role,
                           decode<wire::RoleRecord>(value, limits::kStateValueBytesMax));
        json::object entry = to_json(role);
        entry["role"] = key.substr(prefix.size());
        roles.push_back(std::move(entry));
    }
    SANQUAN_TRY_ASSIGN(auto key_list, keys_json(state, record));
    json::object body;
    body["id"] = id;
    body["organisation"] = to_json(record);
    body["roles"] = std::move(roles);
    body["keys"] = std::move(key_list);
    return json_answer(stamp_of(state), std::move(body));
}

Result<Answer> show_balances(const RouteContext& context, const Call& call, const Viewer& viewer) {
    const std::string& id = call.value("organisation");
    SANQUAN_TRY(check_organisation_id(id));
    const StateSnapshot state = context.ledger.state();
    if (!viewer.sees_everything && viewer.organisation != id &&
        !has_role(state, viewer.organisation, wire::SETTLEMENT_BANK)) {
        return fail(Code::kForbidden, "balances are for their owner, the banks and auditors");
    }
    json::object balances;
    const std::string prefix = "balance/" + id + "/";
    for (const auto& [key, value] : context.ledger.scan(prefix, "", kCurrenciesMax)) {
        SANQUAN_TRY_ASSIGN(const auto record,
                           decode<wire::BalanceRecord>(value, limits::kStateValueBytesMax));
        balances[key.substr(prefix.size())] = decimal(record.amount());
    }
    json::object body;
    body["organisation"] = id;
    body["balances"] = std::move(balances);
    return json_answer(stamp_of(state), std::move(body));
}

Result<Answer> show_supply(const RouteContext& context, const Call& /*call*/,
                           const MaybeViewer& /*viewer*/) {
    const StateSnapshot state = context.ledger.state();
    json::object supply;
    const std::string prefix = "supply/";
    for (const auto& [key, value] : context.ledger.scan(prefix, "", kCurrenciesMax)) {
        SANQUAN_TRY_ASSIGN(const auto record,
                           decode<wire::SupplyRecord>(value, limits::kStateValueBytesMax));
        supply[key.substr(prefix.size())] = {{"issued", decimal(record.issued())},
                                             {"redeemed", decimal(record.redeemed())}};
    }
    json::object body;
    body["supply"] = std::move(supply);
    return json_answer(stamp_of(state), std::move(body));
}

json::object grant_json(const contracts::HeldGrant& grant) {
    json::object object{{"id", grant.id}, {"grant", to_json(grant.record)}};
    object["state"] = text(grant.state);
    json::array parents;
    for (const auto& parent : grant.rests_on) {
        parents.push_back(json::string(parent));
    }
    object["rests_on"] = std::move(parents);
    return object;
}

Result<std::optional<std::uint32_t>> read_page_number(const Call& call) {
    const auto text = call.parameter("page");
    if (!text) {
        return std::optional<std::uint32_t>();
    }
    std::uint32_t page = 0;
    const char* end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, page);
    if (error != std::errc() || stop != end) {
        return fail(Code::kBadRequest, "page");
    }
    return std::optional(page);
}

Result<Answer> show_rights(const RouteContext& context, const Call& call, const Viewer& viewer) {
    const std::string code = call.parameter("asset").value_or("");
    const std::string holder = call.parameter("holder").value_or("");
    const StateSnapshot state = context.ledger.state();
    SANQUAN_TRY_ASSIGN(const auto asset, load_asset(state, code));
    const bool sees_all = sees_asset(state, code, asset, viewer);
    const contracts::BlockContext block{context.ledger.chain(), state.height, state.time};
    json::object body;
    body["asset"] = code;
    json::array grants;
    if (!holder.empty()) {
        if (!sees_all && viewer.organisation != holder) {
            return fail(Code::kForbidden, "grants are for holder, owner, authority and auditors");
        }
        body["holder"] = holder;
        for (const auto& grant : contracts::grants_of_holder(*state.view, block, code, holder)) {
            grants.push_back(grant_json(grant));
        }
        body["proof_key"] = contracts::holder_proof_key(code, holder);
    } else {
        SANQUAN_TRY_ASSIGN(const auto page, read_page_number(call));
        const auto rights = contracts::rights_on_asset(*state.view, block, code, page);
        if (!rights) {
            return fail(Code::kNotFound, "no such page");
        }
        for (const auto& grant : rights->grants) {
            if (sees_all || names(grant.record, viewer.organisation)) {
                grants.push_back(grant_json(grant));
            }
        }
        body["state"] = text(rights->state);
        body["proof_key"] = keys::asset(code);
        if (rights->next_page) {
            body["next_page"] = *rights->next_page;
        }
    }
    body["grants"] = std::move(grants);
    return json_answer(stamp_of(state), std::move(body));
}

}  // namespace

void add_party_routes(Router& router, const RouteContextPtr& context) {
    const auto open = [&](const char* pattern, std::vector<std::string> parameters, auto show) {
        router.add(
            "GET", pattern, std::move(parameters),
            public_read(context, [context, show](const Call& call, const MaybeViewer& viewer) {
                return show(*context, call, viewer);
            }));
    };
    const auto members = [&](const char* pattern, std::vector<std::string> parameters, auto show) {
        router.add("GET", pattern, std::move(parameters),
                   member_read(context, [context, show](const Call& call, const Viewer& viewer) {
                       return show(*context, call, viewer);
                   }));
    };
    open("/v1/organisations/{id}", {}, &show_organisation);
    open("/v1/supply", {}, &show_supply);
    members("/v1/balances/{organisation}", {}, &show_balances);
    members("/v1/rights", {"asset", "holder", "page"}, &show_rights);
}

}  // namespace sanquan::node
