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
            [](const std::string& cursor) { return parse_asset_code(cursor).has_value(); },
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
json::object entry_json(const HistoryEntry& found, bool opened, const MaybeViewer& viewer) {
    const bool in_full = opened || (viewer && names(found.operation(), viewer->organisation));
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

// Who may see what of an asset's history, and as of when. The state itself is let go before history is read, which may
// take long: a held state costs every reader (StateStore::head).
struct Sight {
    Stamp stamp;
    bool sees_all = false;
};

Result<Sight> sight_of(const RouteContext& context, const std::string& code,
                       const MaybeViewer& viewer) {
    const StateSnapshot state = context.ledger.state();
    SANQUAN_TRY_ASSIGN(const auto asset, readable_asset(state, code, viewer));
    return Sight{stamp_of(state), sees_asset(state, code, asset, viewer)};
}

Result<Answer> show_history(const RouteContext& context, const Call& call,
                            const MaybeViewer& viewer) {
    const std::string& code = call.value("code");
    SANQUAN_TRY_ASSIGN(const Sight sight, sight_of(context, code, viewer));
    SANQUAN_TRY_ASSIGN(const std::size_t limit, read_limit(call));
    const auto cursor = call.parameter("cursor");
    if (cursor && cursor->empty()) {
        return tl::unexpected(bad_cursor());
    }
    SANQUAN_TRY_ASSIGN(const auto page, context.history->find(code, cursor.value_or(""), limit));
    json::array entries;
    HistoryReader reader(context.ledger);
    for (const auto& place : page.places) {
        SANQUAN_TRY_ASSIGN(const auto entry, reader.load(place));
        // SECURITY: the index finds, it does not open: what concerns another asset stays closed.
        const bool opened = sight.sees_all && concerns(*context.ledger.state().view,
                                                       entry.operation(), entry.result(), code);
        entries.push_back(entry_json(entry, opened, viewer));
    }
    json::object body;
    body["code"] = code;
    body["entries"] = std::move(entries);
    body["indexed_to"] = std::to_string(page.indexed_to.value);
    if (!page.next_cursor.empty()) {
        body["next_cursor"] = page.next_cursor;
    }
    Answer answer = json_answer(sight.stamp, std::move(body));
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

struct Graph {
    Stamp stamp;
    json::array nodes;
    std::vector<std::pair<std::string, bool>>
        open;  // code, and whether the viewer sees all of it; by node
};

// All that the state says of where an asset comes from.
Result<Graph> graph_of(const RouteContext& context, const std::string& code,
                       const MaybeViewer& viewer) {
    const StateSnapshot state = context.ledger.state();
    SANQUAN_TRY(readable_asset(state, code, viewer));
    const auto provenance = contracts::provenance_of(*state.view, code);
    if (!provenance) {
        return fail(Code::kNotFound, "asset " + code);
    }
    Graph graph;
    graph.stamp = stamp_of(state);
    for (const auto& node : provenance->nodes) {
        if (!may_list(node.record, viewer)) {
            graph.nodes.push_back(json::object{{"code", node.asset}, {"open", false}});
            graph.open.emplace_back();
            continue;
        }
        const bool sees_all = sees_asset(state, node.asset, node.record, viewer);
        graph.nodes.push_back(node_json(node, sees_all));
        graph.open.emplace_back(node.asset, sees_all);
    }
    return graph;
}

Result<Answer> show_provenance(const RouteContext& context, const Call& call,
                               const MaybeViewer& viewer) {
    SANQUAN_TRY_ASSIGN(Graph graph, graph_of(context, call.value("code"), viewer));
    PaymentBudget budget;
    for (std::size_t i = 0; viewer && i < graph.open.size(); ++i) {
        const auto& [asset, sees_all] = graph.open[i];
        if (asset.empty()) {
            continue;
        }
        SANQUAN_TRY_ASSIGN(auto payments, payments_of(context.ledger, *context.history, asset,
                                                      sees_all, *viewer, budget));
        json::object& shown = graph.nodes[i].as_object();
        shown["payments"] = std::move(payments.list);
        shown["payments_left_off"] = payments.left_off;
    }
    json::object body;
    body["nodes"] = std::move(graph.nodes);
    return json_answer(graph.stamp, std::move(body));
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
