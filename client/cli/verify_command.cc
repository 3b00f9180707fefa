// The offline `sanquan verify FILE…`: what a voucher shows, and what its reader takes on trust.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <charconv>

#include "client/cli/command.h"
#include "client/cli/reader.h"
#include "client/cli/record_json.h"
#include "ledger/base/rfc3339.h"
#include "ledger/proof/trust.h"
#include "ledger/proof/voucher.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

struct VerifyFlags {
    std::vector<std::string> files;
    std::string genesis;
    std::string anchor;
    std::string checkpoint;
};

std::string anchor_text(Height height, const BlockDigest& digest) {
    return std::to_string(height.value) + ":" + digest.hex();
}

// Whether the profile knows the witness under the name that the file gives, which nobody signed: who has no profile
// compares name and key with the ledger's node/NAME.
bool known_witness(Context& context, const AuditWitness& audit) {
    const auto profile = context.profile();
    return profile && (*profile)->knows_audit_node(audit.node, audit.pin.hex());
}

json::object fact_json(Context& context, const VerifiedFact& fact) {
    json::object object;
    object["kind"] = name(fact.kind);
    object["height"] = std::to_string(fact.height.value);
    object["time_ms"] = std::to_string(fact.time.value);
    if (fact.kind == FactKind::kReceipt) {
        object["receipt"] = decoded_receipt(fact.receipt);
        return object;
    }
    if (fact.kind == FactKind::kCheckpoint) {
        object["anchor"] = anchor_text(fact.height, fact.digest);
        json::array audits;
        for (const auto& audit : fact.audits) {
            audits.push_back({{"node", audit.node},
                              {"tls_pin", audit.pin.hex()},
                              {"in_profile", known_witness(context, audit)}});
        }
        object["audits"] = std::move(audits);
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

std::string age_text(const Context& context, const VerifiedFact& fact) {
    const std::string height = std::to_string(fact.certified_height.value);
    if (fact.anchor_time > fact.certified_time) {
        return context.say("after the certified block ", "晚于认证区块 ") + height;
    }
    return duration_text(context, anchor_age_ms(fact)) +
           context.say(" before the certified block ", "，早于认证区块 ") + height;
}

json::object assumptions_json(const VerifiedFact& fact) {
    json::object object;
    object["anchor"] = fact.anchor_height.value == 0
                           ? "genesis " + fact.chain.id.hex()
                           : anchor_text(fact.anchor_height, fact.anchor_digest);
    object["anchor_height"] = std::to_string(fact.anchor_height.value);
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
    object["sentence"] = "valid if fewer than a quorum of the keys of each epoch from " +
                         std::to_string(fact.anchor_epoch.value) + " to " +
                         std::to_string(fact.epoch.value) + " were stolen";
    return object;
}

std::string profile_text(const Chain& chain) {
    return chain.profile == ChainProfile::kDemo ? "demo" : "production";
}

std::string demo_warning(const Context& context, const Chain& chain) {
    return chain.profile != ChainProfile::kDemo
               ? std::string()
               : paint(context, 'y',
                       context.say("DEMO CHAIN: its periods are seconds, not working days\n",
                                   "演示链：期限以秒计，而非工作日\n"));
}

std::string fact_text(Context& context, const VerifiedFact& fact) {
    std::string text =
        paint(context, 'g', context.say("VERIFIED", "验证通过")) + "  " +
        std::string(name(fact.kind)) + context.say(" at height ", "，高度 ") +
        std::to_string(fact.height.value) + '\n' + pretty_json(fact_json(context, fact), 2) +
        context.say("\nThis assumes:\n", "\n所作假设：\n") +
        (fact.anchor_height.value == 0
             ? context.say("  the anchor is the genesis digest that you gave; network ",
                           "  锚点为您给出的创世摘要；网络 ")
             : context.say("  the anchor is the checkpoint that you gave; network ",
                           "  锚点为您给出的检查点；网络 ")) +
        fact.network + '\n' + context.say("  the anchor's age: made at ", "  锚点时间：") +
        format_rfc3339(static_cast<std::int64_t>(fact.anchor_time.value / 1'000)) + ", " +
        age_text(context, fact) + '\n' +
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
    return text + demo_warning(context, fact.chain);
}

// What the reader trusts: a chain id, or a block with the file that brings its bytes.
struct Trusted {
    ChainId genesis;
    std::optional<Anchor> anchor;
    Bytes checkpoint;
};

Result<ChainId> parse_genesis(Context& context, std::string digest) {
    if (digest.empty()) {
        const auto profile = context.profile();
        if (!profile) {
            return fail(Code::kBadRequest,
                        "say what you trust: --genesis-digest DIGEST, or --anchor HEIGHT:DIGEST "
                        "--checkpoint FILE");
        }
        return (*profile)->chain.id;
    }
    const auto bytes = from_hex(digest);
    const auto chain = bytes ? ChainId::from_bytes(*bytes) : fail(Code::kBadHex);
    if (!chain) {
        return fail(Code::kBadRequest, "--genesis-digest: 64 lower-case hexadecimal digits");
    }
    return *chain;
}

Result<Anchor> parse_anchor(const std::string& text) {
    Anchor anchor;
    const auto [stop, error] =
        std::from_chars(text.data(), text.data() + text.size(), anchor.height.value);
    const std::string rest(stop, text.data() + text.size());
    const auto bytes = rest.starts_with(':') ? from_hex(rest.substr(1)) : fail(Code::kBadHex);
    const auto digest = bytes ? BlockDigest::from_bytes(*bytes) : fail(Code::kBadHex);
    if (error != std::errc() || anchor.height.value == 0 || !digest) {
        return fail(Code::kBadRequest,
                    "--anchor: HEIGHT:DIGEST, as `sanquan prove checkpoint` prints it");
    }
    anchor.digest = *digest;
    return anchor;
}

Result<Trusted> read_trusted(Context& context, const VerifyFlags& flags) {
    Trusted trusted;
    if (flags.anchor.empty()) {
        if (!flags.checkpoint.empty()) {
            return fail(Code::kBadRequest,
                        "--checkpoint brings the bytes of an anchor: give --anchor too");
        }
        SANQUAN_TRY_ASSIGN(trusted.genesis, parse_genesis(context, flags.genesis));
        return trusted;
    }
    SANQUAN_TRY_ASSIGN(trusted.anchor, parse_anchor(flags.anchor));
    if (flags.checkpoint.empty()) {
        return fail(Code::kBadRequest,
                    "--anchor needs --checkpoint FILE: the digest's block, from `sanquan prove "
                    "checkpoint`");
    }
    SANQUAN_TRY_ASSIGN(trusted.checkpoint, read_whole_file(flags.checkpoint, kVoucherBytesMax));
    return trusted;
}

std::string plain_name(const std::string& file) {
    return std::filesystem::path(file).filename().string();
}

json::object trust_assumptions(const TrustChain& trust) {
    json::object object;
    object["anchor"] = "genesis " + trust.chain.id.hex();
    object["anchor_height"] = "0";
    object["anchor_time_ms"] = std::to_string(trust.genesis_time.value);
    object["epoch"] = std::to_string(trust.sets.back().epoch.value);
    object["set_changes"] = trust.sets.size() - 1;
    object["sentence"] = trust.sets.size() == 1
                             ? "the set of epoch 0 stands in the genesis whose digest is given"
                             : "valid if fewer than a quorum of the keys of each epoch from 0 to " +
                                   std::to_string(trust.sets[trust.sets.size() - 2].epoch.value) +
                                   " were stolen";
    return object;
}

std::string trust_text(const Context& context, const TrustChain& trust) {
    std::string text = paint(context, 'g', context.say("VERIFIED", "验证通过")) +
                       context.say("  trust file of network ", "  信任文件，网络 ") +
                       trust.network + '\n';
    for (const auto& set : trust.sets) {
        text += context.say("  epoch ", "  纪元 ") + std::to_string(set.epoch.value) + ":";
        for (const auto& validator : set.validators) {
            text += " " + validator.name;
        }
        text += '\n';
    }
    text += std::string(context.say("This assumes:\n", "所作假设：\n")) +
            context.say("  the anchor is the genesis digest that you gave; made at ",
                        "  锚点为您给出的创世摘要；锚点时间：") +
            format_rfc3339(static_cast<std::int64_t>(trust.genesis_time.value / 1'000)) + '\n' +
            context.say("  validator set changes: ", "  验证者集合变更次数：") +
            std::to_string(trust.sets.size() - 1) + '\n';
    if (trust.sets.size() > 1) {
        text += context.say(
            "  fewer than a quorum of the keys of each set before the last were stolen\n",
            "  最后一个集合之前，各集合被盗密钥数均少于法定数\n");
    }
    return text;
}

// A trust file makes no claim of its own: it shows who may certify what, from genesis on.
Status verify_trust_file(Context& context, const Trusted& trusted, const std::string& file,
                         const Bytes& content, const std::string& head) {
    if (trusted.anchor) {
        return fail(Code::kBadRequest,
                    plain_name(file) +
                        ": a trust file starts at genesis, not at an anchor: give "
                        "--genesis-digest DIGEST instead of --anchor");
    }
    const auto trust = verify_trust(trusted.genesis, content);
    if (!trust) {
        return fail(trust.error().code, plain_name(file) + ": " + trust.error().context);
    }
    json::array sets;
    for (const auto& set : trust->sets) {
        json::array names;
        for (const auto& validator : set.validators) {
            names.push_back(json::string(validator.name));
        }
        sets.push_back(
            {{"epoch", std::to_string(set.epoch.value)}, {"validators", std::move(names)}});
    }
    json::object body;
    body["verified"] = true;
    body["file"] = file;
    body["kind"] = "trust";
    body["sets"] = std::move(sets);
    body["assumptions"] = trust_assumptions(*trust);
    body["network"] = trust->network;
    body["profile"] = profile_text(trust->chain);
    show(context, body, head + trust_text(context, *trust) + demo_warning(context, trust->chain));
    return {};
}

Status verify_one(Context& context, const Trusted& trusted, const std::string& file, bool only) {
    SANQUAN_TRY_ASSIGN(const Bytes voucher, read_whole_file(file, kVoucherBytesMax));
    const auto fact = trusted.anchor ? verify_voucher(*trusted.anchor, trusted.checkpoint, voucher)
                                     : verify_voucher(trusted.genesis, voucher);
    // Of several files each says the whole fact: what is proved, and of which kind of chain.
    const std::string head = only ? std::string() : plain_name(file) + ":\n";
    if (!fact) {
        const Status status =
            is_trust_file(voucher)
                ? verify_trust_file(context, trusted, file, voucher, head)
                : fail(fact.error().code, plain_name(file) + ": " + fact.error().context);
        if (!status) {
            report(context, status.error());
            context.exit = ExitCode::kRefused;
        }
        return {};
    }
    json::object body;
    body["verified"] = true;
    body["file"] = file;
    body["fact"] = fact_json(context, *fact);
    body["assumptions"] = assumptions_json(*fact);
    body["network"] = fact->network;
    body["profile"] = profile_text(fact->chain);
    show(context, body, head + fact_text(context, *fact));
    return {};
}

Status verify_files(Context& context, const VerifyFlags& flags) {
    SANQUAN_TRY_ASSIGN(const Trusted trusted, read_trusted(context, flags));
    for (const auto& file : flags.files) {
        SANQUAN_TRY(verify_one(context, trusted, file, flags.files.size() == 1));
    }
    return {};
}

}  // namespace

void add_verify_command(CLI::App& app, Context& context) {
    const auto flags = std::make_shared<VerifyFlags>();
    auto* verifier = app.add_subcommand(
        "verify", context.say("Check vouchers offline: needs no node and no network",
                              "离线验证凭证：无需节点和网络"));
    verifier
        ->add_option("file", flags->files,
                     context.say("Voucher, checkpoint or trust files", "凭证、检查点或信任文件"))
        ->required();
    auto* genesis =
        verifier->add_option("--genesis-digest", flags->genesis,
                             context.say("Chain id that you trust (default: the profile's)",
                                         "所信任的链编号（默认取配置）"));
    verifier
        ->add_option(
            "--anchor", flags->anchor,
            context.say("HEIGHT:DIGEST of a block that you trust instead, newer than genesis",
                        "改为信任的区块，写作 高度:摘要，晚于创世"))
        ->excludes(genesis);
    verifier->add_option("--checkpoint", flags->checkpoint,
                         context.say("File of that block, from `sanquan prove checkpoint`",
                                     "该区块的文件，由 `sanquan prove checkpoint` 得到"));
    verifier->footer(example_footer(
        context,
        "sanquan verify sale.voucher --genesis-digest d9d9…\n"
        "  sanquan prove checkpoint -o today.checkpoint\n"
        "  sanquan verify sale.voucher --anchor 120:3fa9… --checkpoint today.checkpoint"));
    on_call(verifier, context, [&context, flags] { return verify_files(context, *flags); });
}

}  // namespace sanquan::cli
