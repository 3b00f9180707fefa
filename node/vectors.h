// `sanquan-node vectors --in FILE|-`: answers test vectors through the very functions that the node
// runs.
//
// JSON Lines in, JSON Lines out, in order; docs and fields are those of the acceptance interface:
// every answer has id, ok and, where refused, a stable code; computed values come in out.
// Single-threaded.
#pragma once

#include <iosfwd>
#include <string_view>

namespace sanquan {

// Writes {"build":…,"ops":[…]}, then one answer per line of `in`; returns 0, or 1 when `out` fails.
int run_vectors(std::istream& in, std::ostream& out, std::string_view build_id);

}  // namespace sanquan
