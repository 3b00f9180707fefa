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

Result<Answer> list_listings(const RouteContext& context, const Call& call,
                             const MaybeViewer& viewer) {
    const auto sector = call.parameter("sector");
    const auto status = call.parameter("status");
    SANQUAN_TRY_ASSIGN(
        auto page,
        read_page(
            context.ledger, call, "listing/", given_id('L'),
            [&](const std::string&, const Bytes& value) -> Result<std::optional<json::value>> {
                SANQUAN_TRY_ASSIGN(auto listing,
                                   decode<wire::ListingRecord>(value, limits::kStateValueBytesMax));
                if ((sector && listing.sector() != *sector) ||
                    (status && wire::ListingStatus_Name(listing.status()) != *status)) {
                    return std::optional<json::value>();
                }
                if (!viewer ||
                    (!viewer->sees_everything && !names(listing, viewer->organisation))) {
                    listing.mutable_terms()->clear_split();
                }
                return std::optional<json::value>(to_json(listing));
            }));
    return page_answer("listings", std::move(page));
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

// One's own orders; auditors see all.
Result<Answer> list_orders(const RouteContext& context, const Call& call, const Viewer& viewer) {
    const auto status = call.parameter("status");
    const auto asset = call.parameter("asset");
    SANQUAN_TRY_ASSIGN(
        auto page,
        read_page(
            context.ledger, call, "order/", given_id('O'),
            [&](const std::string&, const Bytes& value) -> Result<std::optional<json::value>> {
                SANQUAN_TRY_ASSIGN(const auto order,
                                   decode<wire::OrderRecord>(value, limits::kStateValueBytesMax));
                if ((!viewer.sees_everything && !names(order, viewer.organisation)) ||
                    (asset && order.asset() != *asset) ||
                    (status && wire::OrderStatus_Name(order.status()) != *status)) {
                    return std::optional<json::value>();
                }
                return std::optional<json::value>(to_json(order));
            }));
    return page_answer("orders", std::move(page));
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
