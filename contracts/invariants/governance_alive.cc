// Invariant governance_alive: the leading group keeps at least one member, and every organisation
// that is claimed keeps as many keys as its threshold needs, but for those that expired; else nobody
// could ever change anything again.
#include <algorithm>
#include <map>
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

// A key that was no loss: its validity was over when it was revoked.
bool expired_before_revoked(const wire::KeyRecord& key) {
    return key.valid_until_ms() != 0 && key.valid_until_ms() <= key.revoked_ms();
}

class GovernanceAlive final : public Invariant {
  public:
    [[nodiscard]] std::string_view name() const override { return "governance_alive"; }

    void visit(ByteView key, const std::optional<Bytes>& before,
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
                wire::OrganisationRecord past;
                SANQUAN_ASSERT(!before || past.ParseFromString(*before));
                short_.push_back({Bytes(key), std::move(past), std::move(record)});
            }
        }
    }

    [[nodiscard]] std::optional<std::string> finalize(const ReadView& view) override {
        for (const Short& organisation : short_) {
            if (!breach_ && !lost_expired_keys_alone(organisation, view)) {
                breach_ = organisation.key + " has fewer keys than its threshold";
            }
        }
        return breach_;
    }

  private:
    // An organisation with fewer keys than its threshold.
    struct Short {
        Bytes key;
        wire::OrganisationRecord before;
        wire::OrganisationRecord after;
    };

    static bool lost_expired_keys_alone(const Short& organisation, const ReadView& view) {
        const auto& kept = organisation.after.keys();
        const auto& past = organisation.before.keys();
        return organisation.before.threshold() == organisation.after.threshold() &&
               std::all_of(past.begin(), past.end(), [&](const Bytes& id) {
                   if (std::find(kept.begin(), kept.end(), id) != kept.end()) {
                       return true;
                   }
                   const auto key = load<wire::KeyRecord>(view, keys::key(id));
                   return key && expired_before_revoked(*key);
               });
    }

    std::optional<std::string> breach_;
    std::vector<Short> short_;
};

}  // namespace

std::unique_ptr<Invariant> make_governance_alive() { return std::make_unique<GovernanceAlive>(); }

MaybeFlaw whole_governance_alive(const WholeState& state) {
    const auto governance = load<wire::GovernanceRecord>(state.view, keys::governance());
    if (!governance || governance->members().empty()) {
        return Flaw{keys::governance(), "the leading group has no member"};
    }
    std::map<std::string, std::size_t> expired;
    if (MaybeFlaw flaw = walk_records<wire::KeyRecord>(
            state, "key/", [&](const Bytes&, const Bytes&, const wire::KeyRecord& key) {
                if (expired_before_revoked(key)) {
                    ++expired[key.organisation()];
                }
                return MaybeFlaw();
            })) {
        return flaw;
    }
    return walk_records<wire::OrganisationRecord>(
        state, "organisation/",
        [&](const Bytes& key, const Bytes& id, const wire::OrganisationRecord& record) {
            return count_own_keys(state.view, id, record) + expired[id] < record.threshold()
                       ? MaybeFlaw(Flaw{key, "has fewer keys than its threshold"})
                       : std::nullopt;
        });
}

}  // namespace sanquan::contracts
