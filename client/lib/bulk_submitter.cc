#include "client/lib/bulk_submitter.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

#include "client/lib/connection.h"

namespace sanquan::client {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr auto kConnectTimeout = std::chrono::milliseconds(5'000);
constexpr auto kBackOff = std::chrono::milliseconds(50);
constexpr std::array<std::pair<Stage, std::string_view>, 3> kStages = {
    {{Stage::kAdmitted, "admitted"}, {Stage::kFinal, "final"}, {Stage::kSealed, "sealed"}}};

using Trust = std::shared_ptr<ServerTrust>;

struct Shared {
    asio::io_context context{1};
    const std::vector<NodeAddress>& nodes;
    std::vector<Trust> trusts;
    const BulkOptions& options;
    const std::function<std::optional<SubmitTask>()>& next;
    const std::function<void(const SubmitResult&)>& done;
    std::string target;
};

bool worth_another_try(const Result<HttpResponse>& response) {
    if (!response) {
        return response.error().code != Code::kWrongServer;
    }
    return response->status == 429 || response->status == 503;
}

// One connection's life: takes tasks until there are none, moving to the next node when its own
// fails.
class Lane {
  public:
    Lane(Shared& shared, std::size_t node) : shared_(shared), node_(node) { attach(); }

    awaitable<void> run() {
        while (auto task = shared_.next()) {
            SubmitResult result = co_await submit(std::move(*task));
            shared_.done(result);
        }
        connection_->close();
    }

  private:
    void attach() {
        connection_ = std::make_unique<Connection>(shared_.context, shared_.nodes[node_],
                                                   shared_.trusts[node_]);
    }

    awaitable<SubmitResult> submit(SubmitTask task) {
        HttpRequest request;
        request.method = "POST";
        request.target = shared_.target;
        request.content_type = "application/x-protobuf";
        request.body = std::move(task.transaction.raw);
        const auto start = std::chrono::steady_clock::now();
        Result<HttpResponse> response = fail(Code::kUnreachable);
        for (std::uint32_t attempt = 0; attempt < shared_.options.attempts_max; ++attempt) {
            if (attempt > 0) {
                asio::steady_timer timer(shared_.context, kBackOff * (1U << (attempt - 1)));
                co_await timer.async_wait(kTuple);
                node_ = (node_ + 1) % shared_.nodes.size();
                attach();
            }
            response = co_await exchange(request);
            if (!worth_another_try(response)) {
                break;
            }
        }
        SubmitResult result;
        result.number = task.number;
        result.id = task.transaction.id;
        result.response = std::move(response);
        result.node = shared_.nodes[node_].name;
        result.latency = std::chrono::duration_cast<std::chrono::microseconds>(
            std::chrono::steady_clock::now() - start);
        co_return result;
    }

    awaitable<Result<HttpResponse>> exchange(const HttpRequest& request) {
        if (!connection_->is_open()) {
            Status opened = co_await connection_->open(kConnectTimeout);
            if (!opened) {
                co_return tl::unexpected(std::move(opened).error());
            }
        }
        const Connection::Request message = connection_->make(request);
        co_return co_await connection_->exchange(
            message, shared_.options.timeout + std::chrono::milliseconds(2'000));
    }

    Shared& shared_;
    std::size_t node_;
    std::unique_ptr<Connection> connection_;
};

}  // namespace

std::string_view name(Stage stage) {
    for (const auto& [value, text] : kStages) {
        if (value == stage) {
            return text;
        }
    }
    return {};
}

Result<Stage> parse_stage(std::string_view name) {
    for (const auto& [value, text] : kStages) {
        if (text == name) {
            return value;
        }
    }
    return fail(Code::kBadRequest, "wait must be admitted, final or sealed");
}

Status submit_all(const std::vector<NodeAddress>& nodes, const BulkOptions& options,
                  const std::function<std::optional<SubmitTask>()>& next,
                  const std::function<void(const SubmitResult&)>& done) {
    if (nodes.empty()) {
        return fail(Code::kBadProfile, "no node to send to");
    }
    std::vector<Trust> trusts;
    for (const auto& node : nodes) {
        SANQUAN_TRY_ASSIGN(auto trust, make_server_trust(node));
        trusts.push_back(std::move(trust));
    }
    Shared shared{.nodes = nodes,
                  .trusts = std::move(trusts),
                  .options = options,
                  .next = next,
                  .done = done,
                  .target = "/v1/transactions?wait=" + std::string(name(options.wait)) +
                            "&timeout_ms=" + std::to_string(options.timeout.count())};
    std::vector<std::unique_ptr<Lane>> lanes;
    for (std::size_t i = 0; i < std::max<std::size_t>(options.connections, 1); ++i) {
        lanes.push_back(std::make_unique<Lane>(shared, i % nodes.size()));
        asio::co_spawn(shared.context, lanes.back()->run(), asio::detached);
    }
    shared.context.run();
    return {};
}

}  // namespace sanquan::client
