// The text of network-config/codes/*.csv, compiled in.
#pragma once

namespace sanquan::cli {

extern const char* const kSectorsCsv;
extern const char* const kRegionsCsv;
extern const char* const kCurrenciesCsv;

}  // namespace sanquan::cli
