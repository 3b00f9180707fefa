// Goal: dirty catalogues become records that the ledger takes, and every change is noted. Method: a
// table per kind of value, and small documents of both formats.
#include "client/cli/catalogue.h"

#include <boost/json/parse.hpp>
#include <fstream>

#include "client/cli/sector_mapping.h"
#include "tests/support/catch.h"
#include "tests/unit/client/temporary_folder.h"

namespace sanquan::cli {
namespace {

TEST_CASE("values are normalised and each change is noted", "[client][import]") {
    struct Row {
        std::string (Normaliser::*change)(const std::string&, const std::string&);
        const char* from;
        const char* to;
    };
    const Row rows[] = {
        {&Normaliser::date, "2014-02-27T18:35:43.965018", "2014-02-27"},
        {&Normaliser::date, "2019", "2019"},
        {&Normaliser::date, "2019-13-01", ""},
        {&Normaliser::date, "last year", ""},
        {&Normaliser::periodicity, "R/P3M", "R/P3M"},
        {&Normaliser::periodicity, "Weekly", "R/P1W"},
        {&Normaliser::periodicity, "annual", "R/P1Y"},
        {&Normaliser::periodicity, "real-time", "R/PT1S"},
        {&Normaliser::periodicity, "irregular", ""},
        {&Normaliser::periodicity, "now and then", ""},
        {&Normaliser::licence, "http://creativecommons.org/publicdomain/zero/1.0/",
         "https://creativecommons.org/publicdomain/zero/1.0"},
        {&Normaliser::licence, "https://creativecommons.org/licenses/by/4.0",
         "https://creativecommons.org/licenses/by/4.0"},
        {&Normaliser::licence, "https://creativecommons.org", ""},
        {&Normaliser::licence, "https://project-open-data.cio.gov/unknown-license/", ""},
        {&Normaliser::media_type, "Text/CSV", "text/csv"},
        {&Normaliser::media_type, "pdf/xls", "application/octet-stream"},
        {&Normaliser::media_type, "", "application/octet-stream"},
        {&Normaliser::language, "us-EN", "en-US"},
        {&Normaliser::language, "EN-us", "en-US"},
        {&Normaliser::language, "klingon", ""},
    };
    for (const auto& row : rows) {
        INFO(row.from);
        Normaliser clean;
        CHECK((clean.*row.change)("field", row.from) == row.to);
        CHECK(clean.notes().size() == (std::string(row.from) == row.to ? 0U : 1U));
    }
    Normaliser clean;
    CHECK(clean.name("title", " a\n\tb  c\u200b ", 512) == "a b c");
    CHECK(clean.name("title", "数据数据", 7) == "数据");
    CHECK(clean.url("page", "https://a.example/x", 512) == "https://a.example/x");
    CHECK(clean.url("page", "see our site", 512).empty());
}

TEST_CASE("DCAT-US records keep what they say", "[client][import]") {
    const auto document = boost::json::parse(R"({"dataset":[
        {"identifier":"d1","title":"Oil  prices","publisher":{"name":"EIA"},"accessLevel":"restricted public",
         "accrualPeriodicity":"R/PT1S","theme":["energy"],"keyword":["oil","oil",""],"modified":"2015-05-18",
         "distribution":[{"mediaType":""},{"mediaType":"text/csv"}]},
        {"title":"no identifier","publisher":{"name":"EIA"}},
        {"identifier":"d1","title":"again","publisher":{"name":"EIA"}},
        7]})");
    const auto records = read_dcat_us(document, "energy");
    REQUIRE(records);
    REQUIRE(records->size() == 4);
    const auto& first = records->front();
    CHECK(first.unusable.empty());
    CHECK(first.dataset.title().en() == "Oil prices");
    CHECK(first.dataset.access() == wire::RESTRICTED_PUBLIC);
    CHECK(first.dataset.real_time());
    CHECK(first.dataset.media_type() == "text/csv");
    CHECK(first.dataset.keywords_size() == 1);
    CHECK(first.dataset.description().size() == 32);
    CHECK(first.owner == "EIA");
    CHECK_FALSE((*records)[1].unusable.empty());
    CHECK_FALSE((*records)[2].unusable.empty());
    CHECK_FALSE((*records)[3].unusable.empty());
    CHECK(read_dcat_us(boost::json::parse("[]"), "x").error().code == Code::kBadCatalogue);
    CHECK(read_dcat_us(boost::json::parse(R"({"dataset":{}})"), "x").error().code ==
          Code::kBadCatalogue);
}

TEST_CASE("FirstData sources own themselves and map by their first known domain",
          "[client][import]") {
    const auto document = boost::json::parse(R"({"sources":[
        {"id":"s1","name":{"en":"Bureau of Statistics","zh":"统计局"},"domains":["dragons","economics"],
         "update_frequency":"monthly","country":"CN","authority_level":"government","tags":[],
         "data_url":"https://a.example/"}]})");
    const auto records = read_firstdata(document, "firstdata");
    REQUIRE(records);
    const auto& record = records->front();
    CHECK(record.owner == "Bureau of Statistics");
    CHECK(record.owner_kind == wire::GOVERNMENT_BODY);
    CHECK(record.dataset.title().zh() == "统计局");
    CHECK(record.dataset.accrual_periodicity() == "R/P1M");
    CHECK(record.dataset.spatial() == "CN");
    SectorMapping mapping;
    mapping.unmapped = "P01";
    mapping.subjects["economics"] = "S16";
    CHECK(mapping.sector_of(record.subjects) ==
          std::pair<std::string, std::string>("S16", "economics"));
    CHECK(mapping.sector_of({"dragons"}).first == "P01");
}

TEST_CASE("spellings of one publisher give one unclaimed organisation", "[client][import]") {
    CHECK(unclaimed_id("National  Bureau ") == unclaimed_id("national bureau"));
    CHECK(unclaimed_id("A") != unclaimed_id("B"));
    CHECK(unclaimed_id("A").size() == 27);
}

TEST_CASE("an error in a mapping names its file and line", "[client][import]") {
    const TemporaryFolder folder;
    const auto file = folder.path / "mapping.json";
    const auto error_of = [&](const std::string& text) {
        std::ofstream(file) << text;
        const auto mapping = load_sector_mapping(file);
        REQUIRE_FALSE(mapping);
        CHECK(mapping.error().code == Code::kBadConfig);
        return mapping.error().context;
    };
    const auto is_at = [&](const std::string& error, int line) {
        INFO(error);
        return error.find(file.string() + ":" + std::to_string(line) + ": ") != std::string::npos;
    };
    CHECK(is_at(error_of("{\n\"unmapped\": \"P01\",\n\"subjects\": {\n\"a\" \"S01\"}}"), 4));
    CHECK(is_at(error_of("{\n\"unmapped\": \"P01\",\n\"unmapped\": \"P01\"}"), 3));
    CHECK(is_at(error_of("{\n\"unmapped\": \"P01\",\n\"subjects\": {\n\n\"a\": \"S9\"}}"), 5));
    CHECK(is_at(error_of("{\n\n\"unmapped\": \"P1\",\n\"subjects\": {}}"), 3));
    CHECK(is_at(error_of("{}"), 1));
}

TEST_CASE("the reviewed mappings of the repository are well-formed", "[client][import]") {
    for (const char* name : {"us-energy.json", "firstdata.json"}) {
        const auto file =
            std::filesystem::path(SANQUAN_SOURCE_DIR) / "network-config" / "mapping" / name;
        const auto mapping = load_sector_mapping(file);
        REQUIRE(mapping);
        CHECK(mapping->unmapped == "P01");
        CHECK(mapping->subjects.size() > 5);
    }
}

}  // namespace
}  // namespace sanquan::cli
