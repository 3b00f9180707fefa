// The code lists of network-config/codes as genesis entries; embedded at build time, or read from a
// folder.
#pragma once

#include <filesystem>

#include "ledger/base/result.h"
#include "ledger/codec/genesis.pb.h"

namespace sanquan::cli {

// Fills sectors, regions and currencies in ascending order; `folder` empty: the embedded lists.
// Currencies without an exponent are left out, but XTS, which gets 18. kIo, kBadConfig (file and
// line).
Status load_code_lists(const std::filesystem::path& folder, wire::Genesis& genesis);

}  // namespace sanquan::cli
