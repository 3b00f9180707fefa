// The catalogue, one asset, its history and where it comes from.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "contracts/provenance.h"
#include "ledger/base/limits.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/json_format.h"
#include "ledger/model/asset_code.h"
#include "ledger/model/state_keys.h"
#include "node/gateway/asset_access.h"
#include "node/gateway/history_entry.h"
#include "node/gateway/listing.h"
#include "node/gateway/payments.h"
#include "node/gateway/receipt_json.h"
#include "node/gateway/routes.h"

namespace sanquan::node {
namespace {

namespace json = boost::json;
using MaybeViewer = std::optional<Viewer>;

Stamp stamp_of(const StateSnapshot& state) { return {state.height, state.root, state.time}; }

template <typename Record>
Result<Record> load(const StateSnapshot& state, const Bytes& key) {
    const auto bytes = state.view->get(key);
    if (!bytes) {
        return fail(Code::kNotFound, key);
    }
    return decode<Record>(*bytes, limits::kStateValueBytesMax);
}

bool fits(const Call& call, const std::string& code, const wire::AssetRecord& asset) {
    const auto sector = call.parameter("sector");
    const auto region = call.parameter("region");
    const auto owner = call.parameter("owner");
    const auto status = call.parameter("status");
    const bool owned =
        !owner || std::any_of(asset.owners().begin(), asset.owners().end(),
                              [&](const auto& share) { return share.organisation() == *owner; });
    return owned && (!sector || sector_of(code) == *sector) &&
           (!region || region_of(code) == *region) &&
           (!status || wire::AssetStatus_Name(asset.status()) == *status);
}

Result<Answer> list_assets(const RouteContext& context, const Call& call,
                           const MaybeViewer& viewer) {
    const StateSnapshot state = context.ledger.state();
    SANQUAN_TRY_ASSIGN(
        auto page,
        read_page(
            context.ledger, call, "asset/",
            [&](const std::string& code, const Bytes& value) -> Result<std::optional<json::value>> {
                SANQUAN_TRY_ASSIGN(const auto asset,
                                   decode<wire::AssetRecord>(value, limits::kStateValueBytesMax));
                if (!may_list(asset, viewer) || !fits(call, code, asset)) {
                    return std::optional<json::value>();
                }
                json::object entry{{"code", code}, {"asset", to_json(asset)}};
                const auto dataset = load<wire::DatasetRecord>(state, keys::dataset(code));
                if (dataset) {
                    entry["title"] = to_json(dataset->dataset().title());
                    entry["catalogue"] = dataset->dataset().catalogue();
                    entry["identifier"] = dataset->dataset().identifier();
                }
                return std::optional<json::value>(std::move(entry));
            }));
    return page_answer("assets", std::move(page));
}

// The asset, when the caller may read it at all.
Result<wire::AssetRecord> readable_asset(const StateSnapshot& state, const std::string& code,
                                         const MaybeViewer& viewer) {
    SANQUAN_TRY_ASSIGN(auto asset, load_asset(state, code));
    if (!may_list(asset, viewer)) {
        return fail(Code::kAuthenticationRequired, "this asset is not open");
    }
    return asset;
}

Result<Answer> show_asset(const RouteContext& context, const Call& call,
                          const MaybeViewer& viewer) {
    const std::string& code = call.value("code");
    const StateSnapshot state = context.ledger.state();
    SANQUAN_TRY_ASSIGN(const auto asset, readable_asset(state, code, viewer));
    json::object body;
    body["code"] = code;
    body["sector"] = std::string(sector_of(code));
    body["region"] = std::string(region_of(code));
    body["asset"] = to_json(asset);
    const auto dataset = load<wire::DatasetRecord>(state, keys::dataset(code));
    body["dataset"] = dataset ? json::value(to_json(*dataset)) : json::value(json::object());
    return json_answer(stamp_of(state), std::move(body));
}

// One operation, as far as the viewer may see it.
json::object entry_json(const HistoryEntry& found, bool sees_all, const MaybeViewer& viewer) {
    const bool in_full = sees_all || (viewer && names(found.operation(), viewer->organisation));
    json::object entry;
    entry["transaction_id"] = found.id.hex();
    entry["height"] = std::to_string(found.place.height.value);
    entry["index"] = found.place.transaction;
    entry["operation"] = found.place.operation;
    entry["time_ms"] = std::to_string(found.time.value);
    json::object operation = to_json(found.operation());
    entry["kind"] = operation.empty() ? json::value("") : json::value(operation.begin()->key());
    if (const auto* result = found.result()) {
        wire::Receipt one;
        *one.add_results() = *result;
        json::object shown = in_full ? receipt_json(one) : receipt_summary(one);
        for (auto& member : shown["results"].as_array().at(0).as_object()) {
            entry[member.key()] = std::move(member.value());
        }
    }
    if (in_full) {
        entry["sender"] = found.body.sender();
        entry["details"] = std::move(operation);
    }
    return entry;
}

Result<Answer> show_history(const RouteContext& context, const Call& call,
                            const MaybeViewer& viewer) {
    const std::string& code = call.value("code");
    const StateSnapshot state = context.ledger.state();
    SANQUAN_TRY_ASSIGN(const auto asset, readable_asset(state, code, viewer));
    const bool sees_all = sees_asset(state, code, asset, viewer);
    SANQUAN_TRY_ASSIGN(const std::size_t limit, read_limit(call));
    SANQUAN_TRY_ASSIGN(const auto page,
                       context.history->find(code, call.parameter("cursor").value_or(""), limit));
    json::array entries;
    HistoryReader reader(context.ledger);
    for (const auto& place : page.places) {
        SANQUAN_TRY_ASSIGN(const auto entry, reader.load(place));
        entries.push_back(entry_json(entry, sees_all, viewer));
    }
    json::object body;
    body["code"] = code;
    body["entries"] = std::move(entries);
    body["indexed_to"] = std::to_string(page.indexed_to.value);
    if (!page.next_cursor.empty()) {
        body["next_cursor"] = page.next_cursor;
    }
    Answer answer = json_answer(stamp_of(state), std::move(body));
    answer.work = static_cast<double>(reader.blocks());
    return answer;
}

json::object node_json(const contracts::ProvenanceNode& node, bool in_full) {
    json::object object;
    object["code"] = node.asset;
    object["asset"] = to_json(node.record);
    object["title"] = to_json(node.dataset.dataset().title());
    object["publisher"] = node.dataset.dataset().publisher();
    if (node.derivation) {
        object["derivation"] = to_json(*node.derivation);
    }
    json::array processings;
    for (const auto& processing : node.processings) {
        processings.push_back(to_json(processing));
    }
    object["processings"] = std::move(processings);
    json::array not_needed;
    for (const auto& [stage, record] : node.not_needed) {
        not_needed.push_back({{"stage", stage}, {"record", to_json(record)}});
    }
    object["not_needed"] = std::move(not_needed);
    json::array sources;
    for (const auto& source : node.sources) {
        json::object entry{{"node", source.node}, {"grant", source.grant}};
        if (in_full) {
            entry["grant_record"] = to_json(source.grant_record);
        }
        sources.push_back(std::move(entry));
    }
    object["sources"] = std::move(sources);
    object["sources_left_off"] = node.sources_left_off;
    return object;
}

Result<Answer> show_provenance(const RouteContext& context, const Call& call,
                               const MaybeViewer& viewer) {
    const std::string& code = call.value("code");
    const StateSnapshot state = context.ledger.state();
    SANQUAN_TRY(readable_asset(state, code, viewer));
    const auto provenance = contracts::provenance_of(*state.view, code);
    if (!provenance) {
        return fail(Code::kNotFound, "asset " + code);
    }
    json::array nodes;
    PaymentBudget budget;
    for (const auto& node : provenance->nodes) {
        if (!may_list(node.record, viewer)) {
            nodes.push_back(json::object{{"code", node.asset}, {"open", false}});
            continue;
        }
        const bool sees_all = sees_asset(state, node.asset, node.record, viewer);
        json::object shown = node_json(node, sees_all);
        if (viewer) {
            SANQUAN_TRY_ASSIGN(auto payments, payments_of(context.ledger, *context.history,
                                                          node.asset, sees_all, *viewer, budget));
            shown["payments"] = std::move(payments.list);
            shown["payments_left_off"] = payments.left_off;
        }
        nodes.push_back(std::move(shown));
    }
    json::object body;
    body["nodes"] = std::move(nodes);
    return json_answer(stamp_of(state), std::move(body));
}

}  // namespace

void add_asset_routes(Router& router, const RouteContextPtr& context) {
    const auto route = [&](const char* pattern, std::vector<std::string> parameters, auto show) {
        router.add(
            "GET", pattern, std::move(parameters),
            public_read(context, [context, show](const Call& call, const MaybeViewer& viewer) {
                return show(*context, call, viewer);
            }));
    };
    route("/v1/assets", {"sector", "region", "owner", "status", "cursor", "limit"}, &list_assets);
    route("/v1/assets/{code}", {}, &show_asset);
    route("/v1/assets/{code}/history", {"cursor", "limit"}, &show_history);
    route("/v1/assets/{code}/provenance", {}, &show_provenance);
}

}  // namespace sanquan::node
