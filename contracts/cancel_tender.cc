// CancelTender: the organiser ends a tender without an award, with a reason.
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/records.h"
#include "contracts/tender.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {

Verdict CancelTender::preflight(const Operation& operation, const Context& /*context*/) {
    return check_reason(operation.reason());
}

Verdict CancelTender::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    Verdict verdict;
    const auto tender = open_tender(view, operation.tender(), verdict);
    return tender ? require_organiser(view, context, *tender) : verdict;
}

Outcome CancelTender::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& operation = checked.operation;
    const Bytes key = keys::tender(operation.tender());
    auto tender = load_existing<wire::TenderRecord>(overlay, key);
    tender.set_status(wire::TENDER_CANCELLED);
    tender.set_reason(operation.reason());
    store(overlay, key, tender);
    return {operation.tender(), {fact("bids", tender.bids())}};
}

}  // namespace sanquan::contracts
