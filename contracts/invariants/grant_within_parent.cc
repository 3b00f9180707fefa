// Invariant grant_within_parent: a grant under a parent is of the parent's asset, made by its
// holder, and lies within its term, depth, actions and constraints; usage may be licensed under an
// operation right that has SUBLICENSE.
#include <algorithm>
#include <set>

#include "contracts/invariants/all.h"
#include "contracts/odrl.h"
#include "contracts/records.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

bool has(const wire::GrantRecord& grant, int action) {
    return std::find(grant.actions().begin(), grant.actions().end(), action) !=
           grant.actions().end();
}

bool scope_within(const wire::GrantRecord& child, const wire::GrantRecord& parent) {
    if (child.right() == wire::USAGE && !has(parent, wire::SUBLICENSE)) {
        return false;
    }
    if (child.right() != parent.right()) {
        return child.right() == wire::USAGE && parent.right() == wire::OPERATION_MANAGEMENT &&
               child.delegation_depth() <= parent.delegation_depth();
    }
    return child.delegation_depth() < parent.delegation_depth() &&
           std::all_of(
               child.actions().begin(), child.actions().end(),
               [&](int action) { return has(parent, action); });
}

bool is_within(const wire::GrantRecord& child, const wire::GrantRecord& parent) {
    return child.asset() == parent.asset() && child.grantor() == parent.holder() &&
           child.valid_from_ms() >= parent.valid_from_ms() &&
           child.valid_until_ms() <= parent.valid_until_ms() && scope_within(child, parent) &&
           within(child.constraints(), parent.constraints()) == Truth::kTrue;
}

std::optional<std::string> flaw_of(const ReadView& view, const std::string& id,
                                   const wire::GrantRecord& grant) {
    if (grant.parent().empty()) {
        return std::nullopt;
    }
    const auto parent = load<wire::GrantRecord>(view, keys::grant(grant.parent()));
    if (!parent || !is_within(grant, *parent)) {
        return "grant " + id + " is wider than its parent " + grant.parent();
    }
    return std::nullopt;
}

class GrantWithinParent final : public Invariant {
  public:
    [[nodiscard]] std::string_view name() const override { return "grant_within_parent"; }

    void visit(ByteView key, const std::optional<Bytes>& /*before*/,
               const std::optional<Bytes>& after) override {
        if (is_record(key, "grant") && after) {
            changed_.emplace(key.substr(key.find('/') + 1));
        }
    }

    [[nodiscard]] std::optional<std::string> finalize(const ReadView& view) override {
        for (const std::string& id : changed_) {
            const auto grant = load_existing<wire::GrantRecord>(view, keys::grant(id));
            if (auto flaw = flaw_of(view, id, grant)) {
                return flaw;
            }
        }
        return std::nullopt;
    }

  private:
    std::set<std::string> changed_;
};

}  // namespace

std::unique_ptr<Invariant> make_grant_within_parent() {
    return std::make_unique<GrantWithinParent>();
}

// Each grant beside its parent: the parent's own depth, checked too, bounds every chain of them.
MaybeFlaw whole_grant_within_parent(const WholeState& state) {
    return walk_records<wire::GrantRecord>(
        state, "grant/",
        [&](const Bytes& key, const Bytes& id, const wire::GrantRecord& grant) -> MaybeFlaw {
            if (grant.delegation_depth() > limits::kDelegationDepthMax) {
                return Flaw{key, "may be passed on too often"};
            }
            auto what = flaw_of(state.view, id, grant);
            return what ? MaybeFlaw(Flaw{key, *std::move(what)}) : std::nullopt;
        });
}

}  // namespace sanquan::contracts
