// Reading: `sanquan org show | list | balance`, `asset show | list | history | provenance`, `right list`,
// `market list`, `trade show | list`.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <iostream>

#include "client/cli/command.h"
#include "client/cli/reader.h"
#include "client/cli/record_json.h"
#include "client/lib/ledger_client.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

struct QueryFlags {
    std::string first;
    std::string holder;
    std::string sector;
    std::string owner;
    std::string as;
    std::string at;
    std::string cursor;
    unsigned limit = 100;
    bool all = false;
};

Status ask(Context& context, const std::string& as, const std::string& target) {
    SANQUAN_TRY_ASSIGN(auto ledger, open_ledger(context, as));
    SANQUAN_TRY_ASSIGN(const auto answer, ledger.get(target));
    show(context, answer, pretty_json(answer, 0));
    return {};
}

// Walks the pages of a list; each item is shown as one line or paragraph.
Status ask_pages(Context& context, const QueryFlags& flags, const std::string& target,
                 const std::string& list) {
    SANQUAN_TRY_ASSIGN(auto ledger, open_ledger(context, flags.as));
    std::string cursor = flags.cursor;
    std::size_t shown = 0;
    do {
        const std::string page =
            target + "limit=" + std::to_string(flags.all ? 500 : flags.limit) +
            (cursor.empty() ? "" : "&cursor=" + client::percent_encode(cursor));
        SANQUAN_TRY_ASSIGN(const auto answer, ledger.get(page));
        for (const auto& item : answer.at(list).as_array()) {
            show(context, item.as_object(), pretty_json(item, 0) + "\n");
            ++shown;
        }
        const auto* next = answer.if_contains("next_cursor");
        cursor = next == nullptr ? std::string() : std::string(next->as_string());
    } while (!cursor.empty() && flags.all);
    if (!context.json && shown == 0 && cursor.empty()) {
        std::cerr << context.say("nothing to show\n", "没有记录\n");
    }
    if (!cursor.empty()) {
        std::cerr << context.say("more: --cursor ", "更多：--cursor ") << cursor
                  << context.say(", or --all\n", "，或 --all\n");
    }
    return {};
}

CLI::App* group_of(CLI::App& app, const char* name) { return app.get_subcommand(name); }

using Target = std::function<std::string(const QueryFlags&, const client::Profile&)>;

struct Query {
    const char* group;
    const char* name;
    const char* about;
    const char* argument;
    const char* example;
    Target target;
};

CLI::App* add_query(CLI::App& app, Context& context, const Query& query,
                    const std::shared_ptr<QueryFlags>& flags = std::make_shared<QueryFlags>()) {
    auto* command = group_of(app, query.group)->add_subcommand(query.name, query.about);
    command
        ->add_option(query.argument, flags->first,
                     context.say("Its code or id; organisations also by alias",
                                 "其编码或编号；机构亦可用别名"))
        ->required();
    command->add_option(
        "--as", flags->as,
        context.say("Organisation that asks (alias or id)", "查询方机构（别名或编号）"));
    command->footer(example_footer(
        context, std::string("sanquan ") + query.group + " " + query.name + " " + query.example));
    on_call(command, context, [&context, flags, target = query.target]() -> Status {
        SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
        return ask(context, flags->as, target(*flags, *profile));
    });
    return command;
}

struct List {
    const char* group;
    const char* about;
    const char* path;    // with the question mark
    const char* member;  // of the answer
    const char* example;
    bool by_sector = false;
    bool by_owner = false;
};

void add_list(CLI::App& app, Context& context, const List& list) {
    const auto flags = std::make_shared<QueryFlags>();
    auto* command = group_of(app, list.group)->add_subcommand("list", list.about);
    if (list.by_sector) {
        command->add_option("--sector", flags->sector, context.say("Only this sector", "仅该行业"));
    }
    if (list.by_owner) {
        command->add_option("--owner", flags->owner,
                            context.say("Only this owner", "仅该所有权人"));
    }
    command->add_option("--as", flags->as, context.say("Organisation that asks", "查询方机构"));
    command->add_option("--limit", flags->limit, context.say("Records a page", "每页记录数"))
        ->check(CLI::Range(1, 500));
    command->add_option("--cursor", flags->cursor,
                        context.say("Go on where the page before ended", "从上一页结束处继续"));
    command->add_flag("--all", flags->all, context.say("All pages", "全部页"));
    command->footer(
        example_footer(context, std::string("sanquan ") + list.group + " list " + list.example));
    on_call(command, context, [&context, flags, list]() -> Status {
        SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
        const auto filter = [](const char* name, const std::string& value) {
            return value.empty() ? std::string() : name + client::percent_encode(value) + "&";
        };
        return ask_pages(
            context, *flags,
            list.path + filter("sector=", flags->sector) +
                filter("owner=", flags->owner.empty() ? std::string()
                                                      : profile->organisation_id(flags->owner)),
            list.member);
    });
}

void add_lists(CLI::App& app, Context& context) {
    add_list(app, context,
             {"asset", context.say("The catalogue", "资产目录"), "/v1/assets?", "assets",
              "--sector S12 --all --json", true, true});
    add_list(app, context,
             {"market", context.say("What is for sale", "在售挂牌"), "/v1/market/listings?",
              "listings", "--sector S12", true, false});
    add_list(app, context,
             {"org", context.say("The register of organisations", "机构名册"), "/v1/organisations?",
              "organisations", "--limit 20"});
    add_list(app, context,
             {"trade",
              context.say("One's own orders; all of them for auditors", "本方订单；审计方可见全部"),
              "/v1/market/orders?", "orders", "--as data-exchange"});
}

}  // namespace

void add_query_commands(CLI::App& app, Context& context) {
    const auto asset_path = [](const char* tail) {
        return [tail](const QueryFlags& flags, const client::Profile&) {
            return "/v1/assets/" + client::percent_encode(flags.first) + tail;
        };
    };
    add_query(app, context,
              {"asset", "show", context.say("One asset", "查看一个资产"), "asset",
               "530000S0100000001S", asset_path("")});
    add_query(app, context,
              {"asset", "history", context.say("Every operation on an asset", "资产的全部操作记录"),
               "asset", "530000S0100000001S --as regulator", asset_path("/history")});
    add_query(app, context,
              {"asset", "provenance", context.say("Where an asset comes from", "资产溯源"), "asset",
               "530000S0100000001S --json", asset_path("/provenance")});
    add_query(app, context,
              {"org", "show",
               context.say("An organisation, its roles and keys", "查看机构及其角色与密钥"),
               "organisation", "data-exchange",
               [](const QueryFlags& flags, const client::Profile& profile) {
                   return "/v1/organisations/" +
                          client::percent_encode(profile.organisation_id(flags.first));
               }});
    add_query(app, context,
              {"org", "balance", context.say("What an organisation can spend", "机构可用余额"),
               "organisation", "data-exchange --as data-exchange",
               [](const QueryFlags& flags, const client::Profile& profile) {
                   return "/v1/balances/" +
                          client::percent_encode(profile.organisation_id(flags.first));
               }});
    add_query(app, context,
              {"trade", "show", context.say("One order", "查看一个订单"), "order",
               "ORDER --as data-exchange", [](const QueryFlags& flags, const client::Profile&) {
                   return "/v1/market/orders/" + client::percent_encode(flags.first);
               }});
    const auto rights = std::make_shared<QueryFlags>();
    auto* command = add_query(
        app, context,
        {"right", "list",
         context.say("Who may use an asset, or might at a past height",
                     "当前或过去某高度可使用资产的各方"),
         "asset", "530000S0100000001S --at 120 --as regulator",
         [](const QueryFlags& flags, const client::Profile& profile) {
             const std::string holder =
                 flags.holder.empty() ? "" : profile.organisation_id(flags.holder);
             return "/v1/rights?asset=" + client::percent_encode(flags.first) +
                    (holder.empty() ? "" : "&holder=" + client::percent_encode(holder)) +
                    (flags.at.empty() ? "" : "&at=" + client::percent_encode(flags.at)) +
                    (flags.cursor.empty() ? "" : "&cursor=" + client::percent_encode(flags.cursor));
         }},
        rights);
    command->add_option("--holder", rights->holder, context.say("Only this holder", "仅该获得方"));
    command->add_option("--at", rights->at,
                        context.say("Height (default: now)", "高度（默认当前）"));
    command->add_option(
        "--cursor", rights->cursor,
        context.say("next_cursor of the answer before", "上次答复中的 next_cursor"));
    add_lists(app, context);
}

}  // namespace sanquan::cli
