// Reading: `sanquan org show`, `asset show | list | history | provenance`, `right list`, `market
// list`, `trade show`.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>

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
    std::string cursor;
    do {
        const std::string page =
            target + "limit=500" +
            (cursor.empty() ? "" : "&cursor=" + client::percent_encode(cursor));
        SANQUAN_TRY_ASSIGN(const auto answer, ledger.get(page));
        for (const auto& item : answer.at(list).as_array()) {
            show(context, item.as_object(), pretty_json(item, 0) + "\n");
        }
        const auto* next = answer.if_contains("next_cursor");
        cursor = next == nullptr ? std::string() : std::string(next->as_string());
    } while (!cursor.empty() && flags.all);
    return {};
}

CLI::App* group_of(CLI::App& app, const char* name) { return app.get_subcommand(name); }

using Target = std::function<std::string(const QueryFlags&, const client::Profile&)>;

void add_query(CLI::App& app, Context& context, const char* group, const char* name,
               const char* about, const char* argument, const Target& target) {
    const auto flags = std::make_shared<QueryFlags>();
    auto* command = group_of(app, group)->add_subcommand(name, about);
    command->add_option(argument, flags->first)->required();
    command->add_option("--as", flags->as, "Organisation that asks (alias or id)");
    command->add_option("--holder", flags->holder, "Only this holder");
    on_call(command, context, [&context, flags, target]() -> Status {
        SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
        return ask(context, flags->as, target(*flags, *profile));
    });
}

void add_lists(CLI::App& app, Context& context) {
    const auto assets = std::make_shared<QueryFlags>();
    auto* command = group_of(app, "asset")->add_subcommand("list", "The catalogue");
    command->add_option("--sector", assets->sector, "Only this sector");
    command->add_option("--owner", assets->owner, "Only this owner");
    command->add_option("--as", assets->as, "Organisation that asks");
    command->add_flag("--all", assets->all, "All pages");
    on_call(command, context, [&context, assets] {
        return ask_pages(context, *assets,
                         "/v1/assets?" +
                             (assets->sector.empty() ? "" : "sector=" + assets->sector + "&") +
                             (assets->owner.empty() ? "" : "owner=" + assets->owner + "&"),
                         "assets");
    });
    const auto listings = std::make_shared<QueryFlags>();
    command = group_of(app, "market")->add_subcommand("list", "What is for sale");
    command->add_option("--sector", listings->sector, "Only this sector");
    command->add_option("--as", listings->as, "Organisation that asks");
    command->add_flag("--all", listings->all, "All pages");
    on_call(command, context, [&context, listings] {
        return ask_pages(context, *listings,
                         "/v1/market/listings?" +
                             (listings->sector.empty() ? "" : "sector=" + listings->sector + "&"),
                         "listings");
    });
}

}  // namespace

void add_query_commands(CLI::App& app, Context& context) {
    const auto asset_path = [](const char* tail) {
        return [tail](const QueryFlags& flags, const client::Profile&) {
            return "/v1/assets/" + client::percent_encode(flags.first) + tail;
        };
    };
    add_query(app, context, "asset", "show", "One asset", "asset", asset_path(""));
    add_query(app, context, "asset", "history", "Every operation on an asset", "asset",
              asset_path("/history"));
    add_query(app, context, "asset", "provenance", "Where an asset comes from", "asset",
              asset_path("/provenance"));
    add_query(app, context, "org", "show", "An organisation, its roles and keys", "organisation",
              [](const QueryFlags& flags, const client::Profile& profile) {
                  return "/v1/organisations/" +
                         client::percent_encode(profile.organisation_id(flags.first));
              });
    add_query(app, context, "org", "balance", "What an organisation can spend", "organisation",
              [](const QueryFlags& flags, const client::Profile& profile) {
                  return "/v1/balances/" +
                         client::percent_encode(profile.organisation_id(flags.first));
              });
    add_query(app, context, "right", "list", "Grants on an asset", "asset",
              [](const QueryFlags& flags, const client::Profile& profile) {
                  return "/v1/rights?asset=" + client::percent_encode(flags.first) +
                         (flags.holder.empty()
                              ? ""
                              : "&holder=" +
                                    client::percent_encode(profile.organisation_id(flags.holder)));
              });
    add_query(app, context, "trade", "show", "One order", "order",
              [](const QueryFlags& flags, const client::Profile&) {
                  return "/v1/market/orders/" + client::percent_encode(flags.first);
              });
    add_lists(app, context);
}

}  // namespace sanquan::cli
