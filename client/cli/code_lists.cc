#include "client/cli/code_lists.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <functional>
#include <sstream>
#include <vector>

#include "client/cli/embedded_codes.h"

namespace sanquan::cli {
namespace {

constexpr std::uint32_t kTestCurrencyExponent = 18;  // prices in wei stay exact

using Row = std::vector<std::string>;

// Plain CSV: no quotes occur in the lists; the last column takes what is left, commas included.
Result<std::vector<Row>> parse_csv(const std::string& text, const std::string& header,
                                   const std::string& name) {
    std::istringstream stream(text);
    std::string line;
    std::getline(stream, line);
    if (line != header) {
        return fail(Code::kBadConfig, name + ":1: the first line must be " + header);
    }
    const auto columns =
        static_cast<std::size_t>(std::count(header.begin(), header.end(), ',')) + 1;
    std::vector<Row> rows;
    for (std::size_t number = 2; std::getline(stream, line); ++number) {
        Row row;
        std::istringstream cells(line);
        std::string cell;
        while (row.size() + 1 < columns && std::getline(cells, cell, ',')) {
            row.push_back(cell);
        }
        std::getline(cells, cell);
        row.push_back(cell);
        if (row.size() != columns || row.front().empty()) {
            return fail(Code::kBadConfig,
                        name + ":" + std::to_string(number) + ": expected " + header);
        }
        rows.push_back(std::move(row));
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}

Result<std::string> list_text(const std::filesystem::path& folder, const std::string& name,
                              const char* embedded) {
    if (folder.empty()) {
        return std::string(embedded);
    }
    std::ifstream stream(folder / name);
    std::ostringstream content;
    content << stream.rdbuf();
    if (!stream) {
        return fail(Code::kIo, "cannot read " + (folder / name).string());
    }
    return content.str();
}

Status add_currency(const Row& row, wire::Genesis& genesis) {
    std::uint32_t exponent = kTestCurrencyExponent;
    const std::string& text = row[2];
    if (text.empty() && row[0] != "XTS") {
        return {};
    }
    if (!text.empty()) {
        const char* end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, exponent);
        if (error != std::errc() || stop != end) {
            return fail(Code::kBadConfig, "currencies.csv: exponent of " + row[0]);
        }
    }
    auto& currency = *genesis.add_currencies();
    currency.set_code(row[0]);
    currency.set_exponent(exponent);
    currency.set_name(row[3]);
    return {};
}

}  // namespace

Status load_code_lists(const std::filesystem::path& folder, wire::Genesis& genesis) {
    SANQUAN_TRY_ASSIGN(const auto sectors_text, list_text(folder, "sectors.csv", kSectorsCsv));
    SANQUAN_TRY_ASSIGN(const auto sectors,
                       parse_csv(sectors_text, "code,kind,name_zh,name_en", "sectors.csv"));
    for (const Row& row : sectors) {
        auto& sector = *genesis.add_sectors();
        sector.set_code(row[0]);
        sector.set_kind(row[1]);
        sector.mutable_name()->set_zh(row[2]);
        sector.mutable_name()->set_en(row[3]);
    }
    SANQUAN_TRY_ASSIGN(const auto regions_text, list_text(folder, "regions.csv", kRegionsCsv));
    SANQUAN_TRY_ASSIGN(const auto regions,
                       parse_csv(regions_text, "code,level,name_zh", "regions.csv"));
    for (const Row& row : regions) {
        auto& region = *genesis.add_regions();
        region.set_code(row[0]);
        region.set_level(row[1]);
        region.set_name_zh(row[2]);
    }
    SANQUAN_TRY_ASSIGN(const auto currencies_text,
                       list_text(folder, "currencies.csv", kCurrenciesCsv));
    SANQUAN_TRY_ASSIGN(
        const auto currencies,
        parse_csv(currencies_text, "code,numeric,exponent,name_en", "currencies.csv"));
    for (const Row& row : currencies) {
        SANQUAN_TRY(add_currency(row, genesis));
    }
    return {};
}

}  // namespace sanquan::cli
