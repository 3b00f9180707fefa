// AddKey: an organisation registers a further key of its own.
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/key_records.h"
#include "contracts/party.h"
#include "contracts/records.h"
#include "ledger/model/state_keys.h"
#include "ledger/model/wire_keys.h"

namespace sanquan::contracts {
namespace {

google::protobuf::RepeatedPtrField<wire::KeyRegistration> only(const wire::KeyRegistration& key) {
    google::protobuf::RepeatedPtrField<wire::KeyRegistration> list;
    *list.Add() = key;
    return list;
}

}  // namespace

Verdict AddKey::preflight(const Operation& operation, const Context& /*context*/) {
    return check_registrations(only(operation.key()));
}

Verdict AddKey::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    const auto organisation =
        load_existing<wire::OrganisationRecord>(view, keys::organisation(context.sender));
    return check_new_keys(only(operation.key()), context.sender, organisation, view, context);
}

Outcome AddKey::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    const Bytes key = keys::organisation(context.sender);
    auto organisation = load_existing<wire::OrganisationRecord>(overlay, key);
    add_keys(only(operation.key()), context.sender, organisation, overlay);
    store(overlay, key, organisation);
    return {to_public_key(operation.key().key()).id().hex(),
            {fact("keys", static_cast<std::uint64_t>(organisation.keys_size()))}};
}

}  // namespace sanquan::contracts
