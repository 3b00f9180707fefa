#include "contracts/supply.h"

#include "contracts/records.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {

Supply supply_of(const ReadView& view, ByteView currency) {
    const auto record = load<wire::SupplyRecord>(view, keys::supply(currency));
    if (!record) {
        return {};
    }
    const Result<Amount> issued = Amount::decode(record->issued());
    const Result<Amount> redeemed = Amount::decode(record->redeemed());
    SANQUAN_ASSERT(issued && redeemed);
    return {*issued, *redeemed};
}

void set_supply(Overlay& overlay, ByteView currency, const Supply& supply) {
    wire::SupplyRecord record;
    record.set_issued(supply.issued.encode());
    record.set_redeemed(supply.redeemed.encode());
    store(overlay, keys::supply(currency), record);
}

}  // namespace sanquan::contracts
