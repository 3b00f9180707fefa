// Invariant exclusive_franchises: no two franchises of a sector overlap in time when one of them is
// exclusive. After a transaction, each that changed beside those that its sector lists; in a whole
// state, all that ever were.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "contracts/invariants/all.h"
#include "contracts/records.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

bool overlap(const wire::FranchiseRecord& a, const wire::FranchiseRecord& b) {
    return a.valid_from_ms() < b.valid_until_ms() && b.valid_from_ms() < a.valid_until_ms();
}

// The franchises of one sector, by when they begin.
struct OfSector {
    std::vector<std::tuple<std::uint64_t, Bytes, wire::FranchiseRecord>> all;
    std::uint64_t newest_listed_from = 0;
};

MaybeFlaw find_overlap(OfSector& sector) {
    std::sort(sector.all.begin(), sector.all.end(), [](const auto& a, const auto& b) {
        return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
    });
    std::uint64_t all_until = 0;
    std::uint64_t exclusive_until = 0;
    for (const auto& [from, id, franchise] : sector.all) {
        if (from < (franchise.exclusive() ? all_until : exclusive_until)) {
            return Flaw{keys::franchise(id), "overlaps another of sector " + franchise.sector()};
        }
        all_until = std::max(all_until, franchise.valid_until_ms());
        if (franchise.exclusive()) {
            exclusive_until = std::max(exclusive_until, franchise.valid_until_ms());
        }
    }
    return std::nullopt;
}

class ExclusiveFranchises final : public Invariant {
  public:
    [[nodiscard]] std::string_view name() const override { return "exclusive_franchises"; }

    void visit(ByteView key, const std::optional<Bytes>& /*before*/,
               const std::optional<Bytes>& after) override {
        if (is_record(key, "franchise") && after) {
            changed_.insert(Bytes(key.substr(key.rfind('/') + 1)));
        }
    }

    [[nodiscard]] std::optional<std::string> finalize(const ReadView& view) override {
        for (const Bytes& id : changed_) {
            const auto franchise = load_existing<wire::FranchiseRecord>(view, keys::franchise(id));
            const auto sector = load<wire::SectorRecord>(view, keys::sector(franchise.sector()));
            if (!sector) {
                return "franchise " + id + " is of no sector";
            }
            bool listed = false;
            for (const auto& other_id : sector->franchises()) {
                listed = listed || other_id == id;
                const auto other = load<wire::FranchiseRecord>(view, keys::franchise(other_id));
                if (other && other_id != id && (franchise.exclusive() || other->exclusive()) &&
                    overlap(franchise, *other)) {
                    return "franchises " + id + " and " + other_id + " overlap";
                }
            }
            if (!listed) {
                return "franchise " + id + " does not stand in its sector's list";
            }
        }
        return std::nullopt;
    }

  private:
    std::set<Bytes> changed_;
};

}  // namespace

std::unique_ptr<Invariant> make_exclusive_franchises() {
    return std::make_unique<ExclusiveFranchises>();
}

MaybeFlaw whole_exclusive_franchises(const WholeState& state) {
    std::map<std::string, OfSector> sectors;
    std::set<Bytes> listed;
    MaybeFlaw flaw = walk_records<wire::SectorRecord>(
        state, "sector/",
        [&](const Bytes& key, const Bytes& code, const wire::SectorRecord& sector) -> MaybeFlaw {
            for (const Bytes& id : sector.franchises()) {
                const auto franchise = load<wire::FranchiseRecord>(state.view, keys::franchise(id));
                if (!franchise || franchise->sector() != code) {
                    return Flaw{key, "lists franchise " + id + ", which is none of it"};
                }
                auto& newest = sectors[code].newest_listed_from;
                newest = std::max(newest, franchise->valid_from_ms());
                listed.insert(id);
            }
            return std::nullopt;
        });
    if (flaw) {
        return flaw;
    }
    flaw = walk_records<wire::FranchiseRecord>(
        state, "franchise/",
        [&](const Bytes& key, const Bytes& id, const wire::FranchiseRecord& franchise) {
            OfSector& sector = sectors[franchise.sector()];
            sector.all.emplace_back(franchise.valid_from_ms(), id, franchise);
            // What has ended leaves the list when the next is awarded, which begins at that time.
            return listed.contains(id) || franchise.valid_until_ms() <= sector.newest_listed_from
                       ? std::nullopt
                       : MaybeFlaw(Flaw{key, "does not stand in its sector's list"});
        });
    for (auto at = sectors.begin(); !flaw && at != sectors.end(); ++at) {
        flaw = find_overlap(at->second);
    }
    return flaw;
}

}  // namespace sanquan::contracts
