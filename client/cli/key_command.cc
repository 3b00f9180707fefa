// `sanquan key new | show | list | wallet`.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>

#include "client/cli/command.h"
#include "client/cli/key_registration.h"
#include "ledger/codec/common.pb.h"
#include "ledger/codec/json_format.h"
#include "ledger/model/key_possession.h"
#include "ledger/model/wire_keys.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

json::object key_json(const client::Profile& profile, const std::string& organisation,
                      const SigningKey& key) {
    return {{"organisation", organisation},
            {"key_id", key.id().hex()},
            {"algorithm", name(key.public_key().algorithm)},
            {"registration", key_registration(profile.chain, organisation, key)}};
}

std::string key_text(const std::string& organisation, const SigningKey& key) {
    return organisation + "  " + std::string(name(key.public_key().algorithm)) + "  key id " +
           key.id().hex() + "  public key " + to_hex(key.public_key().bytes) + '\n';
}

Status show_keys(Context& context, const std::vector<std::string>& organisations) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(auto* ring, context.keys());
    for (const auto& name : organisations) {
        const std::string id = profile->organisation_id(name);
        SANQUAN_TRY_ASSIGN(const auto keys, ring->keys_of(id));
        for (const auto* key : keys) {
            show(context, key_json(*profile, id, *key), key_text(id, *key));
        }
    }
    return {};
}

Status make_keys(Context& context, const std::vector<std::string>& organisations,
                 const std::string& algorithm_name) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(auto* ring, context.keys());
    SANQUAN_TRY_ASSIGN(const auto algorithm, parse_key_algorithm(algorithm_name));
    for (const auto& name : organisations) {
        const std::string id = profile->organisation_id(name);
        SANQUAN_TRY_ASSIGN(const auto* key, ring->create(id, algorithm));
        show(context, key_json(*profile, id, *key), key_text(id, *key));
    }
    return {};
}

Status list_keys(Context& context) {
    SANQUAN_TRY_ASSIGN(const auto* ring, context.keys());
    SANQUAN_TRY_ASSIGN(const auto ids, ring->organisations());
    json::array list;
    std::string text;
    for (const auto& id : ids) {
        list.push_back(json::string(id));
        text += id + '\n';
    }
    show(context, {{"organisations", std::move(list)}}, text);
    return {};
}

}  // namespace

json::object key_registration(const Chain& chain, const std::string& organisation,
                              const SigningKey& key) {
    const Bytes possession = key.sign(possession_message(chain, organisation, key.public_key()));
    return {{"key", to_json(to_wire(key.public_key()))}, {"possession", to_hex(possession)}};
}

void add_key_commands(CLI::App& app, Context& context) {
    auto* key =
        app.add_subcommand("key", context.say("Signing keys of organisations", "机构签名密钥"));
    key->require_subcommand(1);
    key->footer(example_footer(context, "sanquan key list && sanquan key show data-exchange"));
    struct Flags {
        std::vector<std::string> organisations;
        std::string algorithm = "ed25519";
    };
    const auto flags = std::make_shared<Flags>();
    auto* maker =
        key->add_subcommand("new", context.say("Make an encrypted key file for each organisation",
                                               "为每个机构生成加密的密钥文件"));
    maker
        ->add_option("organisation", flags->organisations,
                     context.say("Organisation ids", "机构编号"))
        ->required();
    maker
        ->add_option("--algorithm", flags->algorithm,
                     context.say("ed25519, sm2 or ecdsa-p256", "密钥算法"))
        ->check(CLI::IsMember({"ed25519", "sm2", "ecdsa-p256"}));
    maker->footer(
        std::string(context.say(
            "With --json the answer holds the \"registration\" that register_organisation and "
            "add_key "
            "take.\nA further key of an organisation signs nothing until the ledger lists it "
            "(`sanquan "
            "org add-key`),\nand nothing more once it is revoked: with several key files each "
            "command "
            "asks a node\nwhich of them are registered. When no node answers, all of them sign.\n",
            "加 --json 时，结果含 register_organisation 与 add_key 所需的 registration。\n"
            "已有机构的新增密钥在账本登记（`sanquan org "
            "add-key`）之前不参与签名，吊销之后亦不再签名：\n"
            "有多个密钥文件时，各命令先向节点查询已登记的密钥；无节点应答时使用全部密钥文件。\n")) +
        example_footer(context, "sanquan key new X-NEW-MEMBER --json | jq .registration"));
    on_call(maker, context, [&context, flags] {
        return make_keys(context, flags->organisations, flags->algorithm);
    });
    const auto show_flags = std::make_shared<Flags>();
    auto* shower = key->add_subcommand(
        "show", context.say("Public part and proof of possession", "公钥与持有证明"));
    shower
        ->add_option("organisation", show_flags->organisations,
                     context.say("Ids or aliases", "机构编号或别名"))
        ->required();
    shower->footer(example_footer(context, "sanquan key show data-exchange"));
    on_call(shower, context,
            [&context, show_flags] { return show_keys(context, show_flags->organisations); });
    auto* lister = key->add_subcommand(
        "list", context.say("Organisations that have a key file here", "此处有密钥文件的机构"));
    lister->footer(example_footer(context, "sanquan key list"));
    on_call(lister, context, [&context] { return list_keys(context); });
    auto* wallet = key->add_subcommand(
        "wallet",
        context.say("Make one wallet key from which the keys of all members without a file follow",
                    "生成钱包密钥，由其派生无密钥文件的各成员密钥"));
    wallet->footer(example_footer(context, "sanquan key wallet"));
    on_call(wallet, context, [&context]() -> Status {
        SANQUAN_TRY_ASSIGN(auto* ring, context.keys());
        SANQUAN_TRY(ring->create_wallet());
        show(context, {{"wallet", true}}, context.say("Wallet key made", "钱包密钥已生成"));
        return {};
    });
}

}  // namespace sanquan::cli
