#include "node/gateway/request_head.h"

#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/verb.hpp>
#include <charconv>

#include "ledger/base/limits.h"

namespace sanquan::node {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t kHeaderFieldsMax = 64;
constexpr std::size_t kTargetBytesMax = 4'096;
constexpr std::string_view kLineEnd = "\r\n";

tl::unexpected<Error> refuse(std::string what) {
    return fail(Code::kProtocolViolation, std::move(what));
}

// RFC 9110, 5.6.2
bool is_token(std::string_view text) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               kMarks.find(c) != std::string_view::npos;
    });
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c - 'A' + 'a');
        }
    }
    return result;
}

std::string_view trim(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && blank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

// The next line without its CRLF.
Result<std::string_view> take_line(std::string_view& rest) {
    const auto end = rest.find_first_of(kLineEnd);
    if (end == std::string_view::npos || rest.substr(end, 2) != kLineEnd) {
        return refuse("lines end with CR LF and hold neither alone");
    }
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    return line;
}

Status parse_request_line(std::string_view line, RequestHead& head) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last ||
        line.substr(first + 1, last - first - 1).find(' ') != std::string_view::npos) {
        return refuse("a request line is METHOD SP TARGET SP VERSION");
    }
    head.method = std::string(line.substr(0, first));
    head.target = std::string(line.substr(first + 1, last - first - 1));
    const auto version = line.substr(last + 1);
    if (http::string_to_verb(head.method) == http::verb::unknown) {
        return refuse("unknown method");
    }
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        return refuse("the version must be HTTP/1.1");
    }
    head.version_1_1 = version == "HTTP/1.1";
    head.keep_alive = head.version_1_1;
    if (head.target.empty() || head.target.front() != '/' || head.target.size() > kTargetBytesMax ||
        !std::all_of(head.target.begin(), head.target.end(),
                     [](char c) { return c > 0x20 && c < 0x7f && c != '#'; })) {
        return refuse(
            "the target must begin with / and hold at most 4096 visible ASCII characters");
    }
    return {};
}

Status parse_field(std::string_view line, RequestHead& head) {
    if (line.front() == ' ' || line.front() == '\t') {
        return refuse("folded header lines are not accepted");
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
        return refuse("a header line is NAME \":\" VALUE, without a blank before the colon");
    }
    const auto value = trim(line.substr(colon + 1));
    if (std::any_of(value.begin(), value.end(), [](char c) {
            return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
        })) {
        return refuse("a header value holds a control character");
    }
    if (head.headers.size() == kHeaderFieldsMax) {
        return refuse("more than 64 header fields");
    }
    head.headers.emplace_back(lower(line.substr(0, colon)), value);
    return {};
}

bool is_host(std::string_view host) {
    constexpr std::string_view kMarks = "-._~:[]%";
    return !host.empty() && host.size() <= 255 &&
           std::all_of(host.begin(), host.end(), [&](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      kMarks.find(c) != std::string_view::npos;
           });
}

// What the fields of message framing say together (RFC 9112, 3.2, 6.1, 6.2).
Status check_framing(RequestHead& head) {
    std::size_t hosts = 0;
    std::size_t lengths = 0;
    std::size_t encodings = 0;
    for (const auto& [name, value] : head.headers) {
        if (name == "host") {
            ++hosts;
            if (!is_host(value)) {
                return refuse("Host is not a host name");
            }
        } else if (name == "content-length") {
            std::uint64_t length = 0;
            const auto [stop, error] =
                std::from_chars(value.data(), value.data() + value.size(), length);
            if (++lengths > 1 || value.empty() || error != std::errc() ||
                stop != value.data() + value.size()) {
                return refuse("Content-Length must be one decimal number, given once");
            }
            head.content_length = length;
        } else if (name == "transfer-encoding") {
            if (++encodings > 1 || lower(value) != "chunked" || !head.version_1_1) {
                return refuse("Transfer-Encoding must be exactly \"chunked\"");
            }
            head.chunked = true;
        } else if (name == "connection") {
            const std::string options = lower(value);
            if (options.find("close") != std::string::npos) {
                head.keep_alive = false;
            } else if (options.find("keep-alive") != std::string::npos) {
                head.keep_alive = true;
            }
        }
    }
    if (hosts > 1 || (hosts == 0 && head.version_1_1)) {
        return refuse("exactly one Host is needed");
    }
    if (lengths > 0 && encodings > 0) {
        return refuse("Content-Length and Transfer-Encoding exclude each other");
    }
    return {};
}

}  // namespace

std::string_view RequestHead::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

Result<RequestHead> parse_request_head(ByteView head_bytes) {
    if (head_bytes.size() > limits::kHttpHeaderBytesMax) {
        return fail(Code::kTooLong, "the request head has more than 16 KiB");
    }
    RequestHead head;
    std::string_view rest = head_bytes;
    SANQUAN_TRY_ASSIGN(const auto request_line, take_line(rest));
    SANQUAN_TRY(parse_request_line(request_line, head));
    while (true) {
        SANQUAN_TRY_ASSIGN(const auto line, take_line(rest));
        if (line.empty()) {
            break;
        }
        SANQUAN_TRY(parse_field(line, head));
    }
    if (!rest.empty()) {
        return refuse("bytes after the end of the head");
    }
    SANQUAN_TRY(check_framing(head));
    return head;
}

Result<std::size_t> check_http_request(ByteView raw) {
    const auto end = raw.find("\r\n\r\n");
    if (end == ByteView::npos) {
        return refuse("the head does not end");
    }
    SANQUAN_TRY(parse_request_head(raw.substr(0, end + 4)));
    http::request_parser<http::string_body> parser;
    parser.eager(true);
    parser.body_limit(limits::kHttpBodyBytesMax);
    parser.header_limit(limits::kHttpHeaderBytesMax);
    boost::system::error_code error;
    std::size_t used = 0;
    while (!parser.is_done() && used < raw.size()) {
        const auto step =
            parser.put(boost::asio::const_buffer(raw.data() + used, raw.size() - used), error);
        used += step;
        if (error == http::error::body_limit || error == http::error::header_limit) {
            return fail(Code::kTooLong, error.message());
        }
        if (error == http::error::need_more || (!error && step == 0)) {
            break;
        }
        if (error) {
            return refuse(error.message());
        }
    }
    if (!parser.is_done() || used != raw.size()) {
        return fail(Code::kBadLength, "the body is cut short or followed by more");
    }
    return parser.get().body().size();
}

}  // namespace sanquan::node
