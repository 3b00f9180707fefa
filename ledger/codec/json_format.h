// Wire messages as JSON and back, by reflection: one mapping for the HTTP API, the command line and
// exports.
//
// bytes are lower-case hexadecimal; amounts (fields of type bytes named "amount", "issued" or "redeemed") are decimal
// strings of minor units; enums are their names; 64-bit numbers are decimal strings (input also
// takes integers up to 2^53, RFC 8259 section 6); a oneof appears as the one member that is set, so
// an Operation is {"issue_money": {...}}. Reading is strict: unknown names, wrong types, null and
// two members of one oneof are refused, and each refusal names the place
// ("operations[3].issue_money.money.amount"). Stateless; any thread.
#pragma once

#include <google/protobuf/message.h>

#include <boost/json/value.hpp>
#include <string_view>

#include "ledger/base/result.h"

namespace sanquan {

// Every field that has a value, and every field without presence, under its name in the .proto
// file.
boost::json::object to_json(const google::protobuf::Message& message);

// Fills `message`, which is cleared first, from an object; `path` heads the place named in
// refusals. kBadEncoding (wrong type), kUnknownField, kBadRequest (two of a oneof, unknown enum
// name), kBadHex, kBadAmount, kAmountOverflow.
Status from_json(const boost::json::value& value, google::protobuf::Message& message,
                 std::string_view path = {});

}  // namespace sanquan
