// Whom a record of the state concerns, by what it says itself.
#pragma once

#include <string>

#include "ledger/base/bytes.h"

namespace sanquan::node {

// Whether a text field of `record`, decoded as the type that the first word of its key stands for, equals the
// organisation's id. False for types of which no record names a party, and for bytes that do not decode.
bool record_names(const std::string& type, ByteView record, const std::string& organisation);

}  // namespace sanquan::node
