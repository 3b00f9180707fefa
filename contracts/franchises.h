// Franchises: who may operate in a sector, for how long, and whether alone. They follow from
// awarded tenders.
#pragma once

#include <optional>
#include <string>

#include "contracts/contract.h"
#include "ledger/codec/state_party.pb.h"

namespace sanquan::contracts {

struct Franchise {
    std::string id;
    wire::FranchiseRecord record;
};

// The franchises of `sector` that run at the block's time, in order of award.
std::vector<Franchise> running_franchises(const ReadView& view, const Context& context,
                                          ByteView sector);

// The running franchise of `platform` in `sector`, if it has one.
std::optional<Franchise> running_franchise_of(const ReadView& view, const Context& context,
                                              ByteView sector, ByteView platform);

// The running exclusive franchise of `sector`, if there is one.
std::optional<Franchise> exclusive_franchise(const ReadView& view, const Context& context,
                                             ByteView sector);

}  // namespace sanquan::contracts
