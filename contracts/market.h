// The market's contracts: list, negotiate, order, deliver, accept or complain, settle, apply, voucher (交易 life cycle).
//
// Each has its own file, named after the operation. Money of an order stands in its escrow from PlaceOrder until
// SettleOrder pays it out or a refund returns it; invariants/escrow_of_orders.cc and one_settlement.cc watch that.
#pragma once

#include "contracts/contract.h"
#include "ledger/codec/transaction.pb.h"

namespace sanquan::contracts {

struct CreateListingContract {
    using Operation = wire::CreateListing;
    static constexpr Rule kRule{"market.create_listing", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct ChangeListingContract {
    using Operation = wire::ChangeListing;
    static constexpr Rule kRule{"market.change_listing", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct NegotiateContract {
    using Operation = wire::Negotiate;
    static constexpr Rule kRule{"market.negotiate", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct PlaceOrderContract {
    using Operation = wire::PlaceOrder;
    static constexpr Rule kRule{"market.place_order", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct DeliverContract {
    using Operation = wire::Deliver;
    static constexpr Rule kRule{"market.deliver", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct AcceptDeliveryContract {
    using Operation = wire::AcceptDelivery;
    static constexpr Rule kRule{"market.accept_delivery", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct ComplainContract {
    using Operation = wire::Complain;
    static constexpr Rule kRule{"market.complain", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct ResolveComplaintContract {
    using Operation = wire::ResolveComplaint;
    static constexpr Rule kRule{"market.resolve_complaint", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct CancelOrderContract {
    using Operation = wire::CancelOrder;
    static constexpr Rule kRule{"market.cancel_order", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct SettleOrderContract {
    using Operation = wire::SettleOrder;
    static constexpr Rule kRule{"market.settle_order", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct RecordApplicationContract {
    using Operation = wire::RecordApplication;
    static constexpr Rule kRule{"market.record_application", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

struct IssueVoucherContract {
    using Operation = wire::IssueVoucher;
    static constexpr Rule kRule{"market.issue_voucher", 1};
    static Verdict preflight(const Operation& operation, const Context& context);
    static Verdict check(const Preflighted<Operation>& stage, const ReadView& view);
    static Outcome apply(const Checked<Operation>& stage, Overlay& overlay);
};

}  // namespace sanquan::contracts
