// Sends many signed transactions fast: kept connections to several nodes, a bounded number under
// way.
//
// For batches, imports, replays and load tests. The caller's source is asked for the next
// transaction when a place is free, so that signing and sending overlap; results come in the order
// in which nodes answer. Runs in the caller's thread; both callbacks are called there.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client/lib/http_client.h"
#include "client/lib/transaction_builder.h"
#include "ledger/base/result.h"

namespace sanquan::client {

enum class Stage : std::uint8_t { kAdmitted, kFinal, kSealed };

// "admitted", "final", "sealed": the values of ?wait=.
std::string_view name(Stage stage);
// kBadRequest
Result<Stage> parse_stage(std::string_view name);

struct SubmitTask {
    std::uint64_t number = 0;  // the caller's own
    SignedTransaction transaction;
};

struct SubmitResult {
    std::uint64_t number = 0;
    TransactionId id;
    Result<HttpResponse> response;  // any HTTP status; an error only after all retries
    std::string node;
    std::chrono::microseconds latency{0};
};

struct BulkOptions {
    Stage wait = Stage::kFinal;
    std::chrono::milliseconds timeout{30'000};  // per transaction
    std::size_t connections = 32;               // over all nodes
    std::uint32_t attempts_max = 6;             // per transaction; each on the next node
};

// Calls `next` until it answers nothing and `done` once per task. An unreachable node, 429 and 503
// are tried again on the next node after a back-off: the same bytes cannot count twice (D4). Fails
// only when it cannot start (TLS set-up).
Status submit_all(const std::vector<NodeAddress>& nodes, const BulkOptions& options,
                  const std::function<std::optional<SubmitTask>()>& next,
                  const std::function<void(const SubmitResult&)>& done);

}  // namespace sanquan::client
