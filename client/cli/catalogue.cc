#include "client/cli/catalogue.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "ledger/base/limits.h"
#include "ledger/crypto/digest.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

constexpr int kKeywordsMax = 64;

std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(*text);
}

// A list of texts; a single text counts as a list of one.
std::vector<std::string> texts_of(const json::object& object, std::string_view name) {
    std::vector<std::string> texts;
    const auto* value = object.if_contains(name);
    if (value != nullptr && value->is_string()) {
        texts.emplace_back(value->get_string());
    } else if (value != nullptr && value->is_array()) {
        for (const auto& item : value->get_array()) {
            if (item.is_string()) {
                texts.emplace_back(item.get_string());
            }
        }
    }
    return texts;
}

const json::object* object_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value == nullptr ? nullptr : value->if_object();
}

Bytes digest_of(const json::value& record) {
    return hash(HashAlgorithm::kSha256, {json::serialize(record)}).bytes();
}

void add_keywords(Normaliser& clean, const std::vector<std::string>& words,
                  wire::Dataset& dataset) {
    std::set<std::string> seen;
    for (const auto& word : words) {
        const std::string keyword = clean.name("keyword", word, limits::kReferenceBytesMax);
        if (keyword.empty() || !seen.insert(keyword).second) {
            clean.note("keyword", word, "", "empty or given twice");
        } else if (dataset.keywords_size() == kKeywordsMax) {
            clean.note("keyword", word, "",
                       "more than 64 keywords; all stay under the description's digest");
        } else {
            dataset.add_keywords(keyword);
        }
    }
}

// What every record must have at the end.
void finish(CatalogueRecord& record, Normaliser& clean) {
    wire::Dataset& dataset = record.dataset;
    if (dataset.identifier().empty()) {
        record.unusable = "it has no identifier";
    } else if (dataset.title().en().empty() && dataset.title().zh().empty()) {
        clean.note("title", "", dataset.identifier(), "no title: the identifier serves");
        dataset.mutable_title()->set_en(dataset.identifier());
    }
    record.owner = clean.name("owner", record.owner, limits::kNameBytesMax);
    if (record.owner.empty()) {
        record.unusable = "it names neither publisher nor source";
    }
    dataset.set_publisher(record.owner);
    record.notes = clean.notes();
}

wire::AccessLevel access_level(Normaliser& clean, const std::string& text) {
    if (text == "public") {
        return wire::PUBLIC;
    }
    if (text == "restricted public") {
        return wire::RESTRICTED_PUBLIC;
    }
    if (text != "non-public") {
        clean.note("accessLevel", text, "NON_PUBLIC", "not one of the three levels: the strictest");
    }
    return wire::NON_PUBLIC;
}

std::string first_media_type(Normaliser& clean, const json::object& entry) {
    std::string named;
    if (const auto* list = entry.if_contains("distribution"); list != nullptr && list->is_array()) {
        for (const auto& item : list->get_array()) {
            const std::string type =
                item.is_object() ? text_of(item.get_object(), "mediaType") : std::string();
            if (named.empty() && !type.empty()) {
                named = type;
            }
        }
    }
    return clean.media_type("distribution.mediaType", named);
}

CatalogueRecord read_dcat_entry(const json::object& entry, const std::string& catalogue) {
    Normaliser clean;
    CatalogueRecord record;
    wire::Dataset& dataset = record.dataset;
    dataset.set_identifier(
        clean.name("identifier", text_of(entry, "identifier"), limits::kNameBytesMax));
    dataset.set_catalogue(catalogue);
    dataset.set_description(digest_of(entry));
    std::string language = "en";
    for (const auto& tag : texts_of(entry, "language")) {
        language = clean.language("language", tag);
    }
    const std::string title = clean.name("title", text_of(entry, "title"), limits::kNameBytesMax);
    language.starts_with("zh") ? dataset.mutable_title()->set_zh(title)
                               : dataset.mutable_title()->set_en(title);
    dataset.set_media_type(first_media_type(clean, entry));
    dataset.set_accrual_periodicity(
        clean.periodicity("accrualPeriodicity", text_of(entry, "accrualPeriodicity")));
    dataset.set_real_time(is_real_time(dataset.accrual_periodicity()));
    dataset.set_spatial(clean.name("spatial", text_of(entry, "spatial"), limits::kNameBytesMax));
    dataset.set_temporal(clean.name("temporal", text_of(entry, "temporal"), limits::kNameBytesMax));
    dataset.set_license(clean.licence("license", text_of(entry, "license")));
    dataset.set_landing_page(
        clean.url("landingPage", text_of(entry, "landingPage"), 2 * limits::kNameBytesMax));
    dataset.set_issued(clean.date("issued", text_of(entry, "issued")));
    dataset.set_modified(clean.date("modified", text_of(entry, "modified")));
    dataset.set_access(access_level(clean, text_of(entry, "accessLevel")));
    add_keywords(clean, texts_of(entry, "keyword"), dataset);
    if (const auto* publisher = object_of(entry, "publisher")) {
        record.owner = text_of(*publisher, "name");
    }
    record.owner_kind = wire::GOVERNMENT_BODY;
    record.subjects = texts_of(entry, "theme");
    finish(record, clean);
    return record;
}

wire::OrganisationKind kind_of(const std::string& authority_level) {
    if (authority_level == "government") {
        return wire::GOVERNMENT_BODY;
    }
    if (authority_level == "international") {
        return wire::ASSOCIATION;
    }
    return authority_level == "market" || authority_level == "commercial" ? wire::ENTERPRISE
                                                                          : wire::INSTITUTION;
}

CatalogueRecord read_firstdata_entry(const json::object& entry, const std::string& catalogue) {
    Normaliser clean;
    CatalogueRecord record;
    wire::Dataset& dataset = record.dataset;
    dataset.set_identifier(clean.name("id", text_of(entry, "id"), limits::kNameBytesMax));
    dataset.set_catalogue(catalogue);
    dataset.set_description(digest_of(entry));
    if (const auto* name = object_of(entry, "name")) {
        dataset.mutable_title()->set_en(
            clean.name("name.en", text_of(*name, "en"), limits::kNameBytesMax));
        dataset.mutable_title()->set_zh(
            clean.name("name.zh", text_of(*name, "zh"), limits::kNameBytesMax));
        record.owner = dataset.title().en().empty() ? dataset.title().zh() : dataset.title().en();
    }
    clean.note("owner", "", record.owner, "the source names no publisher: the source itself");
    dataset.set_media_type(clean.media_type("media_type", ""));
    dataset.set_accrual_periodicity(
        clean.periodicity("update_frequency", text_of(entry, "update_frequency")));
    dataset.set_real_time(is_real_time(dataset.accrual_periodicity()));
    const std::string country = text_of(entry, "country");
    const std::string scope = text_of(entry, "geographic_scope");
    dataset.set_spatial(
        clean.name("spatial", country.empty() ? scope : country, limits::kNameBytesMax));
    const std::string page = text_of(entry, "data_url");
    dataset.set_landing_page(clean.url("data_url", page.empty() ? text_of(entry, "website") : page,
                                       2 * limits::kNameBytesMax));
    dataset.set_access(wire::PUBLIC);
    add_keywords(clean, texts_of(entry, "tags"), dataset);
    const std::string authority = text_of(entry, "authority_level");
    record.owner_kind = kind_of(authority);
    record.source_class = authority == "government" || authority == "international"
                              ? wire::PUBLIC_DATA
                              : wire::ENTERPRISE_DATA;
    record.subjects = texts_of(entry, "domains");
    finish(record, clean);
    return record;
}

using ReadEntry = CatalogueRecord (*)(const json::object&, const std::string&);

Result<std::vector<CatalogueRecord>> read_entries(const json::value& document, const char* list,
                                                  const std::string& catalogue, ReadEntry read) {
    const auto* root = document.if_object();
    const auto* entries = root == nullptr ? nullptr : root->if_contains(list);
    if (entries == nullptr || !entries->is_array()) {
        return fail(Code::kBadCatalogue, std::string("the document has no list \"") + list + "\"");
    }
    if (entries->get_array().size() > kCatalogueRecordsMax) {
        return fail(Code::kBadCatalogue, "more than 100,000 records");
    }
    std::vector<CatalogueRecord> records;
    std::set<std::string> identifiers;
    for (const auto& entry : entries->get_array()) {
        CatalogueRecord record;
        if (entry.is_object()) {
            record = read(entry.get_object(), catalogue);
        } else {
            record.unusable = "it is no object";
        }
        record.number = records.size() + 1;
        if (record.unusable.empty() && !identifiers.insert(record.dataset.identifier()).second) {
            record.unusable = "its identifier stands twice in the catalogue";
        }
        records.push_back(std::move(record));
    }
    return records;
}

}  // namespace

Result<std::vector<CatalogueRecord>> read_dcat_us(const json::value& document,
                                                  const std::string& catalogue) {
    return read_entries(document, "dataset", catalogue, &read_dcat_entry);
}

Result<std::vector<CatalogueRecord>> read_firstdata(const json::value& document,
                                                    const std::string& catalogue) {
    return read_entries(document, "sources", catalogue, &read_firstdata_entry);
}

std::string unclaimed_id(const std::string& owner_name) {
    std::string digits = hash(HashAlgorithm::kSha256, {fold_name(owner_name)}).hex().substr(0, 24);
    for (char& c : digits) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return "X-U" + digits;
}

}  // namespace sanquan::cli
