// `sanquan key new | show | list | wallet`.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>

#include "client/cli/command.h"
#include "ledger/codec/common.pb.h"
#include "ledger/codec/json_format.h"
#include "ledger/crypto/digest.h"
#include "ledger/model/wire_keys.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

// The public part with its proof of possession, as RegisterOrganisation and AddKey take it.
json::object key_json(const client::Profile& profile, const std::string& organisation,
                      const SigningKey& key) {
    Bytes subject = organisation;
    subject.push_back('\0');
    subject += key.public_key().encode();
    const Bytes possession = key.sign(domain_message("key-possession", profile.chain.id, subject));
    json::object registration;
    registration["key"] = to_json(to_wire(key.public_key()));
    registration["possession"] = to_hex(possession);
    return {{"organisation", organisation},
            {"key_id", key.id().hex()},
            {"algorithm", name(key.public_key().algorithm)},
            {"registration", std::move(registration)}};
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

void add_key_commands(CLI::App& app, Context& context) {
    auto* key = app.add_subcommand("key", "Signing keys of organisations");
    key->require_subcommand(1);
    key->footer("Example:\n  sanquan key list && sanquan key show data-exchange\n");
    struct Flags {
        std::vector<std::string> organisations;
        std::string algorithm = "ed25519";
    };
    const auto flags = std::make_shared<Flags>();
    auto* maker = key->add_subcommand("new", "Make an encrypted key file for each organisation");
    maker->add_option("organisation", flags->organisations, "Organisation ids")->required();
    maker->add_option("--algorithm", flags->algorithm, "ed25519, sm2 or ecdsa-p256")
        ->check(CLI::IsMember({"ed25519", "sm2", "ecdsa-p256"}));
    maker->footer(
        "With --json the answer holds the \"registration\" that register_organisation and add_key "
        "take.\n"
        "Example:\n  sanquan key new X-NEW-MEMBER --json | jq .registration\n");
    on_call(maker, context, [&context, flags] {
        return make_keys(context, flags->organisations, flags->algorithm);
    });
    const auto show_flags = std::make_shared<Flags>();
    auto* shower = key->add_subcommand("show", "Public part and proof of possession");
    shower->add_option("organisation", show_flags->organisations, "Ids or aliases")->required();
    shower->footer("Example:\n  sanquan key show data-exchange\n");
    on_call(shower, context,
            [&context, show_flags] { return show_keys(context, show_flags->organisations); });
    auto* lister = key->add_subcommand("list", "Organisations that have a key file here");
    lister->footer("Example:\n  sanquan key list\n");
    on_call(lister, context, [&context] { return list_keys(context); });
    auto* wallet = key->add_subcommand(
        "wallet", "Make one wallet key from which the keys of all members without a file follow");
    wallet->footer("Example:\n  sanquan key wallet\n");
    on_call(wallet, context, [&context]() -> Status {
        SANQUAN_TRY_ASSIGN(auto* ring, context.keys());
        SANQUAN_TRY(ring->create_wallet());
        show(context, {{"wallet", true}}, context.say("Wallet key made", "钱包密钥已生成"));
        return {};
    });
}

}  // namespace sanquan::cli
