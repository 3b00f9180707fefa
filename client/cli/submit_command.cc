// `sanquan submit` and `sanquan dry-run`: operations from JSON files or lines, signed and sent.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

#include "client/cli/command.h"
#include "client/cli/operation_examples.h"
#include "client/cli/operation_file.h"
#include "client/cli/operation_samples.h"
#include "client/cli/receipt_text.h"
#include "client/cli/signing_keys.h"
#include "client/lib/ledger_client.h"
#include "ledger/codec/json_format.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

struct SubmitFlags {
    SubmitDefaults defaults;
    std::string file;   // one JSON document; "-": standard input
    std::string lines;  // JSON lines; "-": standard input
    std::string wait = "sealed";
    unsigned timeout_ms = 30'000;
    std::size_t connections = 64;
    bool stop_on_refusal = false;
    std::string example;  // operation
};

struct Totals {
    std::uint64_t sent = 0;
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;
    std::uint64_t failed = 0;
};

// One line per transaction: {"line", "id", "stage", "accepted", "receipt", …} or {"line", "id",
// "error"}.
json::object result_line(const client::SubmitResult& result, Totals& totals) {
    ++totals.sent;
    json::object line;
    line["line"] = result.number;
    line["id"] = result.id.hex();
    line["node"] = result.node;
    line["latency_us"] = result.latency.count();
    auto answer = result.response
                      ? client::parse_submit_answer(*result.response)
                      : Result<client::SubmitAnswer>(tl::unexpected(result.response.error()));
    if (!answer) {
        ++totals.failed;
        line["error"] = {{"code", text(answer.error().code)},
                         {"number", static_cast<std::uint32_t>(answer.error().code)},
                         {"detail", answer.error().context}};
        return line;
    }
    ++(answer->accepted ? totals.accepted : totals.refused);
    for (auto& member : answer->body) {
        if (member.key() != "id" && member.key() != "stamp") {
            line[member.key()] = std::move(member.value());
        }
    }
    return line;
}

std::string plain_line(const Context& context, const json::object& line) {
    const std::string head = "#" + json::serialize(line.at("line")) + " " +
                             std::string(line.at("id").as_string()).substr(0, 16) + " ";
    if (const auto* error = line.if_contains("error")) {
        return head + paint(context, 'r', std::string(error->at("code").as_string())) + " " +
               std::string(error->at("detail").as_string()) + "\n";
    }
    return head + receipt_line(context, line);
}

Status submit_lines(Context& context, const SubmitFlags& flags, std::istream& input) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(const auto nodes, context.nodes());
    SANQUAN_TRY_ASSIGN(const auto stage, client::parse_stage(flags.wait));
    OperationFile source(*profile, signing_keys(context), flags.defaults);
    client::BulkOptions options;
    options.wait = stage;
    options.timeout = std::chrono::milliseconds(flags.timeout_ms);
    options.connections = flags.connections;
    Totals totals;
    Status failure;
    std::uint64_t number = 0;
    Progress progress(context, context.say("Submitting", "提交中"));
    const auto next = [&]() -> std::optional<client::SubmitTask> {
        std::string line;
        while (failure && !(flags.stop_on_refusal && totals.refused + totals.failed > 0) &&
               std::getline(input, line)) {
            ++number;
            if (line.empty()) {
                continue;
            }
            auto transaction = source.sign_line(line);
            if (!transaction) {
                failure = fail(transaction.error().code, "line " + std::to_string(number) + ": " +
                                                             transaction.error().context);
                return std::nullopt;
            }
            return client::SubmitTask{number, std::move(*transaction)};
        }
        return std::nullopt;
    };
    const auto done = [&](const client::SubmitResult& result) {
        const json::object line = result_line(result, totals);
        if (context.json) {
            std::cout << json::serialize(line) << '\n';
        } else {
            std::cout << plain_line(context, line);
        }
        progress.update(std::to_string(totals.sent));
    };
    SANQUAN_TRY(client::submit_all(nodes, options, next, done));
    std::cout.flush();
    SANQUAN_TRY(failure);
    if (!context.json) {
        std::cerr << totals.sent << context.say(" sent, ", " 已发送，") << totals.accepted
                  << context.say(" accepted, ", " 已接受，") << totals.refused
                  << context.say(" refused by rules, ", " 被规则拒绝，") << totals.failed
                  << context.say(" failed\n", " 失败\n");
    }
    if (totals.refused + totals.failed > 0) {
        context.exit = ExitCode::kRefused;
    }
    return {};
}

Result<std::string> read_all(const std::string& file) {
    std::ostringstream text;
    if (file == "-") {
        text << std::cin.rdbuf();
        return text.str();
    }
    std::ifstream stream(file, std::ios::binary);
    text << stream.rdbuf();
    if (!stream) {
        return fail(Code::kIo, "cannot read " + file);
    }
    return text.str();
}

Status submit_one(Context& context, const SubmitFlags& flags) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(const auto nodes, context.nodes());
    SANQUAN_TRY_ASSIGN(const auto stage, client::parse_stage(flags.wait));
    SANQUAN_TRY_ASSIGN(const std::string document, read_all(flags.file));
    OperationFile source(*profile, signing_keys(context), flags.defaults);
    SANQUAN_TRY_ASSIGN(const auto transaction, source.sign_line(document));
    client::LedgerClient ledger(profile->chain, nodes);
    SANQUAN_TRY_ASSIGN(
        const auto answer,
        ledger.submit(transaction, stage, std::chrono::milliseconds(flags.timeout_ms)));
    show(context, answer.body, receipt_text(context, answer.body));
    if (answer.stage != "admitted" && !answer.accepted) {
        context.exit = ExitCode::kRefused;
    }
    return {};
}

Status submit(Context& context, const SubmitFlags& flags) {
    if (!flags.example.empty()) {
        SANQUAN_TRY_ASSIGN(const auto document, example_document(flags.example));
        const std::string text = indented_json(document);
        show(context, document, text);
        // Beside the document, which may go to a file.
        if (const std::string words = placeholders_in(text); !words.empty()) {
            std::cerr << context.say("Replace by your own before sending: ",
                                     "发送前请替换为您的值：")
                      << words << '\n';
        }
        return {};
    }
    if (flags.file.empty() == flags.lines.empty()) {
        return fail(Code::kBadRequest, "give one of --file, --jsonl and --example");
    }
    if (!flags.file.empty()) {
        return submit_one(context, flags);
    }
    if (flags.lines == "-") {
        return submit_lines(context, flags, std::cin);
    }
    std::ifstream stream(flags.lines);
    if (!stream) {
        return fail(Code::kIo, "cannot read " + flags.lines);
    }
    return submit_lines(context, flags, stream);
}

Status dry_run(Context& context, const SubmitFlags& flags) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(const auto nodes, context.nodes());
    SANQUAN_TRY_ASSIGN(const std::string document, read_all(flags.file));
    OperationFile source(*profile, signing_keys(context), flags.defaults);
    SANQUAN_TRY_ASSIGN(const auto built, source.build_line(document));
    SANQUAN_TRY_ASSIGN(const auto signers, signing_keys(context)(built.sender));
    client::LedgerClient ledger(profile->chain, nodes);
    ledger.authenticate_with(signers.front());
    SANQUAN_TRY_ASSIGN(const auto answer, ledger.post("/v1/transactions:dry-run",
                                                      {{"body", to_hex(built.transaction.body)}}));
    show(context, answer, receipt_text(context, answer));
    if (!answer.at("accepted").as_bool()) {
        context.exit = ExitCode::kRefused;
    }
    return {};
}

void add_operation_flags(CLI::App* command, const Context& context, SubmitFlags& flags) {
    command->add_option(
        "--as", flags.defaults.sender,
        context.say("Organisation that sends (alias or id)", "发送方机构（别名或编号）"));
    command->add_option("--also", flags.defaults.also,
                        context.say("Further organisations that sign", "共同签名的其他机构"));
    command
        ->add_option("--mode", flags.defaults.mode,
                     context.say("All operations or none, or each for itself",
                                 "全部成功或全不执行，或各自独立"))
        ->check(CLI::IsMember({"ATOMIC", "INDEPENDENT"}));
    command->add_option("--valid-ms", flags.defaults.valid_ms,
                        context.say("Validity from now, in milliseconds (default 300000)",
                                    "自现在起的有效期，毫秒（默认 300000）"));
    command->add_option(
        "--file", flags.file,
        context.say("One JSON document; - for standard input", "一个 JSON 文档；- 表示标准输入"));
}

void add_submit(CLI::App& app, Context& context) {
    const auto flags = std::make_shared<SubmitFlags>();
    auto* command = app.add_subcommand(
        "submit", context.say("Sign operations and send them", "签名并发送操作"));
    add_operation_flags(command, context, *flags);
    command->add_option(
        "--jsonl", flags->lines,
        context.say("One transaction per line, sent over many connections; - for standard input",
                    "每行一笔交易，经多条连接发送；- 表示标准输入"));
    command
        ->add_option("--wait", flags->wait,
                     context.say("Answer when it is so far", "到达该阶段后返回"))
        ->check(CLI::IsMember({"admitted", "final", "sealed"}));
    command->add_option("--timeout-ms", flags->timeout_ms,
                        context.say("Longest wait per transaction", "每笔交易最长等待，毫秒"));
    command
        ->add_option("--connections", flags->connections,
                     context.say("Transactions under way at once", "同时进行的交易数"))
        ->check(CLI::Range(1, 1'000));
    command->add_flag("--stop-on-refusal", flags->stop_on_refusal,
                      context.say("Send no more after a refusal", "遇拒绝即停止发送"));
    std::vector<std::string> operations;
    for (const auto& sample : operation_samples()) {
        operations.emplace_back(sample.operation);
    }
    command
        ->add_option("--example", flags->example,
                     context.say("Print a document of this operation to start from; sends nothing",
                                 "打印该操作的示例文档；不发送"))
        ->check(CLI::IsMember(operations));
    command->footer(
        std::string(context.say("A document is an operation, a list of operations, or\n",
                                "文档可以是一个操作、操作列表，或\n")) +
        "  {\"as\": ORG, \"also\": [ORG…], \"mode\": \"ATOMIC\", \"operations\": […]}\n" +
        example_footer(
            context,
            "sanquan submit --example issue_money > ops.json\n"
            "  sanquan submit --file ops.json\n"
            "  sanquan submit --as settlement-bank --jsonl - --wait final < lines.jsonl"));
    on_call(command, context, [&context, flags] { return submit(context, *flags); });
}

}  // namespace

void add_submit_commands(CLI::App& app, Context& context) {
    add_submit(app, context);
    const auto flags = std::make_shared<SubmitFlags>();
    auto* dry =
        app.add_subcommand("dry-run", context.say("Show the receipt that operations would get now",
                                                  "预演：显示操作此刻会得到的回执"));
    add_operation_flags(dry, context, *flags);
    dry->get_option("--file")->required();
    dry->footer(example_footer(context, "sanquan dry-run --as settlement-bank --file ops.json"));
    on_call(dry, context, [&context, flags] { return dry_run(context, *flags); });
}

}  // namespace sanquan::cli
