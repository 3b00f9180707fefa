// `sanquan bench`: load through the public API, each figure beside its ceiling measured in the same
// run.
//
// Ceiling for signed transactions: L = 2V / n, where V is how many Ed25519 signatures one core of
// this machine verifies a second and n the number of nodes that verify (two cores share all of
// them; docs/PERFORMANCE.md).
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/array.hpp>
#include <cstdio>

#include "client/cli/bench_load.h"
#include "client/cli/bench_world.h"
#include "client/cli/command.h"
#include "client/cli/node_status.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

struct BenchFlags {
    BenchSizes sizes;
    std::size_t transactions = 10'000;
    std::size_t batches = 300;
    std::size_t light = 200;
    std::size_t light_per_second = 20;
    std::size_t connections = 256;
    std::size_t batch_connections = 24;
    unsigned cores = 2;
};

std::string rounded(double value, int digits = 0) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

struct Row {
    const char* english;
    const char* chinese;
    double value;
    double ceiling;  // 0: none
};

double per_second(const LoadResult& load, std::size_t operations) {
    return static_cast<double>(load.accepted * operations) / load.seconds;
}

// One measured run under load, and what it adds to the answer.
class Report {
  public:
    // `v`: signature checks per second of a core beside busy ones; `alone`: of one that works alone.
    Report(Context& context, const BenchFlags& flags, std::size_t nodes, double v, double alone)
        : context_(context) {
        ceiling_ = flags.cores * v / static_cast<double>(nodes);
        body_["nodes_verifying"] = nodes;
        body_["signature_verifications_per_second_per_core"] = v;
        body_["signature_verifications_per_second_one_core_alone"] = alone;
        body_["transactions_ceiling"] = ceiling_;
        body_["batch_size"] = flags.sizes.batch;
        rows_.push_back(
            {"signature checks per core and second, all cores at work", "全核每核每秒验签", v, 0});
        rows_.push_back(
            {"signature checks per second, one core alone", "单核独占每秒验签", alone, 0});
    }

    void add(const char* name, const char* english, const char* chinese, const LoadResult& load,
             std::size_t operations, double signatures) {
        const double value = per_second(load, operations);
        const double ceiling = ceiling_ / signatures * static_cast<double>(operations);
        body_[name] = value;
        body_[std::string(name) + "_ratio"] = value / ceiling;
        rows_.push_back({english, chinese, value, ceiling});
        failed_ += load.failed;
        count_trades((load.accepted + load.failed) * operations, load.accepted * operations);
        failure_ = load.failed > 0 ? load.failure : failure_;
    }

    void add_latency(const std::string& name, const char* english, const char* chinese,
                     const std::vector<double>& values) {
        count_trades(values.size(), values.size());
        body_[name + "_p50"] = percentile(values, 0.50);
        body_[name + "_p99"] = percentile(values, 0.99);
        latencies_.push_back(
            {context_.say(english, chinese),
             rounded(percentile(values, 0.50), 1) + " / " + rounded(percentile(values, 0.99), 1),
             "", ""});
    }

    void show() {
        body_["transactions_failed"] = failed_;
        body_["trades_submitted"] = submitted_;
        body_["trades_settled"] = settled_;
        std::vector<std::vector<std::string>> lines = {
            {context_.say("figure", "指标"), context_.say("value", "数值"),
             context_.say("signature ceiling (same run)", "验签上限（同次测量）"),
             context_.say("ratio", "比值")}};
        for (const Row& row : rows_) {
            lines.push_back({context_.say(row.english, row.chinese), rounded(row.value),
                             row.ceiling > 0 ? rounded(row.ceiling) : "",
                             row.ceiling > 0 ? rounded(row.value / row.ceiling, 3) : ""});
        }
        lines.insert(lines.end(), latencies_.begin(), latencies_.end());
        std::string text = table(context_, lines);
        if (failed_ > 0) {
            text +=
                std::to_string(failed_) + context_.say(" failed: ", " 失败：") + failure_ + "\n";
            context_.exit = ExitCode::kFailed;
        }
        cli::show(context_, body_, text);
    }

  private:
    void count_trades(std::uint64_t submitted, std::uint64_t settled) {
        submitted_ += submitted;
        settled_ += settled;
    }

    Context& context_;
    std::uint64_t submitted_ = 0;  // sales, one by one and in batches
    std::uint64_t settled_ = 0;
    double ceiling_ = 0;
    json::object body_;
    std::vector<Row> rows_;
    std::vector<std::vector<std::string>> latencies_;
    std::uint64_t failed_ = 0;
    std::string failure_;
};

Status measure_load(Context& context, const BenchFlags& flags, BenchWorld& world,
                    Progress& progress, Report& report) {
    SANQUAN_TRY_ASSIGN(const auto nodes, context.nodes());
    const std::size_t batch = flags.sizes.batch;
    progress.update(context.say("single sales under mandates", "委托单笔"));
    SANQUAN_TRY_ASSIGN(const auto single,
                       run_load(nodes, [&] { return world.under_mandates(1); },
                                {flags.transactions, flags.connections, world.single_period(1)}));
    report.add("transactions_per_second", "single-operation transactions per second",
               "每秒单笔交易", single, 1, 1);
    progress.update(context.say("batches under mandates", "委托批量"));
    SANQUAN_TRY_ASSIGN(
        const auto batches,
        run_load(nodes, [&] { return world.under_mandates(batch); },
                 {flags.batches, flags.batch_connections, world.single_period(batch)}));
    report.add("operations_per_second", "operations per second in batches, under mandates",
               "每秒批量操作（委托）", batches, batch, 1);
    progress.update(context.say("sales signed by both", "双方签名单笔"));
    SANQUAN_TRY_ASSIGN(const auto both, run_load(nodes, [&] { return world.signed_by_both(1); },
                                                 {flags.transactions / 2, flags.connections,
                                                  world.single_period(1)}));
    report.add("both_signed_transactions_per_second",
               "single sales per second, signed by both parties", "每秒双方签名单笔交易", both, 1,
               2);
    progress.update(context.say("batches signed by both", "双方签名批量"));
    const std::size_t groups = std::min(flags.batches / 2 + 1, flags.sizes.signed_groups);
    SANQUAN_TRY_ASSIGN(const auto both_batches,
                       run_load(nodes, [&] { return world.signed_by_both(batch); },
                                {groups, flags.batch_connections, flags.sizes.signed_groups}));
    report.add("both_signed_operations_per_second",
               "operations per second in batches, signed by both parties",
               "每秒批量操作（双方签名）", both_batches, batch, 2);
    return {};
}

Status bench(Context& context, const BenchFlags& flags) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(auto nodes, context.nodes());
    SANQUAN_TRY_ASSIGN(const auto all_nodes, context.all_nodes());
    std::size_t verifying = 0;
    for (const auto& state : ask_nodes(all_nodes, std::chrono::milliseconds(3'000))) {
        verifying += state.answered ? 1U : 0U;
    }
    if (verifying == 0) {
        return fail(Code::kUnreachable, "no node answers");
    }
    Progress progress(context, context.say("Measuring", "测量中"));
    SANQUAN_TRY_ASSIGN(const auto world, BenchWorld::make(context, flags.sizes, progress));
    Report report(context, flags, verifying, signature_ceiling(flags.cores), signature_ceiling(1));
    client::LedgerClient ledger(profile->chain, nodes);
    const auto one = [&] { return world->under_mandates(1); };
    progress.update(context.say("latency", "时延"));
    SANQUAN_TRY_ASSIGN(const auto final_ms, run_light(ledger, one, client::Stage::kFinal,
                                                      flags.light, flags.light_per_second));
    SANQUAN_TRY_ASSIGN(const auto sealed_ms, run_light(ledger, one, client::Stage::kSealed,
                                                       flags.light, flags.light_per_second));
    SANQUAN_TRY(measure_load(context, flags, *world, progress, report));
    report.add_latency("finality_ms", "final at light load, p50 / p99, ms",
                       "轻载确定 p50 / p99 毫秒", final_ms);
    report.add_latency("sealed_ms", "sealed at light load, p50 / p99, ms",
                       "轻载封存 p50 / p99 毫秒", sealed_ms);
    report.show();
    return {};
}

}  // namespace

void add_bench_command(CLI::App& app, Context& context) {
    const auto flags = std::make_shared<BenchFlags>();
    auto* command = app.add_subcommand(
        "bench", context.say("Measure the network through its public API: ownership sales of "
                             "assets that the command "
                             "registers first (network of the profile demo)",
                             "经公开接口测量网络：先登记资产，再买卖其所有权（须为 demo 类网络）"));
    command->footer(example_footer(context,
                                   "sanquan bench\n"
                                   "  sanquan bench --transactions 2000 --batches 50 --json"));
    command
        ->add_option("--transactions", flags->transactions,
                     context.say("Single-operation transactions", "单操作交易数"))
        ->check(CLI::Range(1, 10'000'000));
    command
        ->add_option("--batches", flags->batches, context.say("Batch transactions", "批量交易数"))
        ->check(CLI::Range(1, 1'000'000));
    command
        ->add_option("--batch-size", flags->sizes.batch,
                     context.say("Operations per batch", "每批操作数"))
        ->check(CLI::Range(2, 200));
    command
        ->add_option("--assets", flags->sizes.assets,
                     context.say("Assets that go to and fro", "往返买卖的资产数"))
        ->check(CLI::Range(256, 1'000'000));
    command
        ->add_option("--light", flags->light,
                     context.say("Transactions for the latency figures", "用于测量时延的交易数"))
        ->check(CLI::Range(1, 100'000));
    command
        ->add_option("--light-rate", flags->light_per_second,
                     context.say("Of these per second", "其中每秒发送数"))
        ->check(CLI::Range(1, 1'000));
    command
        ->add_option("--connections", flags->connections,
                     context.say("Transactions under way at once", "同时进行的交易数"))
        ->check(CLI::Range(1, 4'096));
    command
        ->add_option("--batch-connections", flags->batch_connections,
                     context.say("Batches under way at once", "同时进行的批数"))
        ->check(CLI::Range(1, 256));
    command
        ->add_option("--cores", flags->cores,
                     context.say("Cores that all nodes share", "全部节点共用的核数"))
        ->check(CLI::Range(1, 1'024));
    on_call(command, context, [&context, flags] {
        flags->sizes.signed_groups = std::min<std::size_t>(flags->batches / 2 + 1, 128);
        return bench(context, *flags);
    });
}

}  // namespace sanquan::cli
