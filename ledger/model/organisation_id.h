// Organisation ids: a unified social credit code, or "X-" and a name of one's own for all others
// (D3).
#pragma once

#include <string_view>

#include "ledger/base/result.h"

namespace sanquan {

// grammar: id = social credit code (18) | "X-" 1*62[A-Z0-9-]; kBadOrganisationId.
Status check_organisation_id(std::string_view id);

}  // namespace sanquan
