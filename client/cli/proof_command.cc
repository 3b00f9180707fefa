// `sanquan prove receipt | state | rights | trust | checkpoint`: files that `sanquan verify` checks offline.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/array.hpp>
#include <filesystem>
#include <functional>
#include <iostream>

#include "client/cli/command.h"
#include "client/cli/reader.h"
#include "client/lib/ledger_client.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/proof/trust.h"
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

// Whether a verified fact answers the question; the server may lie, or have been asked by another name.
using Answers = std::function<bool(const VerifiedFact&)>;

// The fact of a voucher from a server, which proves what was asked and of this chain.
Result<VerifiedFact> check_answer(const client::Profile& profile, const Bytes& file,
                                  const Answers& answers) {
    SANQUAN_TRY_ASSIGN(VerifiedFact fact, verify_voucher(profile.chain.id, file));
    if (!answers(fact)) {
        return fail(Code::kProofInvalid, "the node answered another question: its voucher shows " +
                                             std::string(name(fact.kind)) + " at height " +
                                             std::to_string(fact.height.value));
    }
    return fact;
}

Answers is_receipt_of(const std::string& id) {
    return [id](const VerifiedFact& fact) {
        const auto receipt = fact.kind == FactKind::kReceipt
                                 ? decode<wire::Receipt>(fact.receipt, kVoucherBytesMax)
                                 : fail(Code::kProofInvalid);
        return receipt && to_hex(receipt->transaction_id()) == id;
    };
}

Answers is_of_key(const std::string& key, const std::string& at) {
    return [key, at](const VerifiedFact& fact) {
        const bool now = fact.kind == FactKind::kHeld || fact.kind == FactKind::kAbsent;
        const bool past = fact.kind == FactKind::kHeldAt || fact.kind == FactKind::kAbsentAt;
        return fact.key == key && (at.empty() ? now : past && std::to_string(fact.at.value) == at);
    };
}

Status prove(Context& context, const ProveFlags& flags, const std::string& target,
             const Answers& answers) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(auto ledger, open_ledger(context, flags.as));
    SANQUAN_TRY_ASSIGN(const Bytes file, ledger.get_file(target));
    SANQUAN_TRY(check_answer(*profile, file, answers));
    SANQUAN_TRY(replace_file(flags.out, file));
    return tell(context, flags.out, file.size(), flags.out);
}

Status prove_trust(Context& context, const ProveFlags& flags) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(auto ledger, open_ledger(context, flags.as));
    SANQUAN_TRY_ASSIGN(const Bytes file, ledger.get_file("/v1/proofs/trust"));
    SANQUAN_TRY(verify_trust(profile->chain.id, file));
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

// Who could use an asset: one voucher for every record that the answer rests on, into a folder. Which records those are
// is the node's word alone.
Status prove_all_rights(Context& context, const ProveFlags& flags) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
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
            SANQUAN_TRY(check_answer(*profile, file, is_of_key(key, at)));
            std::string name = key;
            std::replace(name.begin(), name.end(), '/', '_');
            SANQUAN_TRY(replace_file(std::filesystem::path(flags.out) / (name + ".voucher"), file));
            bytes += file.size();
        }
        const auto* next = answer.if_contains("next_cursor");
        cursor = next == nullptr ? std::string() : std::string(next->as_string());
    } while (!cursor.empty());
    std::cerr << context.say(
        "Each file proves its record. That no further record concerns the asset is the word of the "
        "node "
        "that was asked; for one holder: sanquan prove rights ASSET HOLDER\n",
        "每个文件证明其记录；是否还有其他记录涉及该资产，仅凭所询节点之言；针对单个持有者请用："
        "sanquan prove rights ASSET HOLDER\n");
    return tell(context, flags.out, bytes, flags.out + "/*.voucher");
}

// The signature of an audit node, by its key in the profile, added to a checkpoint of which `fact` was verified.
Result<Bytes> ask_auditor(const client::Profile& profile, const client::NodeAddress& node,
                          const std::string& target, const VerifiedFact& fact, const Bytes& file) {
    const auto bytes = from_hex(node.tls_pin);
    const auto pin = bytes ? SpkiHash::from_bytes(*bytes) : fail(Code::kBadHex);
    if (!pin) {
        return fail(Code::kKeyInvalid, "the profile has no tls_pin of this audit node");
    }
    client::LedgerClient auditor(profile.chain, {node});
    SANQUAN_TRY_ASSIGN(const Bytes signed_one, auditor.get_file(target));
    SANQUAN_TRY(check_answer(profile, signed_one, [&](const VerifiedFact& other) {
        return other.kind == FactKind::kCheckpoint && other.digest == fact.digest;
    }));
    return add_audit(file, signed_one, node.name, *pin);
}

// The node's checkpoint with the signatures of every audit node of the profile that can be reached.
Status prove_checkpoint(Context& context, const ProveFlags& flags) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(auto ledger, open_ledger(context, flags.as));
    std::string at = flags.at;
    if (at.empty()) {
        SANQUAN_TRY_ASSIGN(at, newest_provable(ledger));
    }
    const std::string target = "/v1/proofs/checkpoint?at=" + at;
    SANQUAN_TRY_ASSIGN(const Bytes answer, ledger.get_file(target));
    // SECURITY: whoever answers may sign under any name with a key of its own.
    SANQUAN_TRY_ASSIGN(Bytes file, without_audits(answer));
    SANQUAN_TRY_ASSIGN(
        VerifiedFact fact, check_answer(*profile, file, [&](const VerifiedFact& shown) {
            return shown.kind == FactKind::kCheckpoint && std::to_string(shown.height.value) == at;
        }));
    for (const auto& node : profile->nodes) {
        if (!node.audit) {
            continue;
        }
        auto joined = ask_auditor(*profile, node, target, fact, file);
        if (joined) {
            file = *std::move(joined);
        } else {
            std::cerr << node.name << ": " << to_string(joined.error()) << '\n';
        }
    }
    SANQUAN_TRY_ASSIGN(fact, verify_voucher(profile->chain.id, file));
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

CLI::App* add_prover(CLI::App& prove_app, const Context& context, const char* name,
                     const char* about, const std::shared_ptr<ProveFlags>& flags) {
    auto* command = prove_app.add_subcommand(name, about);
    command->add_option("-o,--out", flags->out, context.say("File to write", "输出文件"))
        ->required();
    command->add_option(
        "--as", flags->as,
        context.say("Organisation that asks (alias or id)", "查询方机构（别名或编号）"));
    return command;
}

void add_receipt_proof(CLI::App& prover, Context& context) {
    const auto receipt = std::make_shared<ProveFlags>();
    auto* command =
        add_prover(prover, context, "receipt",
                   context.say("That a receipt stands on the ledger", "证明回执已上账"), receipt);
    command->add_option("id", receipt->first, context.say("Transaction id", "交易编号"))
        ->required();
    command->footer(
        example_footer(context, "sanquan prove receipt 3fa9… --as data-exchange -o sale.voucher"));
    on_call(command, context, [&context, receipt] {
        return prove(context, *receipt, "/v1/proofs/receipt/" + receipt->first,
                     is_receipt_of(receipt->first));
    });
}

void add_state_proof(CLI::App& prover, Context& context) {
    const auto state = std::make_shared<ProveFlags>();
    auto* command = add_prover(prover, context, "state",
                               context.say("A state key's value or absence, now or at a height",
                                           "证明状态键的值或其不存在（当前或某高度）"),
                               state);
    command
        ->add_option("key", state->first,
                     context.say("State key, such as asset/530000S0100000001S",
                                 "状态键，如 asset/530000S0100000001S"))
        ->required();
    command->add_option("--at", state->at, context.say("Height", "高度"));
    command->footer(
        example_footer(context,
                       "sanquan prove state role/X-DATA-EXCHANGE/EXCHANGE/ -o role.voucher\n"
                       "  sanquan prove state asset/530000S0100000001S --at 120 -o asset.voucher"));
    on_call(command, context, [&context, state] {
        return prove(context, *state, state_target(state->first, state->at),
                     is_of_key(state->first, state->at));
    });
}

void add_rights_proof(CLI::App& prover, Context& context) {
    const auto rights = std::make_shared<ProveFlags>();
    auto* command = add_prover(prover, context, "rights",
                               context.say("What a holder was (or never was) granted on an asset",
                                           "证明某方对资产获得过（或从未获得）的授权"),
                               rights);
    command->add_option("asset", rights->first, context.say("Asset code", "资产编码"))->required();
    command->add_option(
        "holder", rights->holder,
        context.say("Organisation (alias or id); without it: everybody, one file a record "
                    "into the folder --out",
                    "机构（别名或编号）；不给则为全部机构，每条记录一个文件，写入 --out 目录"));
    command->add_option("--at", rights->at, context.say("Height", "高度"));
    command->footer(example_footer(
        context,
        "sanquan prove rights 530000S0100000001S platform-company --at 120 --as regulator -o "
        "had.voucher\n"
        "  sanquan prove rights 530000S0100000001S --at 120 --as regulator -o rights-120\n"
        "  sanquan verify rights-120/*.voucher"));
    on_call(command, context, [&context, rights]() -> Status {
        if (rights->holder.empty()) {
            return prove_all_rights(context, *rights);
        }
        SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
        const std::string holder = profile->organisation_id(rights->holder);
        const std::string key = "right/" + rights->first + "/" + holder;
        return prove(context, *rights, state_target(key, rights->at), is_of_key(key, rights->at));
    });
}

void add_anchor_proofs(CLI::App& prover, Context& context) {
    const auto trust = std::make_shared<ProveFlags>();
    auto* command = add_prover(
        prover, context, "trust",
        context.say("The chain of validator sets from genesis", "自创世起的验证者集合链"), trust);
    command->footer(
        example_footer(context, "sanquan prove trust -o trust.file && sanquan verify trust.file"));
    on_call(command, context, [&context, trust] { return prove_trust(context, *trust); });
    const auto checkpoint = std::make_shared<ProveFlags>();
    command = add_prover(prover, context, "checkpoint",
                         context.say("A final block as an anchor, with the audit nodes' signatures",
                                     "作为信任锚的终局区块，附审计节点签名"),
                         checkpoint);
    command->add_option("--at", checkpoint->at,
                        context.say("Height (default: the newest)", "高度（默认最新）"));
    command->footer(example_footer(context, "sanquan prove checkpoint -o today.checkpoint"));
    on_call(command, context,
            [&context, checkpoint] { return prove_checkpoint(context, *checkpoint); });
}

}  // namespace

void add_prove_command(CLI::App& app, Context& context) {
    auto* prover =
        app.add_subcommand("prove", context.say("Fetch a voucher that anyone can verify offline",
                                                "取得任何人都可离线验证的凭证"));
    prover->require_subcommand(1);
    prover->footer(example_footer(context,
                                  "sanquan prove receipt 3fa9… --as data-exchange -o sale.voucher\n"
                                  "  sanquan prove rights 530000S0100000001S X-STRANGER --at 120 "
                                  "--as sector-authority -o none.voucher\n"
                                  "  sanquan verify none.voucher"));
    add_receipt_proof(*prover, context);
    add_state_proof(*prover, context);
    add_rights_proof(*prover, context);
    add_anchor_proofs(*prover, context);
}

}  // namespace sanquan::cli
