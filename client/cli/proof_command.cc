// `sanquan prove receipt | state | rights | trust` and the offline `sanquan verify FILE`.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

#include "client/cli/command.h"
#include "client/cli/reader.h"
#include "client/cli/record_json.h"
#include "client/lib/ledger_client.h"
#include "ledger/base/rfc3339.h"
#include "ledger/proof/voucher.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

struct ProveFlags {
    std::string first;  // transaction id, state key or asset
    std::string holder;
    std::string at;
    std::string as;
    std::string out;
};

Status prove(Context& context, const ProveFlags& flags, const std::string& target) {
    SANQUAN_TRY_ASSIGN(auto ledger, open_ledger(context, flags.as));
    SANQUAN_TRY_ASSIGN(const Bytes file, ledger.get_file(target));
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY(replace_file(flags.out, file));
    show(context, {{"file", flags.out}, {"bytes", file.size()}},
         flags.out + "  " + std::to_string(file.size()) + context.say(" bytes\n", " 字节\n") +
             context.say("Anyone can check it offline:\n", "任何人可离线验证：\n") +
             "  sanquan verify " + flags.out + " --genesis-digest " + profile->chain.id.hex() +
             '\n');
    return {};
}

std::string state_target(const std::string& key, const std::string& at) {
    return "/v1/proofs/state?key=" + client::percent_encode(key) + (at.empty() ? "" : "&at=" + at);
}

json::object fact_json(const VerifiedFact& fact) {
    json::object object;
    object["kind"] = name(fact.kind);
    object["height"] = std::to_string(fact.height.value);
    object["time_ms"] = std::to_string(fact.time.value);
    if (fact.kind == FactKind::kReceipt) {
        object["receipt"] = decoded_receipt(fact.receipt);
        return object;
    }
    object["key"] = fact.key;
    if (fact.kind == FactKind::kHeldAt || fact.kind == FactKind::kAbsentAt) {
        object["at"] = std::to_string(fact.at.value);
    }
    if (fact.kind == FactKind::kHeld || fact.kind == FactKind::kHeldAt) {
        object["since"] = std::to_string(fact.since.value);
        object["value"] = decoded_record(fact.key, fact.value);
    }
    return object;
}

// How long before the certifying block the anchor was made: keys have had this long to be stolen.
std::uint64_t anchor_age_ms(const VerifiedFact& fact) {
    return fact.certified_time.value - std::min(fact.anchor_time, fact.certified_time).value;
}

// "3 d 4 h", "12 min 5 s": the two largest units.
std::string duration_text(const Context& context, std::uint64_t ms) {
    const std::uint64_t seconds = ms / 1'000;
    struct Unit {
        std::uint64_t seconds;
        const char* english;
        const char* chinese;
    };
    static constexpr std::array<Unit, 4> kUnits = {{{86'400, " d ", " 天 "},
                                                    {3'600, " h ", " 小时 "},
                                                    {60, " min ", " 分 "},
                                                    {1, " s ", " 秒 "}}};
    std::size_t first = 0;
    while (first + 1 < kUnits.size() && seconds < kUnits[first].seconds) {
        ++first;
    }
    std::string text;
    std::uint64_t left = seconds;
    for (std::size_t i = first; i < std::min(first + 2, kUnits.size()); ++i) {
        text += std::to_string(left / kUnits[i].seconds) +
                context.say(kUnits[i].english, kUnits[i].chinese);
        left %= kUnits[i].seconds;
    }
    text.pop_back();
    return text;
}

json::object assumptions_json(const VerifiedFact& fact) {
    json::object object;
    object["anchor"] = "genesis " + fact.chain.id.hex();
    object["anchor_time_ms"] = std::to_string(fact.anchor_time.value);
    object["anchor_age_ms"] = std::to_string(anchor_age_ms(fact));
    object["epoch"] = std::to_string(fact.epoch.value);
    object["set_changes"] = fact.set_changes;
    object["certified_height"] = std::to_string(fact.certified_height.value);
    object["certified_time_ms"] = std::to_string(fact.certified_time.value);
    object["validators"] = fact.validators;
    json::array signers;
    for (const auto& signer : fact.signers) {
        signers.push_back(json::string(signer));
    }
    object["signers"] = std::move(signers);
    object["sentence"] = "valid if fewer than a quorum of the keys of each epoch from 0 to " +
                         std::to_string(fact.epoch.value) + " were stolen";
    return object;
}

std::string fact_text(const Context& context, const VerifiedFact& fact) {
    const bool demo = fact.chain.profile == ChainProfile::kDemo;
    std::string text =
        paint(context, 'g', context.say("VERIFIED", "验证通过")) + "  " +
        std::string(name(fact.kind)) + context.say(" at height ", "，高度 ") +
        std::to_string(fact.height.value) + '\n' + pretty_json(fact_json(fact), 2) +
        context.say("\nThis assumes:\n", "\n所作假设：\n") +
        context.say("  the anchor is the genesis digest that you gave; network ",
                    "  锚点为您给出的创世摘要；网络 ") +
        fact.network + '\n' + context.say("  the anchor's age: made at ", "  锚点时间：") +
        format_rfc3339(static_cast<std::int64_t>(fact.anchor_time.value / 1'000)) + ", " +
        duration_text(context, anchor_age_ms(fact)) +
        context.say(" before the certified block ", "，早于认证区块 ") +
        std::to_string(fact.certified_height.value) + '\n' +
        context.say("  validator set changes between: ", "  其间验证者集合变更次数：") +
        std::to_string(fact.set_changes) + '\n' +
        context.say("  fewer than a quorum of the keys of each of these sets were stolen\n",
                    "  各集合被盗密钥数均少于法定数\n") +
        context.say("  signed by ", "  签名方：");
    for (const auto& signer : fact.signers) {
        text += signer + ' ';
    }
    text +=
        "(" + std::to_string(fact.signers.size()) + "/" + std::to_string(fact.validators) + ")\n";
    if (demo) {
        text += paint(context, 'y',
                      context.say("DEMO CHAIN: its periods are seconds, not working days\n",
                                  "演示链：期限以秒计，而非工作日\n"));
    }
    return text;
}

Status verify_file(Context& context, const std::string& file, const std::string& genesis) {
    std::string digest = genesis;
    if (digest.empty()) {
        SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
        digest = profile->chain.id.hex();
    }
    const auto digest_bytes = from_hex(digest);
    const auto chain = digest_bytes ? ChainId::from_bytes(*digest_bytes) : fail(Code::kBadHex);
    if (!chain) {
        return fail(Code::kBadRequest, "--genesis-digest: 64 lower-case hexadecimal digits");
    }
    SANQUAN_TRY_ASSIGN(const Bytes voucher, read_whole_file(file, kVoucherBytesMax));
    const auto fact = verify_voucher(*chain, voucher);
    if (!fact) {
        report(context, fact.error());
        context.exit = ExitCode::kRefused;
        return {};
    }
    json::object body;
    body["verified"] = true;
    body["fact"] = fact_json(*fact);
    body["assumptions"] = assumptions_json(*fact);
    body["network"] = fact->network;
    body["profile"] = fact->chain.profile == ChainProfile::kDemo ? "demo" : "production";
    show(context, body, fact_text(context, *fact));
    return {};
}

CLI::App* add_prover(CLI::App& prove_app, const char* name, const char* about,
                     const std::shared_ptr<ProveFlags>& flags) {
    auto* command = prove_app.add_subcommand(name, about);
    command->add_option("-o,--out", flags->out, "File to write")->required();
    command->add_option("--as", flags->as, "Organisation that asks (alias or id)");
    return command;
}

}  // namespace

void add_proof_commands(CLI::App& app, Context& context) {
    auto* prover = app.add_subcommand("prove", "Fetch a voucher that anyone can verify offline");
    prover->require_subcommand(1);
    prover->footer(
        "Example:\n  sanquan prove receipt 3fa9… --as data-exchange -o sale.voucher\n"
        "  sanquan prove rights 530000S0100000001X X-STRANGER --at 120 --as sector-authority -o "
        "none.voucher\n");
    const auto receipt = std::make_shared<ProveFlags>();
    auto* command = add_prover(*prover, "receipt", "That a receipt stands on the ledger", receipt);
    command->add_option("id", receipt->first, "Transaction id")->required();
    on_call(command, context, [&context, receipt] {
        return prove(context, *receipt, "/v1/proofs/receipt/" + receipt->first);
    });
    const auto state = std::make_shared<ProveFlags>();
    command =
        add_prover(*prover, "state", "A state key's value or absence, now or at a height", state);
    command->add_option("key", state->first, "State key, such as asset/530000S0100000001X")
        ->required();
    command->add_option("--at", state->at, "Height");
    on_call(command, context, [&context, state] {
        return prove(context, *state, state_target(state->first, state->at));
    });
    const auto rights = std::make_shared<ProveFlags>();
    command = add_prover(*prover, "rights", "What a holder was (or never was) granted on an asset",
                         rights);
    command->add_option("asset", rights->first, "Asset code")->required();
    command->add_option("holder", rights->holder, "Organisation id")->required();
    command->add_option("--at", rights->at, "Height");
    on_call(command, context, [&context, rights] {
        return prove(context, *rights,
                     state_target("right/" + rights->first + "/" + rights->holder, rights->at));
    });
    const auto trust = std::make_shared<ProveFlags>();
    command = add_prover(*prover, "trust", "The chain of validator sets from genesis", trust);
    on_call(command, context,
            [&context, trust] { return prove(context, *trust, "/v1/proofs/trust"); });

    struct VerifyFlags {
        std::string file;
        std::string genesis;
    };
    const auto flags = std::make_shared<VerifyFlags>();
    auto* verifier =
        app.add_subcommand("verify", "Check a voucher offline: needs no node and no network");
    verifier->add_option("file", flags->file, "Voucher file")->required();
    verifier->add_option("--genesis-digest", flags->genesis,
                         "Chain id that you trust (default: the profile's)");
    on_call(verifier, context,
            [&context, flags] { return verify_file(context, flags->file, flags->genesis); });
}

}  // namespace sanquan::cli
