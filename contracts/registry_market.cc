// The contracts of operations_market.proto.
#include "contracts/market.h"
#include "contracts/registry.h"

namespace sanquan::contracts {
namespace {

using O = wire::Operation;

constexpr Registration kContracts[] = {
    registration<CreateListingContract, &O::create_listing>(O::kCreateListing),
    registration<ChangeListingContract, &O::change_listing>(O::kChangeListing),
    registration<NegotiateContract, &O::negotiate>(O::kNegotiate),
    registration<PlaceOrderContract, &O::place_order>(O::kPlaceOrder),
    registration<DeliverContract, &O::deliver>(O::kDeliver),
    registration<AcceptDeliveryContract, &O::accept_delivery>(O::kAcceptDelivery),
    registration<ComplainContract, &O::complain>(O::kComplain),
    registration<ResolveComplaintContract, &O::resolve_complaint>(O::kResolveComplaint),
    registration<CancelOrderContract, &O::cancel_order>(O::kCancelOrder),
    registration<SettleOrderContract, &O::settle_order>(O::kSettleOrder),
    registration<RecordApplicationContract, &O::record_application>(O::kRecordApplication),
    registration<IssueVoucherContract, &O::issue_voucher>(O::kIssueVoucher),
};

}  // namespace

std::span<const Registration> market_contracts() { return kContracts; }

}  // namespace sanquan::contracts
