// RevokeKey: by the organisation itself, or by the informatisation authority for another; from the
// next block on the key signs nothing. Never one that has not expired when fewer live ones than the
// threshold needs would be left.
#include <algorithm>

#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/key_records.h"
#include "contracts/party.h"
#include "contracts/records.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

const std::string& owner_of(const RevokeKey::Operation& operation, const Context& context) {
    return operation.organisation().empty() ? context.sender : operation.organisation();
}

}  // namespace

Verdict RevokeKey::preflight(const Operation& operation, const Context& /*context*/) {
    if (operation.key_id().size() != kKeyIdBytes) {
        return refuse(Code::kBadLength, {fact("field", "key_id")}, {fact("bytes", kKeyIdBytes)});
    }
    return check_reason(operation.reason());
}

Verdict RevokeKey::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    const std::string& owner = owner_of(operation, context);
    if (owner != context.sender) {
        SANQUAN_TRY_PASS(require_role(view, context, wire::INFORMATISATION_AUTHORITY));
        SANQUAN_TRY_PASS(require_registered(view, owner));
    }
    const auto key = load<wire::KeyRecord>(view, keys::key(operation.key_id()));
    if (!key || key->organisation() != owner) {
        return refuse(Code::kKeyNotOfOrganisation,
                      {hex_fact("key", operation.key_id()), fact("organisation", owner)});
    }
    if (key->revoked_ms() != 0) {
        return refuse(Code::kKeyAlreadyRevoked, {hex_fact("key", operation.key_id()),
                                                 fact("revoked", TimeMs{key->revoked_ms()})});
    }
    const auto organisation =
        load_existing<wire::OrganisationRecord>(view, keys::organisation(owner));
    // A key that has expired is no loss: it goes at any time, so that there is room for those with
    // which an organisation is claimed again.
    if (has_expired(*key, context.time)) {
        return kPass;
    }
    const std::uint64_t left =
        count_live_keys(organisation, view, context.time) - (is_live(*key, context.time) ? 1 : 0);
    if (left < organisation.threshold()) {
        return refuse(Code::kBelowThreshold, {fact("keys_left", left)},
                      {fact("keys_left", organisation.threshold())});
    }
    return kPass;
}

Outcome RevokeKey::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    const std::string& owner = owner_of(operation, context);
    const Bytes key_key = keys::key(operation.key_id());
    auto key = load_existing<wire::KeyRecord>(overlay, key_key);
    key.set_revoked_ms(context.time.value);
    key.set_revoked_by(context.sender);
    key.set_reason(operation.reason());
    store(overlay, key_key, key);
    const Bytes owner_key = keys::organisation(owner);
    auto organisation = load_existing<wire::OrganisationRecord>(overlay, owner_key);
    auto& list = *organisation.mutable_keys();
    list.erase(std::remove(list.begin(), list.end(), operation.key_id()), list.end());
    store(overlay, owner_key, organisation);
    return {to_hex(operation.key_id()), {fact("organisation", owner)}};
}

}  // namespace sanquan::contracts
