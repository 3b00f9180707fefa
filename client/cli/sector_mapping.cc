#include "client/cli/sector_mapping.h"

#include <boost/json/object.hpp>

#include "client/cli/normalise.h"
#include "client/cli/reader.h"
#include "ledger/codec/strict_json.h"
#include "ledger/model/asset_code.h"

namespace sanquan::cli {
namespace {

constexpr std::size_t kMappingBytesMax = 1U << 20U;

}  // namespace

std::pair<std::string, std::string> SectorMapping::sector_of(
    const std::vector<std::string>& subjects_in_order) const {
    for (const auto& subject : subjects_in_order) {
        const auto found = subjects.find(fold_name(subject));
        if (found != subjects.end()) {
            return {found->second, subject};
        }
    }
    return {unmapped, {}};
}

bool is_pilot_sector(const std::string& sector) {
    return is_sector_shape(sector) && sector.front() == 'P';
}

Result<SectorMapping> load_sector_mapping(const std::filesystem::path& file) {
    SANQUAN_TRY_ASSIGN(const Bytes text, read_whole_file(file, kMappingBytesMax));
    const auto bad = [&](const std::string& what, std::size_t at) {
        return fail(Code::kBadConfig, file_and_line(file, text, at) + ": " + what);
    };
    const auto document = parse_strict_json(text, kMappingBytesMax);
    if (!document) {
        return fail(Code::kBadConfig, to_string(at_line_of(file, text, document.error())));
    }
    const auto* root = document->if_object();
    const auto* unmapped = root == nullptr ? nullptr : root->if_contains("unmapped");
    const auto* subjects = root == nullptr ? nullptr : root->if_contains("subjects");
    if (unmapped == nullptr || subjects == nullptr || !unmapped->is_string() ||
        !subjects->is_object()) {
        return bad("\"unmapped\" and \"subjects\" are needed", 0);
    }
    SectorMapping mapping;
    mapping.unmapped = unmapped->get_string();
    for (const auto& entry : subjects->get_object()) {
        if (!entry.value().is_string() || !is_sector_shape(entry.value().get_string())) {
            const std::string subject(entry.key());
            return bad("subject '" + subject + "' must name a sector such as S03",
                       text.find('"' + subject + '"', text.find("\"subjects\"")));
        }
        mapping.subjects[fold_name(std::string(entry.key()))] = entry.value().get_string();
    }
    if (!is_sector_shape(mapping.unmapped)) {
        return bad("\"unmapped\" must name a sector such as P01", text.find("\"unmapped\""));
    }
    return mapping;
}

}  // namespace sanquan::cli
