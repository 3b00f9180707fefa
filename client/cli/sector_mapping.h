// A reviewed table from a catalogue's subjects to sectors (network-config/mapping/*.json).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ledger/base/result.h"

namespace sanquan::cli {

struct SectorMapping {
    std::map<std::string, std::string> subjects;  // in lower case
    std::string unmapped;                         // the pilot sector for the rest

    // The sector of the first subject that the table knows, and that subject; `unmapped` and
    // nothing otherwise.
    [[nodiscard]] std::pair<std::string, std::string> sector_of(
        const std::vector<std::string>& subjects_in_order) const;
};

// P and two digits: approved beside the twenty sectors.
bool is_pilot_sector(const std::string& sector);

// {"format": 1, "about": text, "unmapped": sector, "subjects": {subject: sector}}; kIo, kTooLong; kBadConfig with file and line.
Result<SectorMapping> load_sector_mapping(const std::filesystem::path& file);

}  // namespace sanquan::cli
