// The canonical wire form, checked on the bytes themselves: one pass, no allocation, no encoding.
//
// Our protobuf encoder writes one byte string for each message: fields in ascending number, at most one member of a
// oneof, each varint as short as it can be and within its type, no default value of a field without presence, repeated
// numbers packed. The bytes have this form and parse exactly when encoding the parsed message gives them back; the test
// of this folder compares the two. Called by canonical.h. Thread-safe.
#pragma once

#include "ledger/base/bytes.h"

namespace google::protobuf {
class Descriptor;
}

namespace sanquan {

// Whether `bytes` have the form that the encoder gives to a message of this type. Text is not looked at: whether it is
// UTF-8 the parser says. Messages nest at most `nesting_max` deep below the outermost.
bool has_canonical_form(ByteView bytes, const google::protobuf::Descriptor& type, int nesting_max);

}  // namespace sanquan
