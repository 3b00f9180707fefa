// Receipts as people read them.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "client/cli/command.h"

namespace sanquan::cli {

// A paragraph per operation: what happened, or which rule refused it, what it read and what would
// pass. `answer` is an answer of the API that holds "receipt".
std::string receipt_text(const Context& context, const boost::json::object& answer);

// As above on one line, for bulk results.
std::string receipt_line(const Context& context, const boost::json::object& answer);

}  // namespace sanquan::cli
