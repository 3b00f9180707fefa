// ApprovePilotSector: the informatisation authority adds a sector beyond the controlled list and
// names its lead.
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/records.h"
#include "contracts/roles.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

bool is_pilot_code(ByteView code) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return code.size() == 3 && code[0] == 'P' && is_digit(code[1]) && is_digit(code[2]);
}

}  // namespace

Verdict ApprovePilotSector::preflight(const Operation& operation, const Context& /*context*/) {
    if (!is_pilot_code(operation.code())) {
        return refuse(Code::kBadSectorCode, {fact("code", operation.code())});
    }
    if (operation.name().zh().empty() || operation.name().en().empty()) {
        return refuse(Code::kMissingField, {fact("field", "name")});
    }
    SANQUAN_TRY_PASS(check_optional_name("name.zh", operation.name().zh(), limits::kNameBytesMax));
    SANQUAN_TRY_PASS(check_optional_name("name.en", operation.name().en(), limits::kNameBytesMax));
    return check_reason(operation.reason());
}

Verdict ApprovePilotSector::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    SANQUAN_TRY_PASS(require_role(view, context, wire::INFORMATISATION_AUTHORITY));
    if (exists(view, keys::sector(operation.code()))) {
        return refuse(Code::kSectorExists, {fact("sector", operation.code())});
    }
    return require_active(view, context, operation.lead());
}

Outcome ApprovePilotSector::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    wire::SectorRecord sector;
    *sector.mutable_name() = operation.name();
    sector.set_kind("pilot");
    sector.set_approved_by(context.sender);
    store(overlay, keys::sector(operation.code()), sector);
    wire::GrantRole lead;
    lead.set_organisation(operation.lead());
    lead.set_role(wire::SECTOR_AUTHORITY);
    lead.set_sector(operation.code());
    lead.set_lead(true);
    write_grant(lead, context.sender, context, overlay);
    return {operation.code(), {fact("lead", operation.lead())}};
}

}  // namespace sanquan::contracts
