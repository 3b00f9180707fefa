// The friendly commands: each builds one operation from flags and submits it (`sanquan trade settle
// --order …`).
//
// A table says which flag fills which field of which operation; the ledger's own strict JSON
// mapping checks the rest.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <charconv>
#include <map>

#include "client/cli/command.h"
#include "client/cli/operation_examples.h"
#include "client/cli/operation_table.h"
#include "client/cli/reader.h"
#include "client/cli/receipt_text.h"
#include "client/lib/ledger_client.h"
#include "client/lib/transaction_builder.h"
#include "ledger/codec/json_format.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

// What a person typed for one operation command.
struct Typed {
    const OperationCommand* command = nullptr;
    std::vector<std::vector<std::string>> values;  // per field
    std::vector<char> flags;                       // per field of kind kFlag
    std::string as;
    std::vector<std::string> also;
    std::string wait = "sealed";
};

// "12500:CNY": minor units and currency.
Result<json::value> parse_money(const std::string& text) {
    const auto colon = text.find(':');
    if (colon == std::string::npos) {
        return fail(Code::kBadAmount,
                    "'" + text + "': write MINOR_UNITS:CURRENCY, such as 12500:CNY");
    }
    return json::value(
        json::object{{"amount", text.substr(0, colon)}, {"currency", text.substr(colon + 1)}});
}

// "+90s", "+15m", "+12h", "+30d" from now, or milliseconds since the epoch.
Result<json::value> parse_time(const std::string& text) {
    std::uint64_t number = 0;
    const bool relative = text.starts_with('+');
    const char* begin = text.data() + (relative ? 1 : 0);
    const auto [stop, error] = std::from_chars(begin, text.data() + text.size(), number);
    const std::string unit(stop, text.data() + text.size());
    const std::uint64_t factor = unit == "s"   ? 1'000
                                 : unit == "m" ? 60'000
                                 : unit == "h" ? 3'600'000
                                 : unit == "d" ? 86'400'000
                                               : 0;
    if (error != std::errc() || (relative ? factor == 0 : !unit.empty())) {
        return fail(Code::kBadRequest,
                    "'" + text + "': write +90s, +15m, +12h, +30d, or milliseconds since 1970");
    }
    return json::value(
        json::string(std::to_string(relative ? client::now_ms().value + number * factor : number)));
}

// "X-ORG:2500" as {organisation, basis_points}; "TAX:X-ORG:300" with its part.
Result<json::value> parse_share(const client::Profile& profile, const std::string& text) {
    json::object share;
    std::string rest = text;
    const auto last = rest.rfind(':');
    if (last == std::string::npos) {
        return fail(Code::kBadShares,
                    "'" + text + "': write ORG:BASIS_POINTS or PART:ORG:BASIS_POINTS");
    }
    share["basis_points"] = json::value(json::string(rest.substr(last + 1)));
    rest.resize(last);
    if (const auto first = rest.find(':'); first != std::string::npos) {
        share["part"] = rest.substr(0, first);
        rest = rest.substr(first + 1);
    }
    share["organisation"] = profile.organisation_id(rest);
    return json::value(std::move(share));
}

Result<json::value> parse_value(const client::Profile& profile, FieldKind kind,
                                const std::string& text) {
    switch (kind) {
        case FieldKind::kText:
        case FieldKind::kTexts:
        case FieldKind::kFlag:
            return json::value(json::string(text));
        case FieldKind::kOrganisation:
            return json::value(json::string(profile.organisation_id(text)));
        case FieldKind::kMoney:
            return parse_money(text);
        case FieldKind::kTime:
            return parse_time(text);
        case FieldKind::kShares:
            return parse_share(profile, text);
    }
    return fail(Code::kInternal);
}

bool is_list(FieldKind kind) { return kind == FieldKind::kTexts || kind == FieldKind::kShares; }

// Sets `value` at a dotted path ("dataset.title.en").
void set_path(json::object& object, std::string_view path, json::value value) {
    const auto dot = path.find('.');
    if (dot == std::string_view::npos) {
        object[path] = std::move(value);
        return;
    }
    auto& inner = object[path.substr(0, dot)];
    if (!inner.is_object()) {
        inner = json::object();
    }
    set_path(inner.get_object(), path.substr(dot + 1), std::move(value));
}

Result<json::object> build_fields(const client::Profile& profile, const Typed& typed) {
    json::object fields;
    for (std::size_t i = 0; i < typed.command->fields.size(); ++i) {
        const FieldFlag& field = typed.command->fields[i];
        if (field.kind == FieldKind::kFlag) {
            if (typed.flags[i] != 0) {
                set_path(fields, field.path, true);
            }
            continue;
        }
        json::array list;
        for (const auto& text : typed.values[i]) {
            SANQUAN_TRY_ASSIGN(auto value, parse_value(profile, field.kind, text));
            list.push_back(std::move(value));
        }
        if (list.empty()) {
            continue;
        }
        set_path(fields, field.path, is_list(field.kind) ? json::value(std::move(list)) : list[0]);
    }
    return fields;
}

Status run_operation(Context& context, const Typed& typed) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(auto* keys, context.keys());
    SANQUAN_TRY_ASSIGN(auto fields, build_fields(*profile, typed));
    wire::Operation operation;
    SANQUAN_TRY(from_json(json::object{{typed.command->operation, std::move(fields)}}, operation));
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
    std::vector<const SigningKey*> signing;
    for (const auto& organisation : signers) {
        SANQUAN_TRY_ASSIGN(const auto own, keys->keys_of(organisation));
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

void add_one(CLI::App& group, Context& context, const OperationCommand& command) {
    auto* app = group.add_subcommand(std::string(command.name), std::string(command.about));
    const auto typed = std::make_shared<Typed>();
    typed->command = &command;
    typed->values.resize(command.fields.size());
    typed->flags.resize(command.fields.size());
    for (std::size_t i = 0; i < command.fields.size(); ++i) {
        const FieldFlag& field = command.fields[i];
        const std::string flag = "--" + std::string(field.flag);
        if (field.kind == FieldKind::kFlag) {
            app->add_flag_callback(
                flag, [typed, i] { typed->flags[i] = 1; }, std::string(field.about));
            continue;
        }
        auto* option = app->add_option(flag, typed->values[i], std::string(field.about));
        option->expected(1, is_list(field.kind) ? 1'000 : 1);
        if (field.required) {
            option->required();
        }
    }
    app->add_option("--as", typed->as, "Organisation that sends (alias or id)")->required();
    app->add_option("--also", typed->also, "Further organisations that sign");
    app->add_option("--wait", typed->wait, "admitted, final or sealed")
        ->check(CLI::IsMember({"admitted", "final", "sealed"}));
    app->footer("Example:\n  " + example_of(command) + "\n");
    on_call(app, context, [&context, typed] { return run_operation(context, *typed); });
}

}  // namespace

void add_operation_commands(CLI::App& app, Context& context) {
    std::map<std::string, CLI::App*> groups;
    for (const OperationCommand& command : operation_commands()) {
        const std::string group_name(command.group);
        CLI::App*& group = groups[group_name];
        if (group == nullptr) {
            group = app.add_subcommand(group_name, std::string(group_about(command.group)));
            group->require_subcommand(1);
            group->footer("Example:\n  " + example_of(command) + "\n");
        }
        add_one(*group, context, command);
    }
}

}  // namespace sanquan::cli
