// Opens the ledger for reading commands, as somebody or anonymously.
#pragma once

#include <filesystem>
#include <string>

#include "client/cli/command.h"
#include "client/lib/ledger_client.h"

namespace sanquan::cli {

// A client over the profile's nodes; with `as` (alias or id) its requests carry that organisation's
// challenge.
Result<client::LedgerClient> open_ledger(Context& context, const std::string& as);

// The whole file, at most `bytes_max`; kIo, kTooLong.
Result<Bytes> read_whole_file(const std::filesystem::path& file, std::size_t bytes_max);

// Writes (or replaces) a file that everybody may read; kIo.
Status replace_file(const std::filesystem::path& file, const Bytes& content);

}  // namespace sanquan::cli
