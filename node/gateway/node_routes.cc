// What the node says of itself and of its chain: status, genesis, checkpoints, health, metrics,
// events.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/json_format.h"
#include "ledger/model/block.h"
#include "ledger/model/genesis.h"
#include "node/gateway/problem.h"
#include "node/gateway/routes.h"

namespace sanquan::node {
namespace {

namespace json = boost::json;

constexpr double kMetricsTokens = 10;  // gathered afresh each time

Stamp stamp_of(const NodeStatus& status) { return {status.height, status.state_root, status.time}; }

Result<Answer> show_status(const RouteContext& context) {
    const NodeStatus status = context.ledger.status();
    const Chain& chain = context.ledger.chain();
    json::object body;
    body["chain_id"] = chain.id.hex();
    body["hash"] = chain.hash == HashAlgorithm::kSm3 ? "sm3" : "sha256";
    body["profile"] = chain.profile == ChainProfile::kDemo ? "demo" : "production";
    body["name"] = status.name;
    body["role"] = status.role;
    body["build"] = status.build;
    body["height"] = std::to_string(status.height.value);
    body["view"] = std::to_string(status.view.value);
    body["epoch"] = std::to_string(status.epoch.value);
    body["time_ms"] = std::to_string(status.time.value);
    body["state_root"] = status.state_root.hex();
    body["peers_connected"] = status.peers_connected;
    body["pool_transactions"] = status.pool_transactions;
    body["diverged"] = status.diverged;
    body["divergence"] = status.divergence;
    body["abstaining"] = status.abstaining;
    return json_answer(stamp_of(status), std::move(body));
}

Result<Answer> show_genesis(const RouteContext& context, const Call& call) {
    if (call.parameter("format").value_or("json") == "binary") {
        Answer answer;
        answer.content_type = "application/octet-stream";
        answer.body = context.ledger.genesis();
        return answer;
    }
    SANQUAN_TRY_ASSIGN(const auto genesis,
                       decode<wire::Genesis>(context.ledger.genesis(), kGenesisBytesMax));
    json::object body;
    body["chain_id"] = context.ledger.chain().id.hex();
    body["genesis"] = to_json(genesis);
    return json_answer(stamp_of(context.ledger.status()), std::move(body));
}

// The newest block as an anchor for `sanquan verify --anchor HEIGHT:DIGEST`.
Result<Answer> show_checkpoints(const RouteContext& context) {
    const NodeStatus status = context.ledger.status();
    json::array checkpoints;
    if (status.height.value > 0) {
        SANQUAN_TRY_ASSIGN(const auto stored, context.ledger.block(status.height));
        SANQUAN_TRY_ASSIGN(const auto block, decode_block(stored.block, context.ledger.chain()));
        checkpoints.push_back({{"height", std::to_string(status.height.value)},
                               {"epoch", std::to_string(status.epoch.value)},
                               {"digest", block.digest.hex()},
                               {"time_ms", std::to_string(block.header.time.value)},
                               {"header", to_hex(block.header_bytes)},
                               {"certificate", to_hex(stored.certificate)}});
    }
    json::object body;
    body["chain_id"] = context.ledger.chain().id.hex();
    body["checkpoints"] = std::move(checkpoints);
    return json_answer(stamp_of(status), std::move(body));
}

Answer show_health(const RouteContext& context) {
    const NodeStatus status = context.ledger.status();
    json::object body;
    body["status"] = status.diverged ? "diverged" : "ok";
    body["role"] = status.role;
    return json_answer(stamp_of(status), std::move(body), status.diverged ? 503 : 200);
}

Answer show_metrics(const RouteContext& context) {
    Answer answer;
    answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
    answer.body = context.ledger.metrics();
    return answer;
}

// Last-Event-ID wins over ?after=; without either, from now on.
Result<Answer> open_events(const RouteContext& context, const Call& call) {
    Answer answer;
    answer.events_after = context.ledger.status().height;
    const auto after =
        call.last_event_id.empty() ? call.parameter("after") : std::optional(call.last_event_id);
    if (after) {
        SANQUAN_TRY_ASSIGN(answer.events_after, parse_height(*after));
    }
    return answer;
}

}  // namespace

void add_node_routes(Router& router, const RouteContextPtr& context) {
    using MaybeViewer = std::optional<Viewer>;
    router.add("GET", "/v1/status", {},
               public_read(context, [context](const Call&, const MaybeViewer&) {
                   return show_status(*context);
               }));
    router.add("GET", "/v1/genesis", {"format"},
               public_read(context, [context](const Call& call, const MaybeViewer&) {
                   return show_genesis(*context, call);
               }));
    router.add("GET", "/v1/checkpoints", {},
               public_read(context, [context](const Call&, const MaybeViewer&) {
                   return show_checkpoints(*context);
               }));
    router.add("GET", "/v1/events", {"after"},
               public_read(context, [context](const Call& call, const MaybeViewer&) {
                   return open_events(*context, call);
               }));
    router.add("GET", "/healthz", {}, [context](const Call&) { return show_health(*context); });
    router.add("GET", "/metrics", {}, [context](const Call& call) {
        // A budget of its own, so that other reads from the scraper's address do not make it blind.
        const std::string budget = "metrics " + call.remote;
        const auto now = AdmissionGate::Clock::now();
        if (!context->gate.spend(budget, now)) {
            return problem(Error{Code::kRateLimited, "metrics to " + call.remote}, call.language);
        }
        context->gate.charge(budget, kMetricsTokens - 1, now);
        return show_metrics(*context);
    });
}

}  // namespace sanquan::node
