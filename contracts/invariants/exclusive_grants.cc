// Invariant exclusive_grants: an exclusive grant overlaps no other of the same asset, right and
// action, unless one rests on the other. Looks at each grant that was made beside the asset's
// exclusive grants, and at each exclusive one beside the newest page of grants too; verify-data
// looks at all pairs.
#include <set>

#include "contracts/grant_chain.h"
#include "contracts/invariants/all.h"
#include "contracts/records.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

bool rests_on(const ReadView& view, const std::string& grant, const std::string& other) {
    for (const GrantLink& link : grant_chain(view, grant)) {
        if (link.id == other) {
            return true;
        }
    }
    return false;
}

class ExclusiveGrants final : public Invariant {
  public:
    [[nodiscard]] std::string_view name() const override { return "exclusive_grants"; }

    void visit(ByteView key, const std::optional<Bytes>& before,
               const std::optional<Bytes>& after) override {
        if (is_record(key, "grant") && after && !before) {
            made_.emplace(key.substr(key.find('/') + 1));
        }
    }

    [[nodiscard]] std::optional<std::string> finalize(const ReadView& view) override {
        for (const std::string& id : made_) {
            const auto grant = load_existing<wire::GrantRecord>(view, keys::grant(id));
            const auto index =
                load_existing<wire::GrantIndexRecord>(view, keys::grants(grant.asset()));
            for (const std::string& other : index.exclusive()) {
                if (auto breach = clash(view, id, grant, other)) {
                    return breach;
                }
            }
            for (const std::string& other : index.grants()) {
                if (auto breach =
                        grant.exclusive() ? clash(view, id, grant, other) : std::nullopt) {
                    return breach;
                }
            }
        }
        return std::nullopt;
    }

  private:
    static std::optional<std::string> clash(const ReadView& view, const std::string& id,
                                            const wire::GrantRecord& grant,
                                            const std::string& other_id) {
        const auto other = load_existing<wire::GrantRecord>(view, keys::grant(other_id));
        if (id == other_id || !same_scope(grant, other) ||
            !overlap(effective_term(view, id), effective_term(view, other_id)) ||
            rests_on(view, id, other_id) || rests_on(view, other_id, id)) {
            return std::nullopt;
        }
        return "grants " + id + " and " + other_id + " overlap";
    }

    std::set<std::string> made_;
};

}  // namespace

std::unique_ptr<Invariant> make_exclusive_grants() { return std::make_unique<ExclusiveGrants>(); }

}  // namespace sanquan::contracts
