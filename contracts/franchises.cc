#include "contracts/franchises.h"

#include "contracts/records.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {

std::vector<Franchise> running_franchises(const ReadView& view, const Context& context,
                                          ByteView sector) {
    std::vector<Franchise> running;
    const auto record = load<wire::SectorRecord>(view, keys::sector(sector));
    if (!record) {
        return running;
    }
    for (const auto& id : record->franchises()) {
        auto franchise = load_existing<wire::FranchiseRecord>(view, keys::franchise(id));
        if (franchise.valid_from_ms() <= context.time.value &&
            context.time.value < franchise.valid_until_ms()) {
            running.push_back({id, std::move(franchise)});
        }
    }
    return running;
}

std::optional<Franchise> running_franchise_of(const ReadView& view, const Context& context,
                                              ByteView sector, ByteView platform) {
    for (auto& franchise : running_franchises(view, context, sector)) {
        if (franchise.record.platform() == platform) {
            return std::move(franchise);
        }
    }
    return std::nullopt;
}

std::optional<Franchise> exclusive_franchise(const ReadView& view, const Context& context,
                                             ByteView sector) {
    for (auto& franchise : running_franchises(view, context, sector)) {
        if (franchise.record.exclusive()) {
            return std::move(franchise);
        }
    }
    return std::nullopt;
}

}  // namespace sanquan::contracts
