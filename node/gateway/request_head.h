// The strict reading of an HTTP/1.1 request head (RFC 9112), before Beast sees a byte of it.
//
// Proxies and servers that read one request differently let a second one be smuggled inside it; so
// everything that two readers could understand differently is refused here: bare CR or LF, folded
// lines, blanks before a colon, two Hosts or none, Transfer-Encoding other than exactly "chunked",
// Content-Length twice or beside it. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"

namespace sanquan::node {

struct RequestHead {
    std::string method;
    std::string target;
    bool version_1_1 = true;
    std::vector<std::pair<std::string, std::string>>
        headers;  // names in lower case, values trimmed
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool keep_alive = true;

    // The value of the first header with that lower-case name; empty when absent.
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

// `head` ends with the blank line. kProtocolViolation with the rule that was broken.
Result<RequestHead> parse_request_head(ByteView head);

// Reads one whole request as the gateway does, with its limits, and answers the number of body
// bytes. kProtocolViolation, kTooLong, kBadLength (bytes missing or left over).
Result<std::size_t> check_http_request(ByteView raw);

}  // namespace sanquan::node
