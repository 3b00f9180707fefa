// All paths of /v1, one file per group; each adds its handlers to the router.
#pragma once

#include <filesystem>
#include <memory>

#include "node/gateway/admission_gate.h"
#include "node/gateway/gateway.h"
#include "node/gateway/history_index.h"
#include "node/gateway/problem.h"
#include "node/gateway/router.h"
#include "node/gateway/viewer.h"
#include "node/ledger_service.h"

namespace sanquan::node {

// What handlers use; outlives the router's last call.
struct RouteContext {
    LedgerService& ledger;
    AdmissionGate& gate;
    GatewayLimits limits;
    std::shared_ptr<HistoryIndex> history;
};
using RouteContextPtr = std::shared_ptr<RouteContext>;

Result<std::unique_ptr<Router>> make_router(LedgerService& ledger, AdmissionGate& gate,
                                            const GatewayConfig& config);

void add_transaction_routes(Router& router, const RouteContextPtr& context);
void add_node_routes(Router& router, const RouteContextPtr& context);
void add_block_routes(Router& router, const RouteContextPtr& context);
void add_proof_routes(Router& router, const RouteContextPtr& context);
void add_asset_routes(Router& router, const RouteContextPtr& context);
void add_market_routes(Router& router, const RouteContextPtr& context);
void add_party_routes(Router& router, const RouteContextPtr& context);
// Serves the files of the folder, which are read once; kIo, kBadConfig (too many, too large).
Status add_console_routes(Router& router, const std::filesystem::path& console_dir);

// The stamp of the present state.
Stamp present_stamp(const LedgerService& ledger);

// Wraps a handler of a public read: it costs the address one token of its anonymous budget, unless
// the caller proves who it is. The work of an answer (Answer::work, and what the handler's thread has read: blocks and
// log entries) is charged to the address or to the organisation.
std::function<Answer(const Call&)> public_read(
    const RouteContextPtr& context,
    std::function<Result<Answer>(const Call&, const std::optional<Viewer>&)> handler);

// Wraps a handler that only a known organisation may use.
std::function<Answer(const Call&)> member_read(
    const RouteContextPtr& context,
    std::function<Result<Answer>(const Call&, const Viewer&)> handler);

// A height given as decimal digits; kBadRequest.
Result<Height> parse_height(const std::string& text);
// 32 bytes as 64 hexadecimal digits; kBadRequest.
Result<TransactionId> parse_transaction_id(const std::string& text);

}  // namespace sanquan::node
