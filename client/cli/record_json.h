// State records and receipts as JSON, by the word that leads their key.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "ledger/base/bytes.h"

namespace sanquan::cli {

// The record, decoded by its key's first word; hexadecimal when this build knows no such record.
boost::json::value decoded_record(const Bytes& key, const Bytes& value);

// A canonical wire::Receipt with its codes by name; hexadecimal when it cannot be decoded.
boost::json::value decoded_receipt(const Bytes& receipt);

// One member per line, indented by `indent` blanks.
std::string pretty_json(const boost::json::value& value, std::size_t indent);

// SECURITY: `text` for a terminal: control, bidirectional and zero-width characters as \u{…}, so that what others wrote
// on the ledger can neither move the cursor nor look like something else.
std::string visible(std::string_view text);

}  // namespace sanquan::cli
