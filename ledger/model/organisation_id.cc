#include "ledger/model/organisation_id.h"

#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/model/social_credit_code.h"

namespace sanquan {
namespace {

bool is_own_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
}

}  // namespace

Status check_organisation_id(std::string_view id) {
    if (id.starts_with("X-") && id.size() <= limits::kIdentifierBytesMax &&
        is_own_name(id.substr(2))) {
        return {};
    }
    if (check_social_credit_code(id)) {
        return {};
    }
    return fail(Code::kBadOrganisationId, std::string(id.substr(0, limits::kIdentifierBytesMax)));
}

}  // namespace sanquan
