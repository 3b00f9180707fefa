// Goal: a request head means one thing or is refused. Method: what is accepted is written down again from its parts, and
// must be accepted and mean the same; what two readers could take differently must not have come through.
#include <algorithm>

#include "ledger/base/limits.h"
#include "node/gateway/request_head.h"
#include "tests/fuzz/fuzz.h"

namespace {

using sanquan::Bytes;
using sanquan::node::RequestHead;

Bytes written(const RequestHead& head) {
    Bytes text =
        head.method + " " + head.target + (head.version_1_1 ? " HTTP/1.1" : " HTTP/1.0") + "\r\n";
    for (const auto& [name, value] : head.headers) {
        text += name + ": " + value + "\r\n";
    }
    return text + "\r\n";
}

void require_unambiguous(const RequestHead& head) {
    std::size_t hosts = 0;
    for (const auto& [name, value] : head.headers) {
        hosts += name == "host" ? 1U : 0U;
        REQUIRE_THAT(!name.empty());
        REQUIRE_THAT(name.find_first_of(" \t\r\n:ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos);
        REQUIRE_THAT(value.find_first_of("\r\n") == std::string::npos);
        REQUIRE_THAT(value.find('\0') == std::string::npos);
    }
    REQUIRE_THAT(hosts == 1 || (hosts == 0 && !head.version_1_1));
    REQUIRE_THAT(!(head.chunked && head.content_length));
    REQUIRE_THAT(head.target.starts_with('/'));
    REQUIRE_THAT(head.target.find_first_of(" \t\r\n#") == std::string::npos);
    REQUIRE_THAT(head.method.find_first_of(" \t\r\n") == std::string::npos);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = sanquan::fuzz::input(data, size);
    if (const auto head = sanquan::node::parse_request_head(bytes)) {
        require_unambiguous(*head);
        const Bytes again = written(*head);
        // Written down with a blank after each colon it may have grown past the limit.
        const auto same = sanquan::node::parse_request_head(again);
        REQUIRE_THAT(same.has_value() || again.size() > sanquan::limits::kHttpHeaderBytesMax);
        if (same) {
            REQUIRE_THAT(same->method == head->method && same->target == head->target);
            REQUIRE_THAT(same->headers == head->headers);
            REQUIRE_THAT(same->content_length == head->content_length);
            REQUIRE_THAT(same->chunked == head->chunked && same->keep_alive == head->keep_alive);
        }
    }
    if (const auto body_bytes = sanquan::node::check_http_request(bytes)) {
        const auto end = bytes.find("\r\n\r\n");
        REQUIRE_THAT(end != sanquan::ByteView::npos);
        REQUIRE_THAT(*body_bytes <= size - end - 4);
        REQUIRE_THAT(sanquan::node::parse_request_head(bytes.substr(0, end + 4)).has_value());
    }
    return 0;
}
