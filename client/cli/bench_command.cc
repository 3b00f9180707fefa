// `sanquan bench`: load through the public API, each figure beside its ceiling measured in the same
// run.
//
// Ceiling for signed transactions: L = 2V / n, where V is how many Ed25519 signatures one core of
// this machine verifies a second and n the number of nodes that verify (two cores share all of
// them; docs/PERFORMANCE.md).
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>
#include <cstdio>

#include "client/cli/command.h"
#include "client/cli/node_status.h"
#include "client/lib/bulk_submitter.h"
#include "client/lib/ledger_client.h"
#include "client/lib/transaction_builder.h"
#include "ledger/base/amount.h"
#include "ledger/crypto/random.h"
#include "ledger/crypto/signature.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

struct BenchFlags {
    std::string as = "settlement-bank";
    std::string to = "data-exchange";
    std::size_t transactions = 20'000;
    std::size_t batches = 200;
    std::size_t batch_size = 100;
    std::size_t light = 200;
    std::size_t light_per_second = 20;
    std::size_t connections = 256;
    unsigned cores = 2;
};

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

// Signatures verified a second on one core, over half a second.
double signature_ceiling() {
    const auto key = SigningKey::generate(KeyAlgorithm::kEd25519);
    const Bytes message = random_bytes(300);
    const Bytes signature = key.sign(message);
    const auto start = Clock::now();
    std::uint64_t count = 0;
    while (seconds_since(start) < 0.5) {
        for (int i = 0; i < 100; ++i) {
            count += verify(key.public_key(), message, signature) ? 1U : 0U;
        }
    }
    return static_cast<double>(count) / seconds_since(start);
}

class Maker {
  public:
    Maker(const client::Profile& profile, std::string from, std::string to,
          std::vector<const SigningKey*> keys)
        : profile_(profile), from_(std::move(from)), to_(std::move(to)), keys_(std::move(keys)) {}

    // A signed transaction that issues one minor unit, `operations` times.
    Result<client::SignedTransaction> make(std::size_t operations) {
        client::TransactionBuilder builder(profile_.chain, from_);
        for (std::size_t i = 0; i < operations; ++i) {
            wire::Operation operation;
            auto& issue = *operation.mutable_issue_money();
            issue.set_to(to_);
            issue.mutable_money()->set_currency("XTS");
            issue.mutable_money()->set_amount(Amount(1).encode());
            issue.set_reference("bench-" + run_ + "-" + std::to_string(next_++));
            builder.add(std::move(operation));
        }
        SANQUAN_TRY_ASSIGN(const auto unsigned_one, builder.build());
        return client::sign_transaction(unsigned_one, keys_);
    }

  private:
    const client::Profile& profile_;
    std::string from_;
    std::string to_;
    std::vector<const SigningKey*> keys_;
    std::string run_ = to_hex(random_bytes(6));
    std::uint64_t next_ = 0;
};

struct LoadResult {
    std::uint64_t accepted = 0;
    std::uint64_t failed = 0;
    double seconds = 0;
    std::string failure;
};

// Signs everything first, then sends; the clock runs from the first byte sent to the last answer.
Result<LoadResult> run_load(const std::vector<client::NodeAddress>& nodes, Maker& maker,
                            std::size_t transactions, std::size_t operations,
                            const BenchFlags& flags) {
    std::vector<client::SignedTransaction> ready;
    ready.reserve(transactions);
    for (std::size_t i = 0; i < transactions; ++i) {
        SANQUAN_TRY_ASSIGN(auto one, maker.make(operations));
        ready.push_back(std::move(one));
    }
    LoadResult result;
    std::size_t next = 0;
    client::BulkOptions options;
    options.wait = client::Stage::kFinal;
    options.connections = std::min(flags.connections, std::max<std::size_t>(transactions, 1));
    const auto start = Clock::now();
    SANQUAN_TRY(client::submit_all(
        nodes, options,
        [&]() -> std::optional<client::SubmitTask> {
            if (next == ready.size()) {
                return std::nullopt;
            }
            const std::size_t at = next++;
            return client::SubmitTask{at, std::move(ready[at])};
        },
        [&](const client::SubmitResult& sent) {
            auto answer = sent.response
                              ? client::parse_submit_answer(*sent.response)
                              : Result<client::SubmitAnswer>(tl::unexpected(sent.response.error()));
            if (answer && answer->accepted) {
                ++result.accepted;
            } else {
                ++result.failed;
                result.failure = answer ? "refused by a rule" : to_string(answer.error());
            }
        }));
    result.seconds = seconds_since(start);
    return result;
}

double percentile(std::vector<double> values, double share) {
    if (values.empty()) {
        return 0;
    }
    std::sort(values.begin(), values.end());
    const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5);
    return values[at];
}

// Milliseconds from sending to the answer, one transaction at a time at a light, even rate.
Result<std::vector<double>> run_light(Context& context, Maker& maker, client::Stage stage,
                                      const BenchFlags& flags) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(auto nodes, context.nodes());
    client::LedgerClient ledger(profile->chain, std::move(nodes));
    std::vector<double> milliseconds;
    for (std::size_t i = 0; i < flags.light; ++i) {
        SANQUAN_TRY_ASSIGN(const auto one, maker.make(1));
        const auto start = Clock::now();
        SANQUAN_TRY(ledger.submit(one, stage));
        const double spent = seconds_since(start);
        milliseconds.push_back(spent * 1'000);
        const double pause = 1.0 / static_cast<double>(flags.light_per_second) - spent;
        if (pause > 0) {
            timespec rest{0, static_cast<long>(pause * 1e9)};
            nanosleep(&rest, nullptr);
        }
    }
    return milliseconds;
}

std::string rounded(double value, int digits = 0) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

json::object figure(const std::string& name, double value, double ceiling, const char* unit) {
    return {{"name", name},
            {"value", value},
            {"ceiling", ceiling},
            {"ratio", ceiling > 0 ? value / ceiling : 0},
            {"unit", unit}};
}

// The figures as a table: value, ceiling of the same run, ratio.
std::string figures_text(const Context& context, const json::object& body) {
    const auto number = [&](const char* name) { return body.at(name).as_double(); };
    const double batch_ceiling =
        number("transactions_ceiling") * static_cast<double>(body.at("batch_size").as_uint64());
    const double ops = number("operations_per_second");
    const auto pair = [&](const char* middle, const char* tail) {
        return rounded(number(middle), 1) + " / " + rounded(number(tail), 1);
    };
    return table(
        context,
        {{context.say("figure", "指标"), context.say("value", "数值"),
          context.say("ceiling (same run)", "上限（同次测量）"), context.say("ratio", "比值")},
         {context.say("signature checks per core and second", "每核每秒验签"),
          rounded(number("signature_verifications_per_second_per_core")), "", ""},
         {context.say("single-operation transactions per second", "每秒单笔交易"),
          rounded(number("transactions_per_second")), rounded(number("transactions_ceiling")),
          rounded(number("transactions_ratio"), 2)},
         {context.say("operations per second in batches", "每秒批量操作"), rounded(ops),
          rounded(batch_ceiling), rounded(ops / batch_ceiling, 3)},
         {context.say("final, p50 / p99, ms", "确定 p50 / p99 毫秒"),
          pair("finality_ms_p50", "finality_ms_p99"), "", ""},
         {context.say("sealed, p50 / p99, ms", "封存 p50 / p99 毫秒"),
          pair("sealed_ms_p50", "sealed_ms_p99"), "", ""}});
}

Status bench(Context& context, const BenchFlags& flags) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(auto* keys, context.keys());
    SANQUAN_TRY_ASSIGN(auto nodes, context.nodes());
    const std::string from = profile->organisation_id(flags.as);
    SANQUAN_TRY_ASSIGN(auto signing, keys->keys_of(from));
    SANQUAN_TRY_ASSIGN(const auto all_nodes, context.all_nodes());
    std::size_t verifying = 0;
    for (const auto& state : ask_nodes(all_nodes, std::chrono::milliseconds(3'000))) {
        verifying += state.answered ? 1U : 0U;
    }
    if (verifying == 0) {
        return fail(Code::kUnreachable, "no node answers");
    }
    const double v = signature_ceiling();
    const double ceiling = flags.cores * v / static_cast<double>(verifying);
    Maker maker(*profile, from, profile->organisation_id(flags.to), std::move(signing));
    Progress progress(context, context.say("Measuring", "测量中"));
    SANQUAN_TRY_ASSIGN(const auto final_ms,
                       run_light(context, maker, client::Stage::kFinal, flags));
    SANQUAN_TRY_ASSIGN(const auto sealed_ms,
                       run_light(context, maker, client::Stage::kSealed, flags));
    progress.update(context.say("single operations", "单笔"));
    SANQUAN_TRY_ASSIGN(const auto single, run_load(nodes, maker, flags.transactions, 1, flags));
    progress.update(context.say("batches", "批量"));
    SANQUAN_TRY_ASSIGN(const auto batch,
                       run_load(nodes, maker, flags.batches, flags.batch_size, flags));
    const double tps = static_cast<double>(single.accepted) / single.seconds;
    const double ops = static_cast<double>(batch.accepted * flags.batch_size) / batch.seconds;
    json::object body;
    body["nodes_verifying"] = verifying;
    body["signature_verifications_per_second_per_core"] = v;
    body["transactions_per_second"] = tps;
    body["transactions_ceiling"] = ceiling;
    body["transactions_ratio"] = tps / ceiling;
    body["transactions_failed"] = single.failed + batch.failed;
    body["operations_per_second"] = ops;
    body["batch_size"] = flags.batch_size;
    body["finality_ms_p50"] = percentile(final_ms, 0.50);
    body["finality_ms_p99"] = percentile(final_ms, 0.99);
    body["sealed_ms_p50"] = percentile(sealed_ms, 0.50);
    body["sealed_ms_p99"] = percentile(sealed_ms, 0.99);
    body["figures"] = json::array{figure("single-operation transactions/s", tps, ceiling, "1/s"),
                                  figure("operations/s in batches", ops,
                                         ceiling * static_cast<double>(flags.batch_size), "1/s")};
    std::string text = figures_text(context, body);
    if (single.failed + batch.failed > 0) {
        text += std::to_string(single.failed + batch.failed) + context.say(" failed: ", " 失败：") +
                single.failure + batch.failure + "\n";
    }
    show(context, body, text);
    if (single.failed + batch.failed > 0) {
        context.exit = ExitCode::kFailed;
    }
    return {};
}

}  // namespace

void add_bench_command(CLI::App& app, Context& context) {
    const auto flags = std::make_shared<BenchFlags>();
    auto* command = app.add_subcommand("bench", "Measure the network through its public API");
    command->add_option("--as", flags->as, "Settlement bank that issues the test money");
    command->add_option("--to", flags->to, "Who receives it");
    command->add_option("--transactions", flags->transactions, "Single-operation transactions");
    command->add_option("--batches", flags->batches, "Batch transactions");
    command->add_option("--batch-size", flags->batch_size, "Operations per batch")
        ->check(CLI::Range(1, 1'000));
    command->add_option("--light", flags->light, "Transactions for the latency figures");
    command->add_option("--light-rate", flags->light_per_second, "Of these per second")
        ->check(CLI::Range(1, 1'000));
    command->add_option("--connections", flags->connections, "Transactions under way at once");
    command->add_option("--cores", flags->cores, "Cores that all nodes share");
    on_call(command, context, [&context, flags] { return bench(context, *flags); });
}

}  // namespace sanquan::cli
