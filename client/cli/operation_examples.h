// Examples of the operations, made from operation_samples.h: as a command line for the help, as a
// document for `sanquan submit`.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>

#include "client/cli/operation_table.h"
#include "ledger/base/result.h"

namespace sanquan::cli {

// "sanquan org issue-money --to … --money 12500:CNY --as settlement-bank": every flag that the
// sample has a value for, in the order of the table. Asserts that there is a sample.
std::string example_of(const OperationCommand& command);

// {"as", "also", "operations": [{OPERATION: {…}}]} with times from now on; kBadRequest for an
// unknown operation.
Result<boost::json::object> example_document(std::string_view operation);

// The placeholders that the text of an example holds, in order and once each; empty when there are none.
std::string placeholders_in(const std::string& example);

// Valid JSON with a member a line.
std::string indented_json(const boost::json::value& value, std::size_t indent = 0);

}  // namespace sanquan::cli
