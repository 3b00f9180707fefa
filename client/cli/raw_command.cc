// `sanquan get`, `sign`, `send`, `bid-commitment`: the plain building blocks for scripts, signers and sealed bids.
#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

#include "client/cli/command.h"
#include "client/cli/operation_file.h"
#include "client/cli/reader.h"
#include "client/cli/receipt_text.h"
#include "client/cli/signing_keys.h"
#include "client/lib/ledger_client.h"
#include "ledger/codec/json_format.h"
#include "ledger/crypto/random.h"
#include "ledger/model/bid_commitment.h"
#include "ledger/model/transaction.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

struct GetFlags {
    std::vector<std::string> targets;
    std::string as;
    std::string out;
};

struct SignFlags {
    std::string file = "-";
    std::string chain;
};

struct SendFlags {
    std::string raw;
    std::string wait = "sealed";
};

struct BidFlags {
    std::string tender;
    std::string bidder;
    std::string currency = "CNY";
    std::string amount;
    std::string proposal;
    std::string salt;
};

// The paths given as arguments, or one per line of standard input where the only argument is "-".
std::vector<std::string> targets_of(const GetFlags& flags) {
    if (flags.targets != std::vector<std::string>{"-"}) {
        return flags.targets;
    }
    std::vector<std::string> targets;
    for (std::string line; std::getline(std::cin, line);) {
        if (!line.empty()) {
            targets.push_back(line);
        }
    }
    return targets;
}

json::object refusal_line(const std::string& target, const Error& error) {
    return {{"target", target},
            {"error",
             {{"code", text(error.code)},
              {"number", static_cast<std::uint32_t>(error.code)},
              {"detail", error.context}}}};
}

// One line per path, in order, over one kept connection; what is refused has a line too.
Status get_each(Context& context, client::LedgerClient& ledger,
                const std::vector<std::string>& targets) {
    for (const auto& target : targets) {
        const auto answer = ledger.get(target);
        if (!answer) {
            context.exit = ExitCode::kRefused;
        }
        std::cout << json::serialize(answer ? *answer : refusal_line(target, answer.error()))
                  << '\n';
    }
    return {};
}

Status get(Context& context, const GetFlags& flags) {
    SANQUAN_TRY_ASSIGN(auto ledger, open_ledger(context, flags.as));
    const auto targets = targets_of(flags);
    if (!flags.out.empty()) {
        if (targets.size() != 1) {
            return fail(Code::kBadRequest, "--out takes one path");
        }
        SANQUAN_TRY_ASSIGN(const Bytes content, ledger.get_file(targets.front()));
        return replace_file(flags.out, content);
    }
    if (targets != flags.targets || targets.size() != 1) {
        return get_each(context, ledger, targets);
    }
    SANQUAN_TRY_ASSIGN(const auto answer, ledger.get(targets.front()));
    std::cout << json::serialize(answer) << '\n';
    return {};
}

Result<std::string> read_document(const std::string& file) {
    std::ostringstream text;
    if (file == "-") {
        text << std::cin.rdbuf();
        return text.str();
    }
    std::ifstream stream(file, std::ios::binary);
    text << stream.rdbuf();
    return stream ? Result<std::string>(text.str()) : fail(Code::kIo, "cannot read " + file);
}

Status sign(Context& context, const SignFlags& flags) {
    SANQUAN_TRY_ASSIGN(const auto* loaded, context.profile());
    client::Profile profile = *loaded;
    if (!flags.chain.empty()) {
        SANQUAN_TRY_ASSIGN(const Bytes id, from_hex(flags.chain));
        SANQUAN_TRY_ASSIGN(profile.chain.id, ChainId::from_bytes(id));
    }
    SANQUAN_TRY_ASSIGN(const std::string document, read_document(flags.file));
    OperationFile source(profile, signing_keys(context), SubmitDefaults{});
    SANQUAN_TRY_ASSIGN(const auto transaction, source.sign_line(document));
    const std::string raw = to_hex(transaction.raw);
    show(context, {{"id", transaction.id.hex()}, {"raw", raw}}, raw + '\n');
    return {};
}

Status send(Context& context, const SendFlags& flags) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(const auto nodes, context.nodes());
    SANQUAN_TRY_ASSIGN(const auto stage, client::parse_stage(flags.wait));
    SANQUAN_TRY_ASSIGN(const Bytes raw, from_hex(flags.raw));
    wire::SignedTransaction envelope;
    if (!envelope.ParseFromString(raw)) {
        return fail(Code::kBadEncoding, "not a signed transaction");
    }
    client::LedgerClient ledger(profile->chain, nodes);
    SANQUAN_TRY_ASSIGN(
        const auto answer,
        ledger.submit({raw, transaction_id(profile->chain, envelope.body())}, stage));
    show(context, answer.body, receipt_text(context, answer.body));
    if (answer.stage != "admitted" && !answer.accepted) {
        context.exit = ExitCode::kRefused;
    }
    return {};
}

Status commit_bid(Context& context, const BidFlags& flags) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    const std::string salt = flags.salt.empty() ? to_hex(random_bytes(kDigestBytes)) : flags.salt;
    wire::RevealBid reveal;
    const json::object opening{{"tender", flags.tender},
                               {"price", {{"currency", flags.currency}, {"amount", flags.amount}}},
                               {"proposal", flags.proposal},
                               {"salt", salt}};
    SANQUAN_TRY(from_json(opening, reveal));
    const Digest commitment =
        bid_commitment(profile->chain, profile->organisation_id(flags.bidder), reveal);
    show(context, {{"commitment", commitment.hex()}, {"salt", salt}},
         std::string(context.say("commitment ", "承诺值 ")) + commitment.hex() + '\n' +
             context.say("salt, to be kept until the reveal ", "盐值，保存到揭标 ") + salt + '\n');
    return {};
}

void add_get(CLI::App& app, Context& context) {
    const auto flags = std::make_shared<GetFlags>();
    auto* command =
        app.add_subcommand("get", context.say("Read paths of the HTTP API (docs/openapi.yaml)",
                                              "读取 HTTP 接口路径（见 docs/openapi.yaml）"));
    command->footer(example_footer(context,
                                   "sanquan get '/v1/assets?sector=S12&limit=5'\n"
                                   "  sanquan get --as regulator - < paths.txt"));
    command
        ->add_option("target", flags->targets,
                     context.say("Paths with query; - reads them from standard input, one per line",
                                 "带查询参数的路径；- 表示从标准输入逐行读取"))
        ->required();
    command->add_option(
        "--as", flags->as,
        context.say("Ask as this organisation (signed challenge)", "以该机构身份查询（签名应答）"));
    command->add_option("--out", flags->out,
                        context.say("Write the answer to a file", "将答复写入文件"));
    on_call(command, context, [&context, flags] { return get(context, *flags); });
}

void add_sign_and_send(CLI::App& app, Context& context) {
    const auto signing = std::make_shared<SignFlags>();
    auto* signer =
        app.add_subcommand("sign", context.say("Sign a transaction and print its bytes, unsent",
                                               "签名交易并打印其字节，不发送"));
    signer->add_option("--file", signing->file,
                       context.say("JSON document as for submit; - for standard input",
                                   "与 submit 相同的 JSON 文档；- 表示标准输入"));
    signer->add_option("--chain", signing->chain,
                       context.say("Id of another chain instead of the profile's",
                                   "以另一条链的编号代替配置中的链"));
    signer->footer(example_footer(
        context,
        "sanquan sign --file order.json > order.hex && sanquan send \"$(cat order.hex)\""));
    on_call(signer, context, [&context, signing] { return sign(context, *signing); });

    const auto sending = std::make_shared<SendFlags>();
    auto* sender = app.add_subcommand(
        "send", context.say("Send signed bytes; the same bytes count once, however often sent",
                            "发送已签名的字节；相同字节无论发送几次只计一次"));
    sender
        ->add_option("raw", sending->raw,
                     context.say("Hexadecimal, as `sanquan sign` prints it",
                                 "十六进制，即 `sanquan sign` 的输出"))
        ->required();
    sender
        ->add_option("--wait", sending->wait,
                     context.say("admitted, final or sealed", "到达该阶段后返回"))
        ->check(CLI::IsMember({"admitted", "final", "sealed"}));
    sender->footer(example_footer(context, "sanquan send \"$(cat order.hex)\" --wait final"));
    on_call(sender, context, [&context, sending] { return send(context, *sending); });
}

}  // namespace

void add_raw_commands(CLI::App& app, Context& context) {
    add_get(app, context);
    add_sign_and_send(app, context);
    const auto flags = std::make_shared<BidFlags>();
    auto* command = app.add_subcommand(
        "bid-commitment",
        context.say("The commitment of a sealed bid, for submit_bid; reveal_bid opens it",
                    "密封投标的承诺值，用于 submit_bid，由 reveal_bid 揭示"));
    command->add_option("--tender", flags->tender, context.say("Tender id", "招标编号"))
        ->required();
    command
        ->add_option("--bidder", flags->bidder, context.say("Organisation that bids", "投标机构"))
        ->required();
    command->add_option("--currency", flags->currency,
                        context.say("ISO 4217 (default CNY)", "币种（ISO 4217，默认 CNY）"));
    command
        ->add_option("--amount", flags->amount,
                     context.say("Price in minor units", "价格，最小货币单位"))
        ->required();
    command
        ->add_option("--proposal", flags->proposal,
                     context.say("SHA-256 of the offered documents", "投标文件的 SHA-256"))
        ->required();
    command->add_option(
        "--salt", flags->salt,
        context.say("64 hexadecimal digits (default: random)", "64 位十六进制（默认随机）"));
    command->footer(example_footer(
        context,
        "sanquan bid-commitment --tender TENDER --bidder platform-company --amount 990000 \\\n"

        "--proposal 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"));
    on_call(command, context, [&context, flags] { return commit_bid(context, *flags); });
}

}  // namespace sanquan::cli
