// Questions that many contracts ask of the state, each answered by one refusal code.
//
// The registry has asked require_active for the sender before any contract runs.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>

#include "contracts/contract.h"
#include "ledger/base/amount.h"
#include "ledger/codec/operations_party.pb.h"
#include "ledger/codec/state_party.pb.h"

namespace sanquan::contracts {

std::optional<wire::OrganisationRecord> find_organisation(const ReadView& view, ByteView id);

// `id` is registered, claimed or not: kPartyUnknown.
Verdict require_registered(const ReadView& view, ByteView id);
// `id` can act: kPartyUnknown, kPartyUnclaimed, kPartyFrozen.
Verdict require_active(const ReadView& view, const Context& context, ByteView id);
// The transaction meets `id`'s threshold, and `id` can act: kSignatureRequired and as above.
Verdict require_signer(const ReadView& view, const Context& context, ByteView id);

// Whether `organisation` holds the role at the block's time. `scope` is the sector of
// SECTOR_AUTHORITY and PLATFORM_COMPANY, keys::word(kind) for SERVICE_PROVIDER, and empty for all
// others.
bool holds_role(const ReadView& view, const Context& context, ByteView organisation,
                wire::Role role, ByteView scope = {});
// The sender holds the role: kRoleRequired.
Verdict require_role(const ReadView& view, const Context& context, wire::Role role,
                     ByteView scope = {});
// The sender holds one of the roles, none of which has a scope: kRoleRequired.
Verdict require_any_role(const ReadView& view, const Context& context,
                         std::initializer_list<wire::Role> roles);

// The freeze of a state key ("asset/…") that is in force, if there is one.
std::optional<wire::FreezeRecord> active_freeze(const ReadView& view, const Context& context,
                                                ByteView subject_key);
// The moment at which a freeze ends by itself.
TimeMs freeze_end(const wire::FreezeRecord& freeze);
// kSubjectFrozen.
Verdict require_not_frozen(const ReadView& view, const Context& context, ByteView subject_key);

Verdict require_sector(const ReadView& view, ByteView code);    // kSectorUnknown
Verdict require_region(const ReadView& view, ByteView code);    // kRegionUnknown
Verdict require_currency(const ReadView& view, ByteView code);  // kCurrencyUnknown

// Shape of money from outside: a currency of three capital letters and an amount; kCurrencyUnknown,
// kBadAmount, kAmountOverflow, kNotCanonical. Whether the currency is on the chain's list is
// require_currency's question.
Verdict check_money(const wire::Money& money);
// The amount of money that check_money has passed.
Amount amount_of(const wire::Money& money);
wire::Money make_money(ByteView currency, Amount amount);

// A name that will be stored, or nothing: check_name of ledger/base/text.h as a verdict.
Verdict check_optional_name(std::string_view field, ByteView text, std::size_t bytes_max);
// A reason on one line: kMissingField and as above.
Verdict check_reason(ByteView reason);
// 32 bytes: kBadLength.
Verdict check_digest(std::string_view field, ByteView digest);

// A machine-made reference: 1 to limits::kReferenceBytesMax visible ASCII characters.
// kMissingField, kTooLong, kBadText.
Verdict check_reference(ByteView reference);
// The sender's own reference was not used for this `kind` of thing before: kReferenceUsed
// and as above.
Verdict require_unused_reference(const ReadView& view, const Context& context, ByteView kind,
                                 ByteView reference);
void use_reference(Overlay& overlay, const Context& context, ByteView kind, ByteView reference,
                   ByteView subject);

// "G-" and 24 hexadecimal digits of the digest of transaction id, operation index and `ordinal`
// (for operations that create several records). Collisions are made improbable, not impossible: see
// require_new.
std::string make_id(std::string_view prefix, const Context& context, std::uint32_t ordinal = 0);
// Nothing stands at `key` yet: kIdTaken.
Verdict require_new(const ReadView& view, ByteView key);

}  // namespace sanquan::contracts
