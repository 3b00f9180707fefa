// What a person typed for an operation command, as the JSON of its operation.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <vector>

#include "client/cli/operation_table.h"
#include "client/lib/profile.h"
#include "ledger/base/result.h"

namespace sanquan::cli {

struct TypedFields {
    const OperationCommand* command = nullptr;
    std::vector<std::vector<std::string>> values;  // per field
    std::vector<char> flags;                       // per field of kind kFlag
};

// Nothing typed yet.
TypedFields no_fields(const OperationCommand& command);

// The KeyRegistrations of an organisation, as JSON.
using RegistrationsOf = std::function<Result<boost::json::array>(const std::string& organisation)>;

// The operation's fields; kBadAmount, kBadShares, kBadRequest (a time) and what `registrations`
// refuses.
Result<boost::json::object> build_fields(const client::Profile& profile,
                                         const RegistrationsOf& registrations,
                                         const TypedFields& typed);

// Milliseconds since the epoch: "+90s", "+15m", "+12h", "+30d" from now, or a number; kBadRequest.
Result<std::uint64_t> parse_time_ms(const std::string& text);

// True for kinds that take several values.
bool is_list(FieldKind kind);

}  // namespace sanquan::cli
