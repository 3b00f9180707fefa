// The catalogue, one asset, its history and where it comes from.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "contracts/provenance.h"
#include "ledger/base/limits.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/json_format.h"
#include "ledger/codec/transaction.pb.h"
#include "ledger/model/asset_code.h"
#include "ledger/model/block.h"
#include "ledger/model/state_keys.h"
#include "ledger/model/transaction.h"
#include "node/gateway/asset_access.h"
#include "node/gateway/history_index.h"
#include "node/gateway/listing.h"
#include "node/gateway/receipt_json.h"
#include "node/gateway/routes.h"

namespace sanquan::node {
namespace {

namespace json = boost::json;
using MaybeViewer = std::optional<Viewer>;

constexpr std::size_t kHistoryPage = 100;

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

// One operation of a block, as far as the viewer may see it.
struct EntryView {
    const wire::TransactionBody& body;
    const wire::Receipt& receipt;
    const wire::BlockHeader& header;
    HistoryPlace place;
    TransactionId id;
};

json::object entry_json(const EntryView& view, bool in_full) {
    json::object entry;
    entry["transaction_id"] = view.id.hex();
    entry["height"] = std::to_string(view.place.height.value);
    entry["index"] = view.place.transaction;
    entry["operation"] = view.place.operation;
    entry["time_ms"] = std::to_string(view.header.time_ms());
    json::object operation = to_json(view.body.operations(static_cast<int>(view.place.operation)));
    entry["kind"] = operation.empty() ? json::value("") : json::value(operation.begin()->key());
    const int number = static_cast<int>(view.place.operation);
    if (number < view.receipt.results_size()) {
        wire::Receipt one;
        *one.add_results() = view.receipt.results(number);
        json::object shown = in_full ? receipt_json(one) : receipt_summary(one);
        for (auto& member : shown["results"].as_array().at(0).as_object()) {
            entry[member.key()] = std::move(member.value());
        }
    }
    if (in_full) {
        entry["sender"] = view.body.sender();
        entry["details"] = std::move(operation);
    }
    return entry;
}

Result<json::object> load_entry(const LedgerService& ledger, const HistoryPlace& place,
                                bool sees_all, const MaybeViewer& viewer) {
    SANQUAN_TRY_ASSIGN(auto stored, ledger.block(place.height));
    SANQUAN_TRY_ASSIGN(const auto block, decode_block(std::move(stored.block), ledger.chain()));
    if (place.transaction >= block.transactions.size() ||
        place.transaction >= stored.receipts.size()) {
        return fail(Code::kCorrupt, "the history index names a transaction that is not there");
    }
    SANQUAN_TRY_ASSIGN(const auto header,
                       decode<wire::BlockHeader>(block.header_bytes, limits::kFrameBytesMax));
    SANQUAN_TRY_ASSIGN(const auto envelope,
                       decode<wire::SignedTransaction>(block.transactions[place.transaction],
                                                       limits::kTransactionBytesMax));
    SANQUAN_TRY_ASSIGN(const auto body, decode<wire::TransactionBody>(
                                            envelope.body(), limits::kTransactionBytesMax));
    SANQUAN_TRY_ASSIGN(const auto receipt,
                       decode<wire::Receipt>(stored.receipts[place.transaction], kReceiptBytesMax));
    if (place.operation >= static_cast<std::uint32_t>(body.operations_size())) {
        return fail(Code::kCorrupt, "the history index names an operation that is not there");
    }
    const bool in_full =
        sees_all ||
        (viewer && names(body.operations(static_cast<int>(place.operation)), viewer->organisation));
    return entry_json(
        {body, receipt, header, place, transaction_id(ledger.chain(), envelope.body())}, in_full);
}

Result<Answer> show_history(const RouteContext& context, const Call& call,
                            const MaybeViewer& viewer) {
    const std::string& code = call.value("code");
    const StateSnapshot state = context.ledger.state();
    SANQUAN_TRY_ASSIGN(const auto asset, readable_asset(state, code, viewer));
    const bool sees_all = sees_asset(state, code, asset, viewer);
    SANQUAN_TRY_ASSIGN(
        const auto page,
        context.history->find(code, call.parameter("cursor").value_or(""), kHistoryPage));
    json::array entries;
    for (const auto& place : page.places) {
        SANQUAN_TRY_ASSIGN(auto entry, load_entry(context.ledger, place, sees_all, viewer));
        entries.push_back(std::move(entry));
    }
    json::object body;
    body["code"] = code;
    body["entries"] = std::move(entries);
    body["indexed_to"] = std::to_string(page.indexed_to.value);
    if (!page.next_cursor.empty()) {
        body["next_cursor"] = page.next_cursor;
    }
    return json_answer(stamp_of(state), std::move(body));
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
    for (const auto& node : provenance->nodes) {
        if (may_list(node.record, viewer)) {
            nodes.push_back(node_json(node, sees_asset(state, node.asset, node.record, viewer)));
        } else {
            nodes.push_back(json::object{{"code", node.asset}, {"open", false}});
        }
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
