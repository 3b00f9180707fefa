// Finds the handler of a request: a list of "METHOD /path/{value}" with the query parameters that
// each one knows.
//
// Filled once at start, read by every session afterwards.
#pragma once

#include <string>
#include <vector>

#include "node/gateway/api_types.h"

namespace sanquan::node {

struct Route {
    std::string method;
    std::string pattern;                  // "/v1/assets/{code}/history"
    std::vector<std::string> parameters;  // query parameters; any other is refused
    Handler handler;
};

class Router {
  public:
    void add(Route route);
    // As above for handlers that answer at once.
    void add(std::string method, std::string pattern, std::vector<std::string> parameters,
             std::function<Answer(const Call&)> handler);

    // Fills call.path_values; kNoSuchResource, kMethodNotAllowed, kBadRequest (unknown query
    // parameter).
    [[nodiscard]] Result<const Route*> find(Call& call) const;

    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

  private:
    std::vector<Route> routes_;
};

}  // namespace sanquan::node
