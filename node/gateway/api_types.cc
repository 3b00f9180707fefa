#include "node/gateway/api_types.h"

#include "ledger/base/text.h"

namespace sanquan::node {
namespace {

constexpr std::size_t kQueryParametersMax = 16;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// RFC 3986, 2.1; the decoded text must be UTF-8 without control characters.
Result<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded.push_back(plus_is_blank && text[i] == '+' ? ' ' : text[i]);
            continue;
        }
        const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return fail(Code::kBadRequest, "the target holds a broken % escape");
        }
        decoded.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    if (!check_free_text(decoded, decoded.size())) {
        return fail(Code::kBadRequest, "the target holds control characters or is not UTF-8");
    }
    return decoded;
}

}  // namespace

const std::string& Call::value(const std::string& name) const { return path_values.at(name); }

std::optional<std::string> Call::parameter(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::nullopt : std::optional(found->second);
}

Status parse_target(std::string_view target, Call& call) {
    call.target = std::string(target);
    if (target.starts_with("https://")) {  // absolute form: RFC 9112, 3.2.2
        const auto slash = target.find('/', 8);
        target = slash == std::string_view::npos ? "/" : target.substr(slash);
    }
    if (target.empty() || target.front() != '/') {
        return fail(Code::kBadRequest, "the target must be a path");
    }
    const auto mark = target.find('?');
    SANQUAN_TRY_ASSIGN(call.path, percent_decode(target.substr(0, mark), /*plus_is_blank=*/false));
    std::string_view rest = mark == std::string_view::npos ? "" : target.substr(mark + 1);
    while (!rest.empty()) {
        const auto next = rest.find('&');
        const auto pair = rest.substr(0, next);
        rest = next == std::string_view::npos ? "" : rest.substr(next + 1);
        const auto equals = pair.find('=');
        SANQUAN_TRY_ASSIGN(auto name,
                           percent_decode(pair.substr(0, equals), /*plus_is_blank=*/true));
        std::string value;
        if (equals != std::string_view::npos) {
            SANQUAN_TRY_ASSIGN(value,
                               percent_decode(pair.substr(equals + 1), /*plus_is_blank=*/true));
        }
        if (call.query.size() == kQueryParametersMax ||
            !call.query.emplace(name, std::move(value)).second) {
            return fail(Code::kBadRequest, "query parameter '" + name + "' is given twice");
        }
    }
    return {};
}

}  // namespace sanquan::node
