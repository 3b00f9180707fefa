// Listings and orders.
#include <boost/json/object.hpp>

#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/json_format.h"
#include "ledger/codec/state_market.pb.h"
#include "ledger/model/state_keys.h"
#include "node/gateway/asset_access.h"
#include "node/gateway/listing.h"
#include "node/gateway/routes.h"

namespace sanquan::node {
namespace {

namespace json = boost::json;
using MaybeViewer = std::optional<Viewer>;

std::string name_of(wire::ListingStatus status) { return wire::ListingStatus_Name(status); }
std::string name_of(wire::OrderStatus status) { return wire::OrderStatus_Name(status); }

// One page of the records under `prefix` as {name: [...]}: those of ?status= that `admits` accepts, which may take out of
// a record what the viewer may not see.
template <typename Record, typename Admits>
Result<Answer> list_records(const RouteContext& context, const Call& call, const std::string& name,
                            const std::string& prefix, char serial_of, const Admits& admits) {
    const auto status = call.parameter("status");
    SANQUAN_TRY_ASSIGN(
        auto page,
        read_page(
            context.ledger, call, prefix, given_id(serial_of),
            [&](const std::string&, const Bytes& value) -> Result<std::optional<json::value>> {
                SANQUAN_TRY_ASSIGN(auto record, decode<Record>(value, limits::kStateValueBytesMax));
                if ((status && name_of(record.status()) != *status) || !admits(record)) {
                    return std::optional<json::value>();
                }
                return std::optional<json::value>(to_json(record));
            }));
    return page_answer(name, std::move(page));
}

Result<Answer> list_listings(const RouteContext& context, const Call& call,
                             const MaybeViewer& viewer) {
    const auto sector = call.parameter("sector");
    return list_records<wire::ListingRecord>(
        context, call, "listings", "listing/", 'L', [&](wire::ListingRecord& listing) {
            if (!viewer || (!viewer->sees_everything && !names(listing, viewer->organisation))) {
                listing.mutable_terms()->clear_split();
            }
            return !sector || listing.sector() == *sector;
        });
}

// One's own orders; auditors see all.
Result<Answer> list_orders(const RouteContext& context, const Call& call, const Viewer& viewer) {
    const auto asset = call.parameter("asset");
    return list_records<wire::OrderRecord>(
        context, call, "orders", "order/", 'O', [&](const wire::OrderRecord& order) {
            return (viewer.sees_everything || names(order, viewer.organisation)) &&
                   (!asset || order.asset() == *asset);
        });
}

Result<Answer> show_order(const RouteContext& context, const Call& call, const Viewer& viewer) {
    const StateSnapshot state = context.ledger.state();
    const auto bytes = state.view->get(keys::order(call.value("id")));
    if (!bytes) {
        return fail(Code::kNotFound, "order " + call.value("id"));
    }
    SANQUAN_TRY_ASSIGN(const auto order,
                       decode<wire::OrderRecord>(*bytes, limits::kStateValueBytesMax));
    const auto asset = load_asset(state, order.asset());
    const bool authority = asset && sees_asset(state, order.asset(), *asset, viewer);
    if (!authority && !viewer.sees_everything && !names(order, viewer.organisation)) {
        return fail(Code::kForbidden, "orders are for their parties, authority and auditors");
    }
    json::object body;
    body["order"] = to_json(order);
    return json_answer(Stamp{state.height, state.root, state.time}, std::move(body));
}

}  // namespace

void add_market_routes(Router& router, const RouteContextPtr& context) {
    router.add("GET", "/v1/market/listings", {"sector", "status", "cursor", "limit"},
               public_read(context, [context](const Call& call, const MaybeViewer& viewer) {
                   return list_listings(*context, call, viewer);
               }));
    router.add("GET", "/v1/market/orders", {"asset", "status", "cursor", "limit"},
               member_read(context, [context](const Call& call, const Viewer& viewer) {
                   return list_orders(*context, call, viewer);
               }));
    router.add("GET", "/v1/market/orders/{id}", {},
               member_read(context, [context](const Call& call, const Viewer& viewer) {
                   return show_order(*context, call, viewer);
               }));
}

}  // namespace sanquan::node
