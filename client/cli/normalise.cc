#include "client/cli/normalise.h"

#include <algorithm>
#include <array>
#include <regex>
#include <utility>

#include "ledger/base/text.h"

namespace sanquan::cli {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kPeriods = {
    {{"annual", "R/P1Y"},
     {"annually", "R/P1Y"},
     {"yearly", "R/P1Y"},
     {"quarterly", "R/P3M"},
     {"monthly", "R/P1M"},
     {"weekly", "R/P1W"},
     {"daily", "R/P1D"},
     {"hourly", "R/PT1H"},
     {"real-time", "R/PT1S"},
     {"continuous", "R/PT1S"}}};

// Length of the UTF-8 sequence that `lead` begins; 1 for stray bytes.
std::size_t sequence_length(unsigned char lead) {
    return lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
}

// The characters that a ledger name may hold, one by one; others become a blank.
std::string keep_admissible(const std::string& value) {
    std::string kept;
    for (std::size_t i = 0; i < value.size();) {
        const std::size_t length =
            std::min(sequence_length(static_cast<unsigned char>(value[i])), value.size() - i);
        const std::string one = value.substr(i, length);
        kept += one != " " && check_name(one) ? one : " ";
        i += length;
    }
    return kept;
}

std::string collapse_blanks(const std::string& value) {
    std::string result;
    for (const char c : value) {
        if (c != ' ' || (!result.empty() && result.back() != ' ')) {
            result.push_back(c);
        }
    }
    while (!result.empty() && result.back() == ' ') {
        result.pop_back();
    }
    return result;
}

std::string cut_at_character(std::string value, std::size_t bytes_max) {
    if (value.size() <= bytes_max) {
        return value;
    }
    std::size_t end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xc0U) == 0x80U) {
        --end;
    }
    value.resize(end);
    return collapse_blanks(value);
}

std::string lower(std::string text) {
    for (char& c : text) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return text;
}

}  // namespace

void Normaliser::note(std::string field, std::string from, std::string to, std::string why) {
    notes_.push_back({std::move(field), std::move(from), std::move(to), std::move(why)});
}

std::string Normaliser::changed(const std::string& field, const std::string& from, std::string to,
                                const char* why) {
    if (from != to) {
        note(field, from, to, why);
    }
    return to;
}

std::string Normaliser::name(const std::string& field, const std::string& value,
                             std::size_t bytes_max) {
    std::string clean = collapse_blanks(keep_admissible(value));
    const bool too_long = clean.size() > bytes_max;
    return changed(field, value, cut_at_character(std::move(clean), bytes_max),
                   too_long ? "longer than the ledger takes: cut"
                            : "line breaks, invisible characters and doubled blanks removed");
}

std::string Normaliser::date(const std::string& field, const std::string& value) {
    static const std::regex kDate(R"((\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?)(T.*)?)");
    std::smatch match;
    if (value.empty() || std::regex_match(value, match, kDate)) {
        return changed(field, value, value.empty() ? value : match[1].str(),
                       "the time of day is not kept");
    }
    return changed(field, value, "", "no ISO 8601 date");
}

std::string Normaliser::periodicity(const std::string& field, const std::string& value) {
    static const std::regex kDuration(
        R"(R/P(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?)");
    if (value.empty() || std::regex_match(value, kDuration)) {
        return value;
    }
    const std::string word = lower(value);
    for (const auto& [name, duration] : kPeriods) {
        if (word == name) {
            return changed(field, value, std::string(duration), "as an ISO 8601 duration");
        }
    }
    return changed(field, value, "",
                   word == "irregular" ? "irregular: no repeating duration" : "no known period");
}

std::string Normaliser::licence(const std::string& field, const std::string& value) {
    static const std::regex kKnown(
        R"(https?://(www\.)?((creativecommons\.org/(publicdomain|licenses)|opendatacommons\.org/licenses)/[A-Za-z0-9./-]+?)/?)");
    std::smatch match;
    if (value.empty()) {
        return value;
    }
    if (std::regex_match(value, match, kKnown)) {
        return changed(field, value, "https://" + match[2].str(), "one spelling per licence");
    }
    return changed(field, value, "",
                   value.find("unknown-license") != std::string::npos
                       ? "the catalogue says that the licence is unknown"
                       : "names no licence");
}

std::string Normaliser::url(const std::string& field, const std::string& value,
                            std::size_t bytes_max) {
    static const std::regex kUrl(R"(https?://[!-~]+)");
    if (value.empty() || (value.size() <= bytes_max && std::regex_match(value, kUrl))) {
        return value;
    }
    std::string trimmed = collapse_blanks(value);
    const bool usable = trimmed.size() <= bytes_max && std::regex_match(trimmed, kUrl);
    return changed(field, value, usable ? trimmed : "", usable ? "blanks removed" : "no URL");
}

std::string Normaliser::media_type(const std::string& field, const std::string& value) {
    static const std::regex kType(
        R"((application|audio|font|image|model|text|video|multipart)/[A-Za-z0-9!#$&^_.+-]{1,100})");
    const std::string clean = lower(collapse_blanks(value));
    if (std::regex_match(clean, kType)) {
        return changed(field, value, clean, "lower case");
    }
    return changed(field, value, "application/octet-stream",
                   value.empty() ? "the catalogue names no media type" : "no media type");
}

std::string Normaliser::language(const std::string& field, const std::string& value) {
    static const std::regex kTag(R"(([A-Za-z]{2,3})(-([A-Za-z]{2}))?)");
    std::smatch match;
    if (value.empty() || !std::regex_match(value, match, kTag)) {
        return changed(field, value, "", "no language tag");
    }
    std::string language = lower(match[1].str());
    std::string region = match[3].str();
    for (char& c : region) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    if (language == "us" && region == "EN") {
        language = "en";
        region = "US";
    }
    return changed(field, value, region.empty() ? language : language + "-" + region,
                   "language before region, usual case");
}

bool is_real_time(const std::string& periodicity) { return periodicity == "R/PT1S"; }

std::string fold_name(const std::string& name) {
    return lower(collapse_blanks(keep_admissible(name)));
}

}  // namespace sanquan::cli
