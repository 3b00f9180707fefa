// AwardTender: the organiser picks one revealed bid; the winner becomes platform company of the
// sector for the term.
#include <algorithm>

#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/franchises.h"
#include "contracts/records.h"
#include "contracts/tender.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

constexpr std::size_t kFranchisesPerSectorMax = 64;

// The sector's list with those that still run and the new one.
void list_franchise(ByteView sector_code, const std::string& id, const Context& context,
                    Overlay& overlay) {
    const Bytes key = keys::sector(sector_code);
    auto sector = load_existing<wire::SectorRecord>(overlay, key);
    sector.clear_franchises();
    for (const Franchise& running : running_franchises(overlay, context, sector_code)) {
        sector.add_franchises(running.id);
    }
    sector.add_franchises(id);
    store(overlay, key, sector);
}

// The role lasts as long as the longest franchise of the sector that it follows from.
void extend_role(const wire::FranchiseRecord& franchise, const std::string& id,
                 const Context& context, Overlay& overlay) {
    const Bytes key = keys::role(franchise.platform(), wire::PLATFORM_COMPANY, franchise.sector());
    auto role = load<wire::RoleRecord>(overlay, key).value_or(wire::RoleRecord());
    role.set_granted_by(id);
    role.set_granted_ms(context.time.value);
    role.set_valid_until_ms(std::max(role.valid_until_ms(), franchise.valid_until_ms()));
    store(overlay, key, role);
}

}  // namespace

Verdict AwardTender::preflight(const Operation& operation, const Context& /*context*/) {
    return check_reason(operation.reason());
}

Verdict AwardTender::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    Verdict verdict;
    const auto tender = open_tender(view, operation.tender(), verdict);
    if (!tender) {
        return verdict;
    }
    SANQUAN_TRY_PASS(require_organiser(view, context, *tender));
    if (context.time.value < tender->terms().reveal_ends_ms()) {
        return refuse(Code::kAwardTooEarly, {fact("now", context.time)},
                      {fact("from", TimeMs{tender->terms().reveal_ends_ms()})});
    }
    const auto bid = load<wire::BidRecord>(view, keys::bid(operation.tender(), operation.winner()));
    if (!bid || !bid->revealed()) {
        return refuse(Code::kWinnerNotRevealed,
                      {fact("winner", operation.winner()), fact("bid", bid ? "sealed" : "none")});
    }
    SANQUAN_TRY_PASS(require_active(view, context, operation.winner()));
    const auto franchises = running_franchises(view, context, tender->terms().sector());
    for (const Franchise& running : franchises) {
        if (running.record.exclusive() || tender->terms().exclusive()) {
            return refuse(
                Code::kFranchiseOverlap,
                {fact("franchise", running.id), fact("platform", running.record.platform()),
                 fact("until", TimeMs{running.record.valid_until_ms()})});
        }
    }
    if (franchises.size() >= kFranchisesPerSectorMax) {
        return refuse(Code::kTooManyFranchises, {fact("sector", tender->terms().sector())});
    }
    return require_new(view, keys::franchise(make_id("F", context)));
}

Outcome AwardTender::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    const Bytes tender_key = keys::tender(operation.tender());
    auto tender = load_existing<wire::TenderRecord>(overlay, tender_key);
    const std::string id = make_id("F", context);
    wire::FranchiseRecord franchise;
    franchise.set_sector(tender.terms().sector());
    franchise.set_platform(operation.winner());
    franchise.set_tender(operation.tender());
    franchise.set_exclusive(tender.terms().exclusive());
    franchise.set_valid_from_ms(context.time.value);
    franchise.set_valid_until_ms(context.time.value + tender.terms().franchise_term_ms());
    store(overlay, keys::franchise(id), franchise);
    list_franchise(tender.terms().sector(), id, context, overlay);
    extend_role(franchise, id, context, overlay);
    tender.set_status(wire::TENDER_AWARDED);
    tender.set_winner(operation.winner());
    tender.set_franchise(id);
    tender.set_reason(operation.reason());
    store(overlay, tender_key, tender);
    return {id,
            {fact("tender", operation.tender()), fact("platform", operation.winner()),
             fact("until", TimeMs{franchise.valid_until_ms()})}};
}

}  // namespace sanquan::contracts
