// RegisterOrganisation: the informatisation authority enters any organisation, an exchange its own
// members.
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/key_records.h"
#include "contracts/party.h"
#include "contracts/records.h"
#include "contracts/roles.h"
#include "ledger/model/organisation_id.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

using Operation = RegisterOrganisation::Operation;

Verdict check_names(const Operation& operation) {
    const auto& name = operation.name();
    if (operation.kind() == wire::INDIVIDUAL) {
        // A person is a pseudonym: nothing of them may enter the ledger, which forgets nothing.
        const bool is_pseudonym =
            name.zh().empty() && name.en().empty() && operation.id().starts_with("X-");
        return is_pseudonym ? kPass : refuse(Code::kNameOfIndividual);
    }
    if (name.zh().empty() && name.en().empty()) {
        return refuse(Code::kMissingField, {fact("field", "name")});
    }
    SANQUAN_TRY_PASS(check_optional_name("name.zh", name.zh(), limits::kNameBytesMax));
    return check_optional_name("name.en", name.en(), limits::kNameBytesMax);
}

bool may_be_member(wire::OrganisationKind kind) {
    return kind == wire::ASSOCIATION || kind == wire::ENTERPRISE || kind == wire::INSTITUTION ||
           kind == wire::INDIVIDUAL;
}

bool is_informatisation_authority(const ReadView& view, const Context& context) {
    return holds_role(view, context, context.sender, wire::INFORMATISATION_AUTHORITY);
}

}  // namespace

Verdict RegisterOrganisation::preflight(const Operation& operation, const Context& /*context*/) {
    SANQUAN_TRY_PASS(pass_or_refuse(check_organisation_id(operation.id()), "id"));
    if (operation.kind() == wire::ORGANISATION_KIND_UNSPECIFIED ||
        !wire::OrganisationKind_IsValid(operation.kind())) {
        return refuse(Code::kMissingField, {fact("field", "kind")});
    }
    SANQUAN_TRY_PASS(check_names(operation));
    SANQUAN_TRY_PASS(check_optional_name("source", operation.source(), limits::kNameBytesMax));
    if (operation.keys().empty() && operation.source().empty()) {
        return refuse(Code::kMissingField, {fact("field", "source")});
    }
    const auto keys_count = static_cast<std::uint32_t>(operation.keys_size());
    if (operation.threshold() > keys_count || (operation.threshold() == 0) != (keys_count == 0)) {
        return refuse(Code::kBadThreshold,
                      {fact("threshold", operation.threshold()), fact("keys", keys_count)});
    }
    return check_registrations(operation.keys());
}

Verdict RegisterOrganisation::check(const Preflighted<Operation>& preflighted,
                                    const ReadView& view) {
    const auto& [operation, context] = preflighted;
    SANQUAN_TRY_PASS(
        require_any_role(view, context, {wire::INFORMATISATION_AUTHORITY, wire::EXCHANGE}));
    if (!is_informatisation_authority(view, context) &&
        (operation.keys().empty() || !may_be_member(operation.kind()))) {
        return refuse(Code::kKindNotAllowed,
                      {fact("kind", static_cast<std::uint64_t>(operation.kind())),
                       fact("keys", static_cast<std::uint64_t>(operation.keys_size()))});
    }
    SANQUAN_TRY_PASS(require_region(view, operation.region()));
    if (exists(view, keys::organisation(operation.id()))) {
        return refuse(Code::kOrganisationExists, {fact("organisation", operation.id())});
    }
    return check_new_keys(operation.keys(), operation.id(), {}, view, context);
}

Outcome RegisterOrganisation::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    wire::OrganisationRecord record;
    *record.mutable_name() = operation.name();
    record.set_kind(operation.kind());
    record.set_region(operation.region());
    record.set_threshold(operation.threshold());
    record.set_source(operation.source());
    record.set_registered_by(context.sender);
    record.set_registered_ms(context.time.value);
    add_keys(operation.keys(), operation.id(), record, overlay);
    store(overlay, keys::organisation(operation.id()), record);
    if (!is_informatisation_authority(overlay, context)) {
        wire::RoleRecord member;
        member.set_granted_by(context.sender);
        member.set_granted_ms(context.time.value);
        store(overlay, keys::role(operation.id(), wire::EXCHANGE_MEMBER), member);
    }
    return {operation.id(), {fact("keys", static_cast<std::uint64_t>(operation.keys_size()))}};
}

}  // namespace sanquan::contracts
