// `sanquan prove receipt | state | rights | trust | checkpoint`: files that `sanquan verify` checks offline.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/array.hpp>
#include <filesystem>
#include <iostream>

#include "client/cli/command.h"
#include "client/cli/reader.h"
#include "client/lib/ledger_client.h"
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

// Says what was written and how a stranger checks it.
Status tell(Context& context, const std::string& file, std::size_t bytes,
            const std::string& what_to_verify) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    show(context, {{"file", file}, {"bytes", bytes}},
         file + "  " + std::to_string(bytes) + context.say(" bytes\n", " 字节\n") +
             context.say("Anyone can check it offline:\n", "任何人可离线验证：\n") +
             "  sanquan verify " + what_to_verify + " --genesis-digest " + profile->chain.id.hex() +
             '\n');
    return {};
}

Status prove(Context& context, const ProveFlags& flags, const std::string& target) {
    SANQUAN_TRY_ASSIGN(auto ledger, open_ledger(context, flags.as));
    SANQUAN_TRY_ASSIGN(const Bytes file, ledger.get_file(target));
    SANQUAN_TRY(replace_file(flags.out, file));
    return tell(context, flags.out, file.size(), flags.out);
}

std::string state_target(const std::string& key, const std::string& at) {
    return "/v1/proofs/state?key=" + client::percent_encode(key) + (at.empty() ? "" : "&at=" + at);
}

// The height before the head: the newest whose state can be proven.
Result<std::string> newest_provable(client::LedgerClient& ledger) {
    SANQUAN_TRY_ASSIGN(const auto status, ledger.get("/v1/status"));
    const auto height = std::stoull(std::string(status.at("height").as_string()));
    if (height < 2) {
        return fail(Code::kNotSealed, "the head is " + std::to_string(height));
    }
    return std::to_string(height - 1);
}

// Who could use an asset: one voucher for every record that the answer rests on, into a folder.
Status prove_all_rights(Context& context, const ProveFlags& flags) {
    SANQUAN_TRY_ASSIGN(auto ledger, open_ledger(context, flags.as));
    std::string at = flags.at;
    if (at.empty()) {
        SANQUAN_TRY_ASSIGN(at, newest_provable(ledger));
    }
    std::error_code error;
    std::filesystem::create_directories(flags.out, error);
    std::size_t bytes = 0;
    std::string cursor;
    do {
        SANQUAN_TRY_ASSIGN(const auto answer,
                           ledger.get("/v1/rights?asset=" + client::percent_encode(flags.first) +
                                      "&at=" + at + (cursor.empty() ? "" : "&cursor=" + cursor)));
        for (const auto& entry : answer.at("proof_keys").as_array()) {
            const std::string key(entry.as_string());
            SANQUAN_TRY_ASSIGN(const Bytes file, ledger.get_file(state_target(key, at)));
            std::string name = key;
            std::replace(name.begin(), name.end(), '/', '_');
            SANQUAN_TRY(replace_file(std::filesystem::path(flags.out) / (name + ".voucher"), file));
            bytes += file.size();
        }
        const auto* next = answer.if_contains("next_cursor");
        cursor = next == nullptr ? std::string() : std::string(next->as_string());
    } while (!cursor.empty());
    return tell(context, flags.out, bytes, flags.out + "/*.voucher");
}

// The node's checkpoint with the signatures of every audit node that can be reached.
Status prove_checkpoint(Context& context, const ProveFlags& flags) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(auto ledger, open_ledger(context, flags.as));
    std::string at = flags.at;
    if (at.empty()) {
        SANQUAN_TRY_ASSIGN(at, newest_provable(ledger));
    }
    const std::string target = "/v1/proofs/checkpoint?at=" + at;
    SANQUAN_TRY_ASSIGN(Bytes file, ledger.get_file(target));
    for (const auto& node : profile->nodes) {
        if (!node.audit) {
            continue;
        }
        client::LedgerClient auditor(profile->chain, {node});
        const auto signed_one = auditor.get_file(target);
        if (signed_one) {
            SANQUAN_TRY_ASSIGN(file, join_checkpoints(file, *signed_one));
        } else {
            std::cerr << node.name << ": " << to_string(signed_one.error()) << '\n';
        }
    }
    SANQUAN_TRY_ASSIGN(const auto fact, verify_voucher(profile->chain.id, file));
    SANQUAN_TRY(replace_file(flags.out, file));
    const std::string anchor = std::to_string(fact.height.value) + ":" + fact.digest.hex();
    json::array audits;
    for (const auto& audit : fact.audits) {
        audits.push_back(json::string(audit.node));
    }
    show(context,
         {{"file", flags.out},
          {"bytes", file.size()},
          {"anchor", anchor},
          {"audits", std::move(audits)}},
         flags.out + "  " + std::to_string(fact.audits.size()) +
             context.say(" audit signatures\nKeep this anchor; from now on:\n",
                         " 个审计签名\n请保存该锚点；此后可用：\n") +
             "  sanquan verify FILE --anchor " + anchor + " --checkpoint " + flags.out + '\n');
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

void add_prove_command(CLI::App& app, Context& context) {
    auto* prover = app.add_subcommand("prove", "Fetch a voucher that anyone can verify offline");
    prover->require_subcommand(1);
    prover->footer(
        "Example:\n  sanquan prove receipt 3fa9… --as data-exchange -o sale.voucher\n"
        "  sanquan prove rights 530000S0100000001S X-STRANGER --at 120 --as sector-authority -o "
        "none.voucher\n"
        "  sanquan verify none.voucher\n");
    const auto receipt = std::make_shared<ProveFlags>();
    auto* command = add_prover(*prover, "receipt", "That a receipt stands on the ledger", receipt);
    command->add_option("id", receipt->first, "Transaction id")->required();
    command->footer("Example:\n  sanquan prove receipt 3fa9… --as data-exchange -o sale.voucher\n");
    on_call(command, context, [&context, receipt] {
        return prove(context, *receipt, "/v1/proofs/receipt/" + receipt->first);
    });
    const auto state = std::make_shared<ProveFlags>();
    command =
        add_prover(*prover, "state", "A state key's value or absence, now or at a height", state);
    command->add_option("key", state->first, "State key, such as asset/530000S0100000001S")
        ->required();
    command->add_option("--at", state->at, "Height");
    command->footer(
        "Example:\n  sanquan prove state role/X-DATA-EXCHANGE/EXCHANGE/ -o role.voucher\n"
        "  sanquan prove state asset/530000S0100000001S --at 120 -o asset.voucher\n");
    on_call(command, context, [&context, state] {
        return prove(context, *state, state_target(state->first, state->at));
    });
    const auto rights = std::make_shared<ProveFlags>();
    command = add_prover(*prover, "rights", "What a holder was (or never was) granted on an asset",
                         rights);
    command->add_option("asset", rights->first, "Asset code")->required();
    command->add_option("holder", rights->holder,
                        "Organisation (alias or id); without it: everybody, one file a record "
                        "into the folder --out");
    command->add_option("--at", rights->at, "Height");
    command->footer(
        "Example:\n  sanquan prove rights 530000S0100000001S platform-company --at 120 "
        "--as regulator -o had.voucher\n"
        "  sanquan prove rights 530000S0100000001S --at 120 --as regulator -o rights-120\n"
        "  sanquan verify rights-120/*.voucher\n");
    on_call(command, context, [&context, rights]() -> Status {
        if (rights->holder.empty()) {
            return prove_all_rights(context, *rights);
        }
        SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
        const std::string holder = profile->organisation_id(rights->holder);
        return prove(context, *rights,
                     state_target("right/" + rights->first + "/" + holder, rights->at));
    });
    const auto trust = std::make_shared<ProveFlags>();
    command = add_prover(*prover, "trust", "The chain of validator sets from genesis", trust);
    command->footer("Example:\n  sanquan prove trust -o trust.file && sanquan verify trust.file\n");
    on_call(command, context,
            [&context, trust] { return prove(context, *trust, "/v1/proofs/trust"); });
    const auto checkpoint = std::make_shared<ProveFlags>();
    command =
        add_prover(*prover, "checkpoint",
                   "A final block as an anchor, with the audit nodes' signatures", checkpoint);
    command->add_option("--at", checkpoint->at, "Height (default: the newest)");
    command->footer("Example:\n  sanquan prove checkpoint -o today.checkpoint\n");
    on_call(command, context,
            [&context, checkpoint] { return prove_checkpoint(context, *checkpoint); });
}

}  // namespace sanquan::cli
