#include "contracts/checks.h"

#include <algorithm>

#include "contracts/explain.h"
#include "contracts/records.h"
#include "ledger/base/text.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

std::string role_text(wire::Role role, ByteView scope) {
    std::string text(keys::word(role));
    return scope.empty() ? text : text.append(" ").append(scope);
}

void append_u32(Bytes& bytes, std::uint32_t value) {
    for (unsigned shift = 24;; shift -= 8) {
        bytes.push_back(static_cast<char>(static_cast<std::uint8_t>(value >> shift)));
        if (shift == 0) {
            return;
        }
    }
}

bool is_currency_code(ByteView code) {
    return code.size() == 3 &&
           std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

std::optional<wire::OrganisationRecord> find_organisation(const ReadView& view, ByteView id) {
    if (id.empty() || id.size() > limits::kIdentifierBytesMax) {
        return std::nullopt;
    }
    return load<wire::OrganisationRecord>(view, keys::organisation(id));
}

Verdict require_registered(const ReadView& view, ByteView id) {
    const bool found = !id.empty() && id.size() <= limits::kIdentifierBytesMax &&
                       exists(view, keys::organisation(id));
    return found ? kPass : refuse(Code::kPartyUnknown, {fact("organisation", id)});
}

Verdict require_active(const ReadView& view, const Context& context, ByteView id) {
    const auto organisation = find_organisation(view, id);
    if (!organisation) {
        return refuse(Code::kPartyUnknown, {fact("organisation", id)});
    }
    if (organisation->threshold() == 0) {
        return refuse(Code::kPartyUnclaimed, {fact("organisation", id)});
    }
    if (const auto freeze = active_freeze(view, context, keys::organisation(id))) {
        return refuse(Code::kPartyFrozen,
                      {fact("organisation", id), fact("frozen_by", freeze->by()),
                       fact("until", freeze_end(*freeze)), fact("now", context.time)});
    }
    return kPass;
}

Verdict require_signer(const ReadView& view, const Context& context, ByteView id) {
    if (!context.signers.contains(std::string(id.substr(0, limits::kIdentifierBytesMax + 1)))) {
        return refuse(Code::kSignatureRequired, {fact("missing_signature_of", id)});
    }
    // The sender was asked before the contract ran.
    return id == context.sender ? kPass : require_active(view, context, id);
}

bool holds_role(const ReadView& view, const Context& context, ByteView organisation,
                wire::Role role, ByteView scope) {
    if (organisation.empty()) {
        return false;
    }
    const auto record = load<wire::RoleRecord>(view, keys::role(organisation, role, scope));
    return record &&
           (record->valid_until_ms() == 0 || context.time.value < record->valid_until_ms());
}

Verdict require_role(const ReadView& view, const Context& context, wire::Role role,
                     ByteView scope) {
    if (holds_role(view, context, context.sender, role, scope)) {
        return kPass;
    }
    return refuse(Code::kRoleRequired, {fact("sender", context.sender)},
                  {fact("role", role_text(role, scope))});
}

Verdict require_any_role(const ReadView& view, const Context& context,
                         std::initializer_list<wire::Role> roles) {
    std::vector<Fact> would_pass;
    for (const wire::Role role : roles) {
        if (holds_role(view, context, context.sender, role)) {
            return kPass;
        }
        would_pass.push_back(fact("role", role_text(role, {})));
    }
    return refuse(Code::kRoleRequired, {fact("sender", context.sender)}, std::move(would_pass));
}

TimeMs freeze_end(const wire::FreezeRecord& freeze) {
    return TimeMs{freeze.ratified() ? freeze.expires_ms()
                                    : std::min(freeze.expires_ms(), freeze.ratify_until_ms())};
}

std::optional<wire::FreezeRecord> active_freeze(const ReadView& view, const Context& context,
                                                ByteView subject_key) {
    auto freeze = load<wire::FreezeRecord>(view, keys::freeze(subject_key));
    return freeze && context.time < freeze_end(*freeze) ? std::move(freeze) : std::nullopt;
}

Verdict require_not_frozen(const ReadView& view, const Context& context, ByteView subject_key) {
    const auto freeze = active_freeze(view, context, subject_key);
    if (!freeze) {
        return kPass;
    }
    return refuse(Code::kSubjectFrozen,
                  {fact("subject", subject_key), fact("frozen_by", freeze->by()),
                   fact("reason", freeze->reason()), fact("now", context.time)},
                  {fact("after", freeze_end(*freeze))});
}

Verdict require_sector(const ReadView& view, ByteView code) {
    const bool found = !code.empty() && exists(view, keys::sector(code));
    return found ? kPass : refuse(Code::kSectorUnknown, {fact("sector", code)});
}

Verdict require_region(const ReadView& view, ByteView code) {
    const bool found = !code.empty() && exists(view, keys::region(code));
    return found ? kPass : refuse(Code::kRegionUnknown, {fact("region", code)});
}

Verdict require_currency(const ReadView& view, ByteView code) {
    const bool found = is_currency_code(code) && exists(view, keys::currency(code));
    return found ? kPass : refuse(Code::kCurrencyUnknown, {fact("currency", code)});
}

Verdict check_money(const wire::Money& money) {
    if (!is_currency_code(money.currency())) {
        return refuse(Code::kCurrencyUnknown, {fact("currency", money.currency())});
    }
    const Result<Amount> amount = Amount::decode(money.amount());
    return amount ? kPass : refuse(amount.error(), "amount");
}

Amount amount_of(const wire::Money& money) {
    const Result<Amount> amount = Amount::decode(money.amount());
    SANQUAN_ASSERT(amount.has_value());
    return *amount;
}

wire::Money make_money(ByteView currency, Amount amount) {
    wire::Money money;
    money.set_currency(std::string(currency));
    money.set_amount(amount.encode());
    return money;
}

Verdict check_optional_name(std::string_view field, ByteView text, std::size_t bytes_max) {
    return text.empty() ? kPass : pass_or_refuse(check_name(text, bytes_max), field);
}

Verdict check_reason(ByteView reason) {
    if (reason.empty()) {
        return refuse(Code::kMissingField, {fact("field", "reason")});
    }
    return check_optional_name("reason", reason, limits::kNameBytesMax);
}

Verdict check_reference(ByteView reference) {
    if (reference.empty()) {
        return refuse(Code::kMissingField, {fact("field", "reference")});
    }
    if (reference.size() > limits::kReferenceBytesMax) {
        return refuse(Code::kTooLong, {fact("field", "reference")},
                      {fact("bytes_at_most", limits::kReferenceBytesMax)});
    }
    const bool visible =
        std::all_of(reference.begin(), reference.end(), [](char c) { return c > ' ' && c <= '~'; });
    return visible ? kPass : refuse(Code::kBadText, {fact("field", "reference")});
}

Verdict check_digest(std::string_view field, ByteView digest) {
    if (digest.size() == kDigestBytes) {
        return kPass;
    }
    return refuse(Code::kBadLength, {fact("field", field), fact("bytes", digest.size())},
                  {fact("bytes", kDigestBytes)});
}

Verdict require_unused_reference(const ReadView& view, const Context& context, ByteView kind,
                                 ByteView reference) {
    SANQUAN_TRY_PASS(check_reference(reference));
    const auto used =
        load<wire::ReferenceRecord>(view, keys::reference(context.sender, kind, reference));
    if (!used) {
        return kPass;
    }
    return refuse(Code::kReferenceUsed,
                  {fact("reference", reference), fact("used_by", used->subject())},
                  {fact("reference", "one that this sender has not used")});
}

void use_reference(Overlay& overlay, const Context& context, ByteView kind, ByteView reference,
                   ByteView subject) {
    wire::ReferenceRecord record;
    record.set_subject(std::string(subject));
    store(overlay, keys::reference(context.sender, kind, reference), record);
}

std::string make_id(std::string_view prefix, const Context& context, std::uint32_t ordinal) {
    constexpr std::size_t kIdBytes = 12;
    Bytes body = context.transaction.bytes();
    append_u32(body, context.operation_index);
    append_u32(body, ordinal);
    const Digest digest = domain_digest(context.chain.hash, "id", context.chain.id, body);
    return std::string(prefix).append("-").append(to_hex(digest.view().substr(0, kIdBytes)));
}

Verdict require_new(const ReadView& view, ByteView key) {
    return exists(view, key) ? refuse(Code::kIdTaken, {fact("key", key)}) : kPass;
}

}  // namespace sanquan::contracts
