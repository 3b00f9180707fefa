// Canonical protobuf: two different byte strings never mean the same message (D1).
//
// A body is accepted only when encoding the parsed message again gives the very same bytes, which excludes unknown
// fields, default values on the wire, long varints, and fields out of order. No hashed message uses `map` or floats.
#pragma once

#include <google/protobuf/message_lite.h>

#include "ledger/base/bytes.h"

namespace sanquan {

// Deterministic encoding.
Bytes encode(const google::protobuf::MessageLite& message);

// Parses `bytes` into `message`; kBadEncoding, kNotCanonical. At most `bytes_max` bytes (kTooLong).
Status decode_canonical(ByteView bytes, std::size_t bytes_max,
                        google::protobuf::MessageLite& message);

// As above, returning the message.
template <typename Message>
Result<Message> decode(ByteView bytes, std::size_t bytes_max) {
    Message message;
    SANQUAN_TRY(decode_canonical(bytes, bytes_max, message));
    return message;
}

}  // namespace sanquan
