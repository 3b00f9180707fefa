#include "node/gateway/router.h"

#include <algorithm>

namespace sanquan::node {
namespace {

std::string_view take_segment(std::string_view& path) {
    const auto slash = path.find('/', 1);
    const auto segment = path.substr(1, slash == std::string_view::npos ? slash : slash - 1);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
    return segment;
}

// Compares segment by segment; a {name} takes any segment that is not empty.
bool matches(std::string_view pattern, std::string_view path,
             std::map<std::string, std::string>& values) {
    values.clear();
    while (!pattern.empty() && !path.empty()) {
        const auto expected = take_segment(pattern);
        const auto given = take_segment(path);
        if (expected.size() > 2 && expected.front() == '{' && expected.back() == '}') {
            if (given.empty()) {
                return false;
            }
            values.emplace(expected.substr(1, expected.size() - 2), given);
        } else if (expected != given) {
            return false;
        }
    }
    return pattern.empty() && path.empty();
}

}  // namespace

void Router::add(Route route) { routes_.push_back(std::move(route)); }

void Router::add(std::string method, std::string pattern, std::vector<std::string> parameters,
                 std::function<Answer(const Call&)> handler) {
    add(Route{std::move(method), std::move(pattern), std::move(parameters),
              [answer = std::move(handler)](const Call& call, const Reply& reply) {
                  reply(answer(call));
              }});
}

Result<const Route*> Router::find(Call& call) const {
    std::string allowed;
    std::map<std::string, std::string> values;
    for (const Route& route : routes_) {
        if (!matches(route.pattern, call.path, values)) {
            continue;
        }
        // RFC 9110, 9.3.2: HEAD is GET whose answer goes without its content.
        if (route.method != call.method && !(route.method == "GET" && call.method == "HEAD")) {
            allowed += (allowed.empty() ? "" : ", ") +
                       (route.method == "GET" ? "GET, HEAD" : route.method);
            continue;
        }
        for (const auto& [name, value] : call.query) {
            if (std::find(route.parameters.begin(), route.parameters.end(), name) ==
                route.parameters.end()) {
                return fail(Code::kBadRequest, "unknown query parameter '" + name + "'");
            }
        }
        call.path_values = std::move(values);
        return &route;
    }
    if (!allowed.empty()) {
        return fail(Code::kMethodNotAllowed, allowed);
    }
    return fail(Code::kNoSuchResource, call.path);
}

}  // namespace sanquan::node
