// `sanquan import catalogue FILE`: a published catalogue becomes registered organisations and
// assets.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include "client/cli/catalogue.h"
#include "client/cli/command.h"
#include "client/cli/reader.h"
#include "client/cli/sector_mapping.h"
#include "client/cli/signing_keys.h"
#include "client/lib/ledger_client.h"
#include "client/lib/transaction_builder.h"
#include "ledger/codec/json_format.h"
#include "ledger/codec/strict_json.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

struct ImportFlags {
    std::string file;
    std::string format;
    std::string mapping;
    std::string as;
    std::string catalogue;
    std::string region = "530000";
    std::string report;
    std::string out;
    bool dry_run = false;
    std::size_t batch = 100;
};

struct Totals {
    std::size_t records = 0;
    std::size_t unusable = 0;
    std::size_t normalisations = 0;
    std::size_t unmapped = 0;  // no subject stands in the mapping
    std::size_t pilot = 0;     // in a pilot sector, by the mapping or for want of a subject
    std::size_t organisations = 0;
    std::size_t organisations_new = 0;
    std::size_t assets_new = 0;
    std::size_t already_there = 0;
    std::size_t refused = 0;
    std::map<std::string, std::size_t> sectors;
};

// Records and what was decided for each, before anything is sent.
struct Plan {
    std::vector<wire::Operation> organisations;
    std::vector<wire::Operation> assets;
    Totals totals;
};

wire::Operation organisation_operation(const CatalogueRecord& record, const ImportFlags& flags) {
    wire::Operation operation;
    auto& organisation = *operation.mutable_register_organisation();
    organisation.set_id(unclaimed_id(record.owner));
    organisation.mutable_name()->set_en(record.owner);
    if (!record.dataset.title().zh().empty() && record.owner == record.dataset.title().en()) {
        organisation.mutable_name()->set_zh(record.dataset.title().zh());
    }
    organisation.set_kind(record.owner_kind);
    organisation.set_region(flags.region);
    organisation.set_source(flags.catalogue);
    return operation;
}

wire::Operation asset_operation(const CatalogueRecord& record, const std::string& sector,
                                const ImportFlags& flags) {
    wire::Operation operation;
    auto& asset = *operation.mutable_register_asset();
    *asset.mutable_dataset() = record.dataset;
    auto& owner = *asset.add_owners();
    owner.set_organisation(unclaimed_id(record.owner));
    owner.set_basis_points(10'000);
    asset.set_sector(sector);
    asset.set_region(flags.region);
    asset.set_level(wire::GENERAL);  // unreviewed: not tradable before a grading review
    asset.set_source_class(record.source_class);
    return operation;
}

Result<std::vector<CatalogueRecord>> read_records(const ImportFlags& flags) {
    SANQUAN_TRY_ASSIGN(const Bytes text, read_whole_file(flags.file, kCatalogueBytesMax));
    auto document = parse_strict_json(text, kCatalogueBytesMax);
    if (!document) {
        return fail(Code::kBadCatalogue, to_string(at_line_of(flags.file, text, document.error())));
    }
    return flags.format == "dcat-us" ? read_dcat_us(*document, flags.catalogue)
                                     : read_firstdata(*document, flags.catalogue);
}

void write_report(std::ostream* report, const CatalogueRecord& record, const std::string& sector,
                  const std::string& subject) {
    if (report == nullptr) {
        return;
    }
    json::array notes;
    for (const auto& note : record.notes) {
        notes.push_back(
            {{"field", note.field}, {"from", note.from}, {"to", note.to}, {"why", note.why}});
    }
    *report << json::serialize(json::object{
                   {"record", record.number},
                   {"identifier", record.dataset.identifier()},
                   {"registered", record.unusable.empty()},
                   {"why_not", record.unusable},
                   {"owner", record.owner},
                   {"owner_id", record.owner.empty() ? "" : unclaimed_id(record.owner)},
                   {"sector", sector},
                   {"sector_because_of",
                    subject.empty() ? "no subject stands in the mapping" : subject},
                   {"normalised", std::move(notes)}})
            << '\n';
}

Plan make_plan(const std::vector<CatalogueRecord>& records, const SectorMapping& mapping,
               const ImportFlags& flags, std::ostream* report) {
    Plan plan;
    std::set<std::string> owners;
    for (const auto& record : records) {
        ++plan.totals.records;
        plan.totals.normalisations += record.notes.size();
        const auto [sector, subject] = mapping.sector_of(record.subjects);
        write_report(report, record, sector, subject);
        if (!record.unusable.empty()) {
            ++plan.totals.unusable;
            continue;
        }
        plan.totals.unmapped += subject.empty() ? 1U : 0U;
        plan.totals.pilot += is_pilot_sector(sector) ? 1U : 0U;
        ++plan.totals.sectors[sector];
        if (owners.insert(unclaimed_id(record.owner)).second) {
            plan.organisations.push_back(organisation_operation(record, flags));
        }
        plan.assets.push_back(asset_operation(record, sector, flags));
    }
    plan.totals.organisations = owners.size();
    return plan;
}

Status write_operations(const Plan& plan, const ImportFlags& flags) {
    std::ofstream stream(flags.out);
    for (const auto* list : {&plan.organisations, &plan.assets}) {
        for (std::size_t start = 0; start < list->size(); start += flags.batch) {
            json::array operations;
            for (std::size_t i = start; i < std::min(start + flags.batch, list->size()); ++i) {
                operations.push_back(to_json((*list)[i]));
            }
            json::object line;
            if (!flags.as.empty()) {
                line["as"] = flags.as;
            }
            line["operations"] = std::move(operations);
            stream << json::serialize(line) << '\n';
        }
    }
    stream.flush();
    return stream ? Status() : fail(Code::kIo, "cannot write " + flags.out);
}

// Sends one kind of operations in batches and counts what became of each.
class Sender {
  public:
    Sender(Context& context, const client::Profile& profile, client::LedgerClient& ledger,
           std::string sender, std::vector<const SigningKey*> keys)
        : context_(context),
          profile_(profile),
          ledger_(ledger),
          sender_(std::move(sender)),
          keys_(std::move(keys)) {}

    Status send(const std::vector<wire::Operation>& operations, std::size_t batch,
                std::size_t& created, Totals& totals, const char* what) {
        Progress progress(context_, what);
        for (std::size_t start = 0; start < operations.size(); start += batch) {
            client::TransactionBuilder builder(profile_.chain, sender_);
            for (std::size_t i = start; i < std::min(start + batch, operations.size()); ++i) {
                builder.add(operations[i]);
            }
            SANQUAN_TRY_ASSIGN(const auto unsigned_one, builder.build());
            SANQUAN_TRY_ASSIGN(const auto transaction,
                               client::sign_transaction(unsigned_one, keys_));
            SANQUAN_TRY_ASSIGN(const auto answer,
                               ledger_.submit(transaction, client::Stage::kFinal));
            count(answer.body, created, totals);
            progress.update(std::to_string(start) + "/" + std::to_string(operations.size()));
        }
        return {};
    }

  private:
    void count(const json::object& answer, std::size_t& created, Totals& totals) {
        for (const auto& result : answer.at("receipt").at("results").as_array()) {
            const std::string code(result.at("code").as_string());
            if (code == "OK") {
                ++created;
            } else if (code == text(Code::kOrganisationExists) ||
                       code == text(Code::kDuplicateDataset)) {
                ++totals.already_there;
            } else {
                ++totals.refused;
                std::cerr << json::serialize(result) << '\n';
            }
        }
    }

    Context& context_;
    const client::Profile& profile_;
    client::LedgerClient& ledger_;
    std::string sender_;
    std::vector<const SigningKey*> keys_;
};

Status submit_plan(Context& context, const Plan& plan, const ImportFlags& flags, Totals& totals) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    const std::string sender = profile->organisation_id(flags.as);
    SANQUAN_TRY_ASSIGN(auto signing, signing_keys(context)(sender));
    SANQUAN_TRY_ASSIGN(auto ledger, open_ledger(context, ""));
    Sender batches(context, *profile, ledger, sender, std::move(signing));
    SANQUAN_TRY(batches.send(plan.organisations, flags.batch, totals.organisations_new, totals,
                             context.say("Registering owners", "登记所有权人")));
    return batches.send(plan.assets, flags.batch, totals.assets_new, totals,
                        context.say("Registering assets", "登记资产"));
}

void show_totals(Context& context, const Totals& totals, bool sent) {
    json::object sectors;
    for (const auto& [sector, count] : totals.sectors) {
        sectors[sector] = count;
    }
    std::vector<std::vector<std::string>> rows = {
        {context.say("what", "项目"), context.say("count", "数量")},
        {context.say("records read", "读取记录"), std::to_string(totals.records)},
        {context.say("values normalised", "规范化的值"), std::to_string(totals.normalisations)},
        {context.say("not usable (see the report)", "无法登记（见报告）"),
         std::to_string(totals.unusable)},
        {context.say("no subject in the mapping", "主题不在映射表中"),
         std::to_string(totals.unmapped)},
        {context.say("put into a pilot sector", "归入试点行业"), std::to_string(totals.pilot)},
        {context.say("owners", "所有权人"), std::to_string(totals.organisations)}};
    if (sent) {
        rows.push_back({context.say("owners registered", "新登记所有权人"),
                        std::to_string(totals.organisations_new)});
        rows.push_back(
            {context.say("assets registered", "新登记资产"), std::to_string(totals.assets_new)});
        rows.push_back({context.say("were there already", "此前已登记"),
                        std::to_string(totals.already_there)});
        rows.push_back({context.say("refused", "被拒绝"), std::to_string(totals.refused)});
    }
    show(context,
         {{"records", totals.records},
          {"normalisations", totals.normalisations},
          {"unusable", totals.unusable},
          {"unmapped", totals.unmapped},
          {"pilot", totals.pilot},
          {"organisations", totals.organisations},
          {"organisations_registered", totals.organisations_new},
          {"assets_registered", totals.assets_new},
          {"already_registered", totals.already_there},
          {"refused", totals.refused},
          {"sectors", std::move(sectors)}},
         table(context, rows));
}

Status import_catalogue(Context& context, ImportFlags& flags) {
    if (flags.catalogue.empty()) {
        flags.catalogue = std::filesystem::path(flags.file).filename().string();
    }
    if (!flags.dry_run && flags.as.empty()) {
        return fail(Code::kBadRequest, "--as ORG is needed (the registering authority)");
    }
    SANQUAN_TRY_ASSIGN(const auto mapping, load_sector_mapping(flags.mapping));
    SANQUAN_TRY_ASSIGN(const auto records, read_records(flags));
    std::ofstream report;
    if (!flags.report.empty()) {
        report.open(flags.report);
    }
    const Plan plan = make_plan(records, mapping, flags, flags.report.empty() ? nullptr : &report);
    report.flush();
    if (!report) {
        return fail(Code::kIo, "cannot write " + flags.report);
    }
    if (!flags.out.empty()) {
        SANQUAN_TRY(write_operations(plan, flags));
    }
    Totals totals = plan.totals;
    if (!flags.dry_run) {
        SANQUAN_TRY(submit_plan(context, plan, flags, totals));
    }
    show_totals(context, totals, !flags.dry_run);
    if (totals.refused > 0) {
        context.exit = ExitCode::kRefused;
    }
    return {};
}

}  // namespace

void add_import_commands(CLI::App& app, Context& context) {
    auto* importer = app.add_subcommand(
        "import",
        context.say("Bring published catalogues onto the ledger", "将已发布的目录导入账本"));
    importer->require_subcommand(1);
    importer->footer(example_footer(context, "sanquan import catalogue --help"));
    const auto flags = std::make_shared<ImportFlags>();
    auto* command = importer->add_subcommand(
        "catalogue",
        context.say("Register every dataset of a catalogue; unknown owners become unclaimed",
                    "登记目录中的每个数据集；未知所有权人登记为待认领"));
    command
        ->add_option(
            "file", flags->file,
            context.say("Catalogue file (JSON, at most 64 MiB)", "目录文件（JSON，至多 64 MiB）"))
        ->required();
    command->add_option("--format", flags->format, context.say("dcat-us or firstdata", "目录格式"))
        ->required()
        ->check(CLI::IsMember({"dcat-us", "firstdata"}));
    command
        ->add_option("--mapping", flags->mapping,
                     context.say("Table from subjects to sectors", "主题到行业的映射表"))
        ->required();
    command->add_option(
        "--as", flags->as,
        context.say("Registering authority (alias or id)", "登记部门（别名或编号）"));
    command->add_option(
        "--catalogue", flags->catalogue,
        context.say("Name of the catalogue (default: the file's)", "目录名称（默认取文件）"));
    command->add_option("--region", flags->region,
                        context.say("Region of the registering authority", "登记部门的行政区划"));
    command->add_option("--report", flags->report,
                        context.say("Write what was normalised and decided, one line per record",
                                    "写出规范化与判定结果，每条记录一行"));
    command->add_option("--out", flags->out,
                        context.say("Write the transactions for `sanquan submit --jsonl`",
                                    "写出供 `sanquan submit --jsonl` 使用的交易"));
    command
        ->add_option("--batch", flags->batch,
                     context.say("Operations per transaction", "每笔交易的操作数"))
        ->check(CLI::Range(1, 500));
    command->add_flag("--dry-run", flags->dry_run, context.say("Send nothing", "不发送"));
    command->footer(
        example_footer(context,
                       "sanquan import catalogue us-energy.data.json --format dcat-us \\\n"
                       "    --mapping network-config/mapping/us-energy.json --as "
                       "informatisation-authority --report r.jsonl"));
    on_call(command, context, [&context, flags] { return import_catalogue(context, *flags); });
}

}  // namespace sanquan::cli
