#include "node/gateway/routes.h"

#include <charconv>

#include "ledger/state/read_meter.h"
#include "ledger/store/memory_kv_store.h"
#include "node/gateway/problem.h"

namespace sanquan::node {
namespace {

constexpr double kStepsPerToken = 64;
// BOUND: how deep into the past one request may look; about 10 µs a step.
constexpr std::uint64_t kAnonymousStepsMax = 2'000;
constexpr std::uint64_t kMemberStepsMax = 200'000;

}  // namespace

Stamp present_stamp(const LedgerService& ledger) {
    const StateSnapshot state = ledger.state();
    return {state.height, state.root, state.time};
}

std::function<Answer(const Call&)> public_read(
    const RouteContextPtr& context,
    std::function<Result<Answer>(const Call&, const std::optional<Viewer>&)> handler) {
    return [context, handler = std::move(handler)](const Call& call) {
        const auto viewer = identify(call, context->ledger.chain(), context->ledger.state());
        if (!viewer) {
            return problem(viewer.error(), call.language);
        }
        if (!*viewer && !context->gate.spend(call.remote, AdmissionGate::Clock::now())) {
            return problem(Error{Code::kRateLimited, "anonymous reads from " + call.remote},
                           call.language);
        }
        // What an answer costs is known when it is made; it is charged then, and the next one waits for it.
        if (*viewer &&
            !context->gate.member_can_spend((*viewer)->organisation, AdmissionGate::Clock::now())) {
            return problem(Error{Code::kRateLimited, "reads of " + (*viewer)->organisation},
                           call.language);
        }
        const ReadAllowance allowance(*viewer ? kMemberStepsMax : kAnonymousStepsMax);
        auto answer = handler(call, *viewer);
        // A refusal may have read as much as an answer.
        const double work = (answer ? answer->work : 0) +
                            static_cast<double>(allowance.bytes()) / kReadBytesPerToken +
                            static_cast<double>(allowance.steps()) / kStepsPerToken;
        if (work > 0) {
            const auto now = AdmissionGate::Clock::now();
            *viewer ? context->gate.charge_member((*viewer)->organisation, work, now)
                    : context->gate.charge(call.remote, work, now);
        }
        return answer ? std::move(*answer) : problem(answer.error(), call.language);
    };
}

std::function<Answer(const Call&)> member_read(
    const RouteContextPtr& context,
    std::function<Result<Answer>(const Call&, const Viewer&)> handler) {
    return public_read(
        context,
        [handler = std::move(handler)](const Call& call,
                                       const std::optional<Viewer>& viewer) -> Result<Answer> {
            if (!viewer) {
                return fail(Code::kAuthenticationRequired, call.path);
            }
            return handler(call, *viewer);
        });
}

Result<Height> parse_height(const std::string& text) {
    Height height;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, height.value);
    if (error != std::errc() || stop != end || text.empty()) {
        return fail(Code::kBadRequest, "'" + text + "' is no height");
    }
    return height;
}

Result<TransactionId> parse_transaction_id(const std::string& text) {
    const auto bytes = from_hex(text);
    const auto id = bytes ? TransactionId::from_bytes(*bytes) : fail(Code::kBadHex);
    if (!id) {
        return fail(Code::kBadRequest, "a transaction id is 64 lower-case hexadecimal digits");
    }
    return *id;
}

Result<std::unique_ptr<Router>> make_router(LedgerService& ledger, AdmissionGate& gate,
                                            const GatewayConfig& config) {
    auto router = std::make_unique<Router>();
    std::unique_ptr<KvStore> store = std::make_unique<MemoryKvStore>();
    if (!config.index_dir.empty()) {
        auto opened = open_leveldb(config.index_dir.string());
        if (!opened && opened.error().code == Code::kCorrupt) {
            // It is nothing but a shortcut: damaged, it is built again.
            std::error_code ignored;
            std::filesystem::remove_all(config.index_dir, ignored);
            opened = open_leveldb(config.index_dir.string());
        }
        SANQUAN_TRY_ASSIGN(store, std::move(opened));
    }
    const auto context = std::make_shared<RouteContext>(RouteContext{
        ledger, gate, config.limits, std::make_shared<HistoryIndex>(ledger, std::move(store))});
    add_transaction_routes(*router, context);
    add_node_routes(*router, context);
    add_block_routes(*router, context);
    add_proof_routes(*router, context);
    add_asset_routes(*router, context);
    add_party_routes(*router, context);
    add_market_routes(*router, context);
    SANQUAN_TRY(add_console_routes(*router, config.console_dir));
    return router;
}

}  // namespace sanquan::node
