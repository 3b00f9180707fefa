// Strict JSON (RFC 8259): what the HTTP gateway and the client take for a document.
//
// Stricter than the RFC where two readers could understand one text differently: UTF-8 without byte order mark, no
// duplicate key at any level (compared after unescaping), no lone surrogate, no number beyond a double's range, bounded
// depth and size. Integers within 64 bits stay integers; whoever expects an integer refuses a double. Any thread.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>

#include "ledger/base/bytes.h"
#include "ledger/base/limits.h"
#include "ledger/base/result.h"

namespace sanquan {

// The document's value; kTooLong, kBadUtf8, kBadEncoding (no JSON), kDuplicateKey, kTooDeep, kBadNumber.
Result<boost::json::value> parse_strict_json(ByteView text,
                                             std::size_t bytes_max = limits::kHttpBodyBytesMax);

}  // namespace sanquan
