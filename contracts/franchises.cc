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
    const auto record = load<wire::SectorRecord>(view, keys::sector(sector));
    if (!record || record->franchises().empty()) {
        return std::nullopt;
    }
    // BOUND: one record, not all of the sector's. An exclusive franchise runs alone (invariant
    // exclusive_franchises), so nothing is listed after it before it has ended.
    const std::string& id = *record->franchises().rbegin();
    auto last = load_existing<wire::FranchiseRecord>(view, keys::franchise(id));
    const bool running =
        last.valid_from_ms() <= context.time.value && context.time.value < last.valid_until_ms();
    return running && last.exclusive() ? std::optional(Franchise{id, std::move(last)})
                                       : std::nullopt;
}

}  // namespace sanquan::contracts
