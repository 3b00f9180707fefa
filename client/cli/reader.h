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

// "FILE:LINE" of the byte `at` in the file's `text`; the first line when that is not known (npos).
std::string file_and_line(const std::filesystem::path& file, const Bytes& text, std::size_t at);

// A refusal of parse_strict_json, which names a byte of `text`, with file and line before it.
Error at_line_of(const std::filesystem::path& file, const Bytes& text, Error refusal);

// Writes (or replaces) a file that everybody may read; kIo.
Status replace_file(const std::filesystem::path& file, const Bytes& content);

}  // namespace sanquan::cli
