// Freeze: an authority stops an asset, an organisation or a listing from the next operation on, for
// a bounded time.
#include "contracts/freeze.h"

#include <algorithm>

#include "contracts/asset_rules.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/periods.h"
#include "contracts/records.h"
#include "contracts/rules.h"
#include "ledger/model/asset_code.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

constexpr std::size_t kSubjectBytesMax = 128;

// What follows the record type in a subject key, or nothing when the key is not of that type.
ByteView id_in(ByteView subject, ByteView type) {
    const bool fits = subject.size() > type.size() + 1 && subject.starts_with(type) &&
                      subject[type.size()] == '/';
    return fits ? subject.substr(type.size() + 1) : ByteView();
}

// Three authorities freeze anything; the authority of a sector freezes its assets.
Verdict require_freezer(const ReadView& view, const Context& context, ByteView subject) {
    const ByteView sector = sector_of(id_in(subject, "asset"));
    if (!sector.empty() &&
        holds_role(view, context, context.sender, wire::SECTOR_AUTHORITY, sector)) {
        return kPass;
    }
    return require_any_role(
        view, context,
        {wire::SECRECY_AUTHORITY, wire::CYBER_SECURITY_AUTHORITY, wire::INFORMATISATION_AUTHORITY});
}

// The leading group did not ratify the authority's last freeze, which lapsed or was lifted: neither
// the same evidence nor one freeze after another goes around it.
Verdict check_renewal(const wire::Freeze& operation, const wire::FreezeRecord& last,
                      const Context& context, const ReadView& view) {
    if (last.ratified() || last.by() != context.sender) {
        return kPass;
    }
    const TimeMs open =
        add_periods(context.chain.profile, freeze_end(last),
                    parameter(view, context, Parameter::kFreezeRatificationPeriods));
    if (last.evidence() != operation.evidence() && context.time >= open) {
        return kPass;
    }
    return refuse(Code::kFreezeRenewed,
                  {fact("ended", freeze_end(last)), hex_fact("evidence", operation.evidence())},
                  {fact("now_at_earliest", open), fact("evidence", "new")});
}

}  // namespace

Verdict Freeze::preflight(const Operation& operation, const Context& context) {
    const ByteView subject = operation.subject();
    const bool has_type = !id_in(subject, "asset").empty() ||
                          !id_in(subject, "organisation").empty() ||
                          !id_in(subject, "listing").empty();
    if (!has_type || subject.size() > kSubjectBytesMax) {
        return refuse(Code::kBadFreezeSubject, {fact("subject", subject)});
    }
    SANQUAN_TRY_PASS(check_reason(operation.reason()));
    SANQUAN_TRY_PASS(check_digest("evidence", operation.evidence()));
    if (operation.expires_ms() <= context.time.value) {
        return refuse(Code::kBadPeriod,
                      {fact("expires", TimeMs{operation.expires_ms()}), fact("now", context.time)});
    }
    return kPass;
}

Verdict Freeze::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    SANQUAN_TRY_PASS(require_freezer(view, context, operation.subject()));
    if (!exists(view, operation.subject())) {
        return refuse(Code::kBadFreezeSubject, {fact("subject", operation.subject())});
    }
    const ByteView organisation = id_in(operation.subject(), "organisation");
    if (holds_role(view, context, organisation, wire::LEADING_GROUP)) {
        return refuse(Code::kFreezeProtected, {fact("organisation", organisation)});
    }
    const std::uint64_t longest = parameter(view, context, Parameter::kFreezeMsMax);
    if (operation.expires_ms() - context.time.value > longest) {
        return refuse(Code::kBadPeriod, {fact("expires", TimeMs{operation.expires_ms()})},
                      {fact("at_most", TimeMs{context.time.value + longest})});
    }
    const auto last = load<wire::FreezeRecord>(view, keys::freeze(operation.subject()));
    if (last && context.time < freeze_end(*last)) {
        return refuse(Code::kAlreadyFrozen,
                      {fact("frozen_by", last->by()), fact("until", freeze_end(*last))});
    }
    return last ? check_renewal(operation, *last, context, view) : kPass;
}

Outcome Freeze::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    wire::FreezeRecord record;
    record.set_by(context.sender);
    record.set_reason(operation.reason());
    record.set_evidence(operation.evidence());
    record.set_since_ms(context.time.value);
    record.set_expires_ms(operation.expires_ms());
    record.set_ratify_until_ms(
        add_periods(context.chain.profile, context.time,
                    parameter(overlay, context, Parameter::kFreezeRatificationPeriods))
            .value);
    store(overlay, keys::freeze(operation.subject()), record);
    return {operation.subject(),
            {fact("until", freeze_end(record)),
             fact("ratify_until", TimeMs{record.ratify_until_ms()})}};
}

}  // namespace sanquan::contracts
