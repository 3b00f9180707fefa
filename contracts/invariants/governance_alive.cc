// Invariant governance_alive: the leading group keeps at least one member, and every organisation
// that is claimed keeps as many keys as its threshold needs; else nobody could ever change anything
// again.
#include "contracts/invariants/all.h"
#include "ledger/base/assert.h"
#include "ledger/codec/state_party.pb.h"

namespace sanquan::contracts {
namespace {

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

}  // namespace sanquan::contracts
