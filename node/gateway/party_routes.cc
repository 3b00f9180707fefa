// Organisations, balances, supply and rights.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <set>

#include "contracts/rights_query.h"
#include "ledger/base/amount.h"
#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/json_format.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/organisation_id.h"
#include "ledger/model/state_keys.h"
#include "node/gateway/asset_access.h"
#include "node/gateway/listing.h"
#include "node/gateway/routes.h"

namespace sanquan::node {
namespace {

namespace json = boost::json;
using MaybeViewer = std::optional<Viewer>;

constexpr std::size_t kRolesShownMax = 2'000;
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

// The cursor of the list of grants: the number of a page of the asset's grant index.
Result<std::optional<std::uint32_t>> read_page_number(const Call& call) {
    const auto text = call.parameter("cursor");
    if (!text) {
        return std::optional<std::uint32_t>();
    }
    std::uint32_t page = 0;
    const char* end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, page);
    if (error != std::errc() || stop != end) {
        return tl::unexpected(bad_cursor());
    }
    return std::optional(page);
}

// Notes which records an answer rests on, so that each of them can be proven.
class NotingView final : public ReadView {
  public:
    explicit NotingView(const ReadView& below) : below_(below) {}
    [[nodiscard]] std::optional<Bytes> get(ByteView key) const override {
        keys_.emplace(key);
        return below_.get(key);
    }
    [[nodiscard]] const std::set<Bytes>& keys() const { return keys_; }

  private:
    const ReadView& below_;
    mutable std::set<Bytes> keys_;
};

struct RightsQuestion {
    const Call& call;
    const Viewer& viewer;
    bool sees_all;
    std::string asset;
    std::string holder;  // empty: everybody's grants
};

// Fills `body` with the grants that the caller may see, in the state of `view` and `block`.
Status answer_rights(const RightsQuestion& question, const ReadView& view,
                     const contracts::BlockContext& block, json::object& body) {
    json::array grants;
    SANQUAN_TRY_ASSIGN(const auto page, read_page_number(question.call));
    if (!question.holder.empty()) {
        if (page) {
            return tl::unexpected(bad_cursor());  // a holder's grants are one page
        }
        body["holder"] = question.holder;
        for (const auto& grant :
             contracts::grants_of_holder(view, block, question.asset, question.holder)) {
            grants.push_back(grant_json(grant));
        }
        body["proof_key"] = contracts::holder_proof_key(question.asset, question.holder);
    } else {
        const auto rights = contracts::rights_on_asset(view, block, question.asset, page);
        if (!rights) {
            return fail(Code::kNotFound,
                        page ? "no such page" : "no asset " + question.asset + " at that height");
        }
        for (const auto& grant : rights->grants) {
            if (question.sees_all || names(grant.record, question.viewer.organisation)) {
                grants.push_back(grant_json(grant));
            }
        }
        body["state"] = text(rights->state);
        body["proof_key"] = keys::asset(question.asset);
        if (rights->next_page) {
            body["next_cursor"] = std::to_string(*rights->next_page);
        }
    }
    body["grants"] = std::move(grants);
    return {};
}

Result<PastState> read_state(const RouteContext& context, const Call& call) {
    const auto at = call.parameter("at");
    if (!at) {
        return PastState{context.ledger.state(), [] { return Status(); }};
    }
    SANQUAN_TRY_ASSIGN(const Height height, parse_height(*at));
    return context.ledger.state_at(height);
}

Result<Answer> show_rights(const RouteContext& context, const Call& call, const Viewer& viewer) {
    const StateSnapshot now = context.ledger.state();
    RightsQuestion question{call, viewer, false, call.parameter("asset").value_or(""),
                            call.parameter("holder").value_or("")};
    SANQUAN_TRY_ASSIGN(const auto asset, load_asset(now, question.asset));
    question.sees_all = sees_asset(now, question.asset, asset, viewer);
    if (!question.holder.empty() && !question.sees_all && viewer.organisation != question.holder) {
        return fail(Code::kForbidden, "grants are for holder, owner, authority and auditors");
    }
    SANQUAN_TRY_ASSIGN(const PastState past, read_state(context, call));
    const StateSnapshot& state = past.state;
    const NotingView view(*state.view);
    json::object body;
    body["asset"] = question.asset;
    body["at"] = std::to_string(state.height.value);
    SANQUAN_TRY(
        answer_rights(question, view, {context.ledger.chain(), state.height, state.time}, body));
    SANQUAN_TRY(past.complete());
    json::array facts;
    if (question.sees_all || !question.holder.empty()) {  // else keys would name others' grants
        for (const auto& key : view.keys()) {
            facts.push_back(json::string(key));
        }
    }
    body["proof_keys"] = std::move(facts);
    return json_answer(stamp_of(state), std::move(body));
}

Result<Answer> list_organisations(const RouteContext& context, const Call& call,
                                  const MaybeViewer& /*viewer*/) {
    SANQUAN_TRY_ASSIGN(
        auto page,
        read_page(
            context.ledger, call, "organisation/",
            [](const std::string& cursor) { return check_organisation_id(cursor).has_value(); },
            [](const std::string& id, const Bytes& value) -> Result<std::optional<json::value>> {
                SANQUAN_TRY_ASSIGN(const auto record, decode<wire::OrganisationRecord>(
                                                          value, limits::kStateValueBytesMax));
                return std::optional<json::value>(
                    json::object{{"id", id}, {"organisation", to_json(record)}});
            }));
    return page_answer("organisations", std::move(page));
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
    open("/v1/organisations", {"cursor", "limit"}, &list_organisations);
    open("/v1/organisations/{id}", {}, &show_organisation);
    open("/v1/supply", {}, &show_supply);
    members("/v1/balances/{organisation}", {}, &show_balances);
    members("/v1/rights", {"asset", "holder", "at", "cursor"}, &show_rights);
}

}  // namespace sanquan::node
