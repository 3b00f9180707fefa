// The example in the help of every operation command, put together from the table of its flags.
#pragma once

#include <string>

#include "client/cli/operation_table.h"

namespace sanquan::cli {

// A value that a person might type for this flag; empty when the list below lacks it (a test forbids that).
std::string_view sample_value(const OperationCommand& command, const FieldFlag& field);

// "sanquan org issue-money --as settlement-bank --to … --money 12500:CNY": every required flag, in order.
std::string example_of(const OperationCommand& command);

}  // namespace sanquan::cli
