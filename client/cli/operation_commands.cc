// The friendly commands: each builds one operation from flags and submits it (`sanquan trade settle
// --order …`).
//
// A table says which flag fills which field of which operation; the ledger's own strict JSON
// mapping checks the rest.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>

#include "client/cli/command.h"
#include "client/cli/key_registration.h"
#include "client/cli/operation_examples.h"
#include "client/cli/operation_fields.h"
#include "client/cli/reader.h"
#include "client/cli/receipt_text.h"
#include "client/cli/signing_keys.h"
#include "client/lib/ledger_client.h"
#include "client/lib/transaction_builder.h"
#include "ledger/codec/json_format.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

// What a person typed for one operation command.
struct Typed {
    TypedFields fields;
    std::string as;
    std::vector<std::string> also;
    std::string wait = "sealed";
};

// The registrations of every key that the ring holds for an organisation.
RegistrationsOf registrations_in(const client::Profile& profile, client::KeyRing& ring) {
    return [&profile, &ring](const std::string& organisation) -> Result<json::array> {
        SANQUAN_TRY_ASSIGN(const auto keys, ring.keys_of(organisation));
        json::array list;
        for (const auto* key : keys) {
            list.push_back(key_registration(profile.chain, organisation, *key));
        }
        return list;
    };
}

Status run_operation(Context& context, const Typed& typed) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(auto* keys, context.keys());
    SANQUAN_TRY_ASSIGN(auto fields,
                       build_fields(*profile, registrations_in(*profile, *keys), typed.fields));
    wire::Operation operation;
    SANQUAN_TRY(
        from_json(json::object{{typed.fields.command->operation, std::move(fields)}}, operation));
    std::vector<std::string> signers = {profile->organisation_id(typed.as)};
    for (const auto& organisation : typed.also) {
        signers.push_back(profile->organisation_id(organisation));
    }
    client::TransactionBuilder builder(profile->chain, signers.front());
    for (const auto& organisation : signers) {
        builder.cosigner(organisation);
    }
    builder.add(std::move(operation));
    SANQUAN_TRY_ASSIGN(const auto transaction, builder.build());
    SigningKeys signing;
    const auto keys_of = signing_keys(context);
    for (const auto& organisation : signers) {
        SANQUAN_TRY_ASSIGN(const auto own, keys_of(organisation));
        signing.insert(signing.end(), own.begin(), own.end());
    }
    SANQUAN_TRY_ASSIGN(const auto signed_one, client::sign_transaction(transaction, signing));
    SANQUAN_TRY_ASSIGN(auto ledger, open_ledger(context, ""));
    SANQUAN_TRY_ASSIGN(const auto stage, client::parse_stage(typed.wait));
    SANQUAN_TRY_ASSIGN(const auto answer, ledger.submit(signed_one, stage));
    show(context, answer.body, receipt_text(context, answer.body));
    if (answer.stage != "admitted" && !answer.accepted) {
        context.exit = ExitCode::kRefused;
    }
    return {};
}

void add_field(CLI::App* app, const Context& context, const std::shared_ptr<Typed>& typed,
               std::size_t index) {
    const OperationCommand& command = *typed->fields.command;
    const FieldFlag& field = command.fields[index];
    const std::string flag = "--" + std::string(field.flag);
    const std::string about = context.say(field.about, field.about_zh);
    if (field.kind == FieldKind::kFlag) {
        app->add_flag_callback(flag, [typed, index] { typed->fields.flags[index] = 1; }, about);
        return;
    }
    auto* option = app->add_option(flag, typed->fields.values[index], about);
    option->expected(1, is_list(field.kind) ? 1'000 : 1)->required(field.required);
    if (const auto choices = choices_of(command, field); !choices.empty()) {
        option->check(CLI::IsMember(choices));
    }
}

// The example, after a word about what in it is the reader's to fill in.
std::string footer_of(const Context& context, const OperationCommand& command) {
    const std::string example = example_of(command);
    const std::string words = placeholders_in(example);
    return (words.empty() ? std::string()
                          : context.say("Replace by your own in the example: ",
                                        "请将示例中的下列词替换为您的值：") +
                                words + '\n') +
           example_footer(context, example);
}

void add_one(CLI::App& group, Context& context, const OperationCommand& command) {
    auto* app = group.add_subcommand(std::string(command.name),
                                     context.say(command.about, command.about_zh));
    const auto typed = std::make_shared<Typed>();
    typed->fields = no_fields(command);
    for (std::size_t i = 0; i < command.fields.size(); ++i) {
        add_field(app, context, typed, i);
    }
    app->add_option(
           "--as", typed->as,
           context.say("Organisation that sends (alias or id)", "发送方机构（别名或编号）"))
        ->required();
    app->add_option("--also", typed->also,
                    context.say("Further organisations that sign", "共同签名的其他机构"));
    app->add_option("--wait", typed->wait,
                    context.say("Answer when it is so far", "到达该阶段后返回"))
        ->check(CLI::IsMember({"admitted", "final", "sealed"}));
    app->footer(footer_of(context, command));
    on_call(app, context, [&context, typed] { return run_operation(context, *typed); });
}

}  // namespace

void add_operation_commands(CLI::App& app, Context& context) {
    for (const OperationGroup& one : operation_groups()) {
        auto* group =
            app.add_subcommand(std::string(one.name), context.say(one.about, one.about_zh));
        group->require_subcommand(1);
        for (const OperationCommand& command : operation_commands()) {
            if (command.group == one.name) {
                if (group->get_subcommands({}).empty()) {
                    group->footer(footer_of(context, command));
                }
                add_one(*group, context, command);
            }
        }
    }
}

}  // namespace sanquan::cli
