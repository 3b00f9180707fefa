// Tenders: notice, sealed bids, reveal, one award that makes a franchise.
//
//   opened --notice--> bids_open --sealed bids--> bids_close --reveal--> reveal_ends --> awarded |
//   cancelled
#pragma once

#include "contracts/contract.h"
#include "ledger/codec/operations_party.pb.h"
#include "ledger/codec/state_party.pb.h"

namespace sanquan::contracts {

// The tender `id`, which is open; else `verdict` is kTenderUnknown or kTenderClosed.
std::optional<wire::TenderRecord> open_tender(const ReadView& view, ByteView id, Verdict& verdict);

// The sender opened this tender and still is the authority of its sector: kNotOrganiser.
Verdict require_organiser(const ReadView& view, const Context& context,
                          const wire::TenderRecord& tender);

struct OpenTender {
    using Operation = wire::OpenTender;
    static constexpr Rule kRule{"tender.open", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

struct SubmitBid {
    using Operation = wire::SubmitBid;
    static constexpr Rule kRule{"tender.submit_bid", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

struct RevealBid {
    using Operation = wire::RevealBid;
    static constexpr Rule kRule{"tender.reveal_bid", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

struct AwardTender {
    using Operation = wire::AwardTender;
    static constexpr Rule kRule{"tender.award", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

struct CancelTender {
    using Operation = wire::CancelTender;
    static constexpr Rule kRule{"tender.cancel", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& preflighted, const ReadView& view);
    static Outcome apply(const Checked<Operation>& checked, Overlay& overlay);
};

}  // namespace sanquan::contracts
