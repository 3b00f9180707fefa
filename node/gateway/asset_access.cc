#include "node/gateway/asset_access.h"

#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/model/asset_code.h"
#include "ledger/model/state_keys.h"

namespace sanquan::node {

Result<wire::AssetRecord> load_asset(const StateSnapshot& state, const std::string& code) {
    SANQUAN_TRY(parse_asset_code(code));
    const auto bytes = state.view->get(keys::asset(code));
    if (!bytes) {
        return fail(Code::kNotFound, "asset " + code);
    }
    return decode<wire::AssetRecord>(*bytes, limits::kStateValueBytesMax);
}

bool sees_asset(const StateSnapshot& state, const std::string& code, const wire::AssetRecord& asset,
                const std::optional<Viewer>& viewer) {
    if (!viewer) {
        return false;
    }
    return viewer->sees_everything || names(asset, viewer->organisation) ||
           has_role(state, viewer->organisation, wire::SECTOR_AUTHORITY,
                    std::string(sector_of(code)));
}

bool may_list(const wire::AssetRecord& asset, const std::optional<Viewer>& viewer) {
    return viewer.has_value() || asset.access() == wire::PUBLIC;
}

}  // namespace sanquan::node
