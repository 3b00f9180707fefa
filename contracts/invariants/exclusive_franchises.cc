// Invariant exclusive_franchises: no two franchises of a sector overlap in time when one of them is
// exclusive.
#include <set>

#include "contracts/invariants/all.h"
#include "contracts/records.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

bool overlap(const wire::FranchiseRecord& a, const wire::FranchiseRecord& b) {
    return a.valid_from_ms() < b.valid_until_ms() && b.valid_from_ms() < a.valid_until_ms();
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

}  // namespace sanquan::contracts
