// ClaimOrganisation: the informatisation authority gives keys, on evidence, to an organisation that
// cannot sign: one that was registered without keys, or one that has lost too many.
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/key_records.h"
#include "contracts/party.h"
#include "contracts/records.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {

Verdict ClaimOrganisation::preflight(const Operation& operation, const Context& /*context*/) {
    SANQUAN_TRY_PASS(check_digest("evidence", operation.evidence()));
    if (operation.threshold() == 0 ||
        operation.threshold() > static_cast<std::uint32_t>(operation.keys_size())) {
        return refuse(Code::kBadThreshold,
                      {fact("threshold", operation.threshold()),
                       fact("keys", static_cast<std::uint64_t>(operation.keys_size()))});
    }
    return check_registrations(operation.keys());
}

Verdict ClaimOrganisation::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    SANQUAN_TRY_PASS(require_role(view, context, wire::INFORMATISATION_AUTHORITY));
    SANQUAN_TRY_PASS(require_registered(view, operation.id()));
    const auto organisation =
        load_existing<wire::OrganisationRecord>(view, keys::organisation(operation.id()));
    const std::uint64_t live = count_live_keys(organisation, view, context.time);
    if (organisation.threshold() != 0 && live >= organisation.threshold()) {
        return refuse(Code::kAlreadyClaimed,
                      {fact("organisation", operation.id()), fact("live_keys", live),
                       fact("threshold", organisation.threshold())});
    }
    return check_new_keys(operation.keys(), operation.id(), organisation, view, context);
}

Outcome ClaimOrganisation::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    const Bytes key = keys::organisation(operation.id());
    auto organisation = load_existing<wire::OrganisationRecord>(overlay, key);
    organisation.set_threshold(operation.threshold());
    organisation.set_claim_evidence(operation.evidence());
    organisation.set_claimed_ms(context.time.value);
    add_keys(operation.keys(), operation.id(), organisation, overlay);
    store(overlay, key, organisation);
    return {operation.id(), {hex_fact("evidence", operation.evidence())}};
}

}  // namespace sanquan::contracts
