// OpenTender: the authority of a sector announces a franchise; bids open after the notice period.
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/periods.h"
#include "contracts/records.h"
#include "contracts/rules.h"
#include "contracts/tender.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

constexpr ByteView kReferenceKind = "tender";

Verdict check_procedure(const wire::OpenTender& operation, const Context& context,
                        const ReadView& view) {
    const std::uint64_t longest = parameter(view, context, Parameter::kTenderProcedureMsMax);
    // The end lies ahead of the block's time: bids open after the notice.
    if (operation.reveal_ends_ms() - context.time.value <= longest) {
        return kPass;
    }
    return refuse(Code::kBadPeriod, {fact("reveal_ends", TimeMs{operation.reveal_ends_ms()})},
                  {parameter_fact(view, context, Parameter::kTenderProcedureMsMax)});
}

// Bidders besides the organiser's own must be able to keep the times.
Verdict check_windows(const wire::OpenTender& operation, const Context& context,
                      const ReadView& view) {
    const auto ends = [&](std::uint64_t from_ms, Parameter periods) {
        return add_periods(context.chain.profile, TimeMs{from_ms},
                           parameter(view, context, periods));
    };
    const TimeMs close_earliest = ends(operation.bids_open_ms(), Parameter::kTenderBiddingPeriods);
    const TimeMs reveal_earliest = ends(operation.bids_close_ms(), Parameter::kTenderRevealPeriods);
    if (operation.bids_close_ms() >= close_earliest.value &&
        operation.reveal_ends_ms() >= reveal_earliest.value) {
        return kPass;
    }
    return refuse(Code::kBadPeriod,
                  {fact("bids_close", TimeMs{operation.bids_close_ms()}),
                   fact("reveal_ends", TimeMs{operation.reveal_ends_ms()}),
                   parameter_fact(view, context, Parameter::kTenderBiddingPeriods),
                   parameter_fact(view, context, Parameter::kTenderRevealPeriods)},
                  {fact("bids_close_at_earliest", close_earliest),
                   fact("reveal_ends_at_earliest", reveal_earliest)});
}

}  // namespace

std::optional<wire::TenderRecord> open_tender(const ReadView& view, ByteView id, Verdict& verdict) {
    auto tender = id.empty() ? std::nullopt : load<wire::TenderRecord>(view, keys::tender(id));
    if (!tender) {
        verdict = refuse(Code::kTenderUnknown, {fact("tender", id)});
    } else if (tender->status() != wire::TENDER_OPEN) {
        const bool is_awarded = tender->status() == wire::TENDER_AWARDED;
        verdict = refuse(Code::kTenderClosed,
                         {fact("tender", id), fact("status", is_awarded ? "awarded" : "cancelled"),
                          fact("winner", tender->winner())});
    }
    return verdict ? std::nullopt : std::move(tender);
}

Verdict require_organiser(const ReadView& view, const Context& context,
                          const wire::TenderRecord& tender) {
    if (tender.organiser() == context.sender &&
        holds_role(view, context, context.sender, wire::SECTOR_AUTHORITY,
                   tender.terms().sector())) {
        return kPass;
    }
    return refuse(Code::kNotOrganiser, {fact("sender", context.sender)},
                  {fact("organiser", tender.organiser()), fact("sector", tender.terms().sector())});
}

Verdict OpenTender::preflight(const Operation& operation, const Context& /*context*/) {
    SANQUAN_TRY_PASS(check_reference(operation.reference()));
    if (operation.title().zh().empty() && operation.title().en().empty()) {
        return refuse(Code::kMissingField, {fact("field", "title")});
    }
    SANQUAN_TRY_PASS(
        check_optional_name("title.zh", operation.title().zh(), limits::kNameBytesMax));
    SANQUAN_TRY_PASS(
        check_optional_name("title.en", operation.title().en(), limits::kNameBytesMax));
    SANQUAN_TRY_PASS(check_optional_name("source", operation.source(), limits::kNameBytesMax));
    if (operation.bids_open_ms() >= operation.bids_close_ms() ||
        operation.bids_close_ms() >= operation.reveal_ends_ms()) {
        return refuse(Code::kBadPeriod, {fact("bids_open", TimeMs{operation.bids_open_ms()}),
                                         fact("bids_close", TimeMs{operation.bids_close_ms()}),
                                         fact("reveal_ends", TimeMs{operation.reveal_ends_ms()})});
    }
    return kPass;
}

Verdict OpenTender::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    SANQUAN_TRY_PASS(require_sector(view, operation.sector()));
    SANQUAN_TRY_PASS(require_role(view, context, wire::SECTOR_AUTHORITY, operation.sector()));
    SANQUAN_TRY_PASS(
        require_unused_reference(view, context, kReferenceKind, operation.reference()));
    const TimeMs notice_ends =
        add_periods(context.chain.profile, context.time,
                    parameter(view, context, Parameter::kTenderNoticePeriods));
    if (operation.bids_open_ms() < notice_ends.value) {
        return refuse(Code::kNoticeTooShort,
                      {fact("bids_open", TimeMs{operation.bids_open_ms()}),
                       parameter_fact(view, context, Parameter::kTenderNoticePeriods)},
                      {fact("bids_open_at_earliest", notice_ends)});
    }
    SANQUAN_TRY_PASS(check_procedure(operation, context, view));
    SANQUAN_TRY_PASS(check_windows(operation, context, view));
    const std::uint64_t longest = parameter(view, context, Parameter::kFranchiseTermMsMax);
    if (operation.franchise_term_ms() == 0 || operation.franchise_term_ms() > longest) {
        return refuse(Code::kBadPeriod, {fact("franchise_term_ms", operation.franchise_term_ms())},
                      {fact("at_most_ms", longest)});
    }
    return require_new(view, keys::tender(make_id("T", context)));
}

Outcome OpenTender::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    const std::string id = make_id("T", context);
    wire::TenderRecord tender;
    *tender.mutable_terms() = operation;
    tender.set_organiser(context.sender);
    tender.set_opened_ms(context.time.value);
    tender.set_status(wire::TENDER_OPEN);
    store(overlay, keys::tender(id), tender);
    use_reference(overlay, context, kReferenceKind, operation.reference(), id);
    return {id,
            {fact("bids_open", TimeMs{operation.bids_open_ms()}),
             fact("bids_close", TimeMs{operation.bids_close_ms()}),
             fact("reveal_ends", TimeMs{operation.reveal_ends_ms()})}};
}

}  // namespace sanquan::contracts
