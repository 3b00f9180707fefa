// Invariant governance_alive: the leading group keeps at least one member, and every organisation
// that is claimed keeps as many keys as its threshold needs; else nobody could ever change anything
// again.
#include <set>

#include "contracts/invariants/all.h"
#include "contracts/records.h"
#include "ledger/base/assert.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

// The organisation's keys, each once, without those that were revoked or are another's.
std::size_t count_own_keys(const ReadView& view, const Bytes& id,
                           const wire::OrganisationRecord& organisation) {
    std::set<Bytes> own;
    for (const Bytes& key_id : organisation.keys()) {
        const auto key = load<wire::KeyRecord>(view, keys::key(key_id));
        if (!key || (key->organisation() == id && key->revoked_ms() == 0)) {
            own.insert(key_id);
        }
    }
    return own.size();
}

class GovernanceAlive final : public Invariant {
  public:
    [[nodiscard]] std::string_view name() const override { return "governance_alive"; }

    void visit(ByteView key, const std::optional<Bytes>& /*before*/,
               const std::optional<Bytes>& after) override {
        if (key == "governance") {
            wire::GovernanceRecord record;
            SANQUAN_ASSERT(!after || record.ParseFromString(*after));
            if (record.members_size() == 0) {
                breach_ = "the leading group has no member";
            }
        } else if (is_record(key, "organisation")) {
            wire::OrganisationRecord record;
            SANQUAN_ASSERT(!after || record.ParseFromString(*after));
            if (!after) {
                breach_ = std::string(key) + " was deleted";
            } else if (static_cast<std::uint32_t>(record.keys_size()) < record.threshold()) {
                breach_ = std::string(key) + " has fewer keys than its threshold";
            }
        }
    }

    [[nodiscard]] std::optional<std::string> finalize(const ReadView& /*view*/) override {
        return breach_;
    }

  private:
    std::optional<std::string> breach_;
};

}  // namespace

std::unique_ptr<Invariant> make_governance_alive() { return std::make_unique<GovernanceAlive>(); }

MaybeFlaw whole_governance_alive(const WholeState& state) {
    const auto governance = load<wire::GovernanceRecord>(state.view, keys::governance());
    if (!governance || governance->members().empty()) {
        return Flaw{keys::governance(), "the leading group has no member"};
    }
    return walk_records<wire::OrganisationRecord>(
        state, "organisation/",
        [&](const Bytes& key, const Bytes& id, const wire::OrganisationRecord& record) {
            return count_own_keys(state.view, id, record) < record.threshold()
                       ? MaybeFlaw(Flaw{key, "has fewer keys than its threshold"})
                       : std::nullopt;
        });
}

}  // namespace sanquan::contracts
