#include "node/gateway/record_parties.h"

#include <map>

#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/codec/state_market.pb.h"
#include "ledger/codec/state_party.pb.h"
#include "node/gateway/viewer.h"

namespace sanquan::node {
namespace {

template <typename Record>
bool named_in(ByteView bytes, const std::string& organisation) {
    const auto record = decode<Record>(bytes, limits::kStateValueBytesMax);
    return record && names(*record, organisation);
}

using Look = bool (*)(ByteView, const std::string&);

}  // namespace

bool record_names(const std::string& type, ByteView record, const std::string& organisation) {
    // The keys of ledger/model/state_keys.h that are not public.
    static const std::map<std::string, Look> kLooks = {
        {"proposal", &named_in<wire::ProposalRecord>},
        {"bid", &named_in<wire::BidRecord>},
        {"escrow", &named_in<wire::EscrowRecord>},
        {"mandate", &named_in<wire::MandateRecord>},
        {"mandates", &named_in<wire::MandateIndexRecord>},
        {"freeze", &named_in<wire::FreezeRecord>},
        {"derivation", &named_in<wire::DerivationRecord>},
        {"processing", &named_in<wire::ProcessingRecord>},
        {"not-needed", &named_in<wire::NotNeededRecord>},
        {"objection", &named_in<wire::ObjectionRecord>},
        {"review", &named_in<wire::ReviewRecord>},
        {"grant", &named_in<wire::GrantRecord>},
        {"right", &named_in<wire::HolderRecord>},
        {"grants", &named_in<wire::GrantIndexRecord>},
        {"use", &named_in<wire::UsageRecord>},
        {"listing", &named_in<wire::ListingRecord>},
        {"negotiation", &named_in<wire::NegotiationRecord>},
        {"order", &named_in<wire::OrderRecord>},
        {"application", &named_in<wire::ApplicationRecord>},
        {"voucher", &named_in<wire::VoucherRecord>},
    };
    const auto look = kLooks.find(type);
    return look != kLooks.end() && look->second(record, organisation);
}

}  // namespace sanquan::node
