// Invariant exclusive_grants: an exclusive grant overlaps no other of the same asset, right and
// action, unless one rests on the other. After a transaction, each grant that was made beside the
// asset's exclusive grants, and each exclusive one beside the newest page of grants too; in a whole
// state, all pairs, the older pages too, and that the lists of grants leave none out.
#include <algorithm>
#include <set>
#include <vector>

#include "contracts/grant_chain.h"
#include "contracts/invariants/all.h"
#include "contracts/invariants/exclusive_sweep.h"
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

// The ids that the asset's list and its full pages hold, ascending; a flaw when a page is missing.
MaybeFlaw read_list(const WholeState& state, const Bytes& key, const Bytes& asset,
                    const wire::GrantIndexRecord& index, std::vector<Bytes>& ids) {
    ids.assign(index.grants().begin(), index.grants().end());
    for (std::uint32_t number = 1; number <= index.full_pages(); ++number) {
        const auto page = load<wire::GrantIndexRecord>(state.view, keys::grants(asset, number));
        if (!page) {
            return Flaw{key, "its page " + std::to_string(number) + " is missing"};
        }
        ids.insert(ids.end(), page->grants().begin(), page->grants().end());
    }
    std::sort(ids.begin(), ids.end());
    if (const auto twice = std::adjacent_find(ids.begin(), ids.end()); twice != ids.end()) {
        return Flaw{key, "lists grant " + *twice + " twice"};
    }
    return std::nullopt;
}

// The grants of one asset; those that `ids` names exist, are of the asset, and so are their parents.
class AssetGrants {
  public:
    AssetGrants(const ReadView& view, const std::vector<Bytes>& ids) : view_(view), ids_(ids) {}

    [[nodiscard]] MaybeFlaw find_flaw(const Bytes& key, const wire::GrantIndexRecord& index) const {
        std::vector<GrantSpan> spans;
        for (const Bytes& id : ids_) {
            SANQUAN_ASSERT(spans.size() < GrantSpan::kNoParent);
            spans.push_back(span_of(id));
        }
        if (const auto clash = find_clash(spans)) {
            return Flaw{keys::grant(ids_[clash->first]),
                        "overlaps grant " + ids_[clash->second] + ", and one is exclusive"};
        }
        return find_unlisted(key, spans, index);
    }

  private:
    [[nodiscard]] std::uint32_t index_of(const Bytes& id) const {
        const auto at = std::lower_bound(ids_.begin(), ids_.end(), id);
        return at != ids_.end() && *at == id ? static_cast<std::uint32_t>(at - ids_.begin())
                                             : GrantSpan::kNoParent;
    }

    [[nodiscard]] GrantSpan span_of(const Bytes& id) const {
        const auto grant = load_existing<wire::GrantRecord>(view_, keys::grant(id));
        return {effective_term(view_, id),
                index_of(grant.parent()),
                grant.right(),
                grant.exclusive(),
                {grant.actions().begin(), grant.actions().end()}};
    }

    // Rules look for exclusive grants in a list of their own. One that is over leaves it when the
    // next is made, so any that is missing there ended before the newest was made.
    [[nodiscard]] MaybeFlaw find_unlisted(const Bytes& key, const std::vector<GrantSpan>& spans,
                                          const wire::GrantIndexRecord& index) const {
        std::set<std::uint32_t> listed;
        std::uint64_t newest_made = 0;
        for (const Bytes& id : index.exclusive()) {
            const std::uint32_t at = index_of(id);
            if (at == GrantSpan::kNoParent || !spans[at].exclusive) {
                return Flaw{key, "lists " + id + " as an exclusive grant of the asset"};
            }
            listed.insert(at);
            const auto grant = load_existing<wire::GrantRecord>(view_, keys::grant(id));
            newest_made = std::max(newest_made, grant.granted_ms());
        }
        for (std::uint32_t at = 0; at < spans.size(); ++at) {
            if (spans[at].exclusive && spans[at].term.until > newest_made && !listed.contains(at)) {
                return Flaw{key, "does not list the exclusive grant " + ids_[at]};
            }
        }
        return std::nullopt;
    }

    const ReadView& view_;
    const std::vector<Bytes>& ids_;
};

// Every id names a grant of the asset; `any_exclusive` says whether one is exclusive.
MaybeFlaw check_listed(const WholeState& state, const Bytes& key, const Bytes& asset,
                       const std::vector<Bytes>& ids, bool& any_exclusive) {
    for (const Bytes& id : ids) {
        const auto grant = load<wire::GrantRecord>(state.view, keys::grant(id));
        if (!grant || grant->asset() != asset) {
            return Flaw{key, "lists " + id + ", which is no grant of the asset"};
        }
        any_exclusive = any_exclusive || grant->exclusive();
    }
    return std::nullopt;
}

bool is_page(const Bytes& asset_or_page) { return asset_or_page.find('/') != Bytes::npos; }

// The first grant that no list names.
MaybeFlaw find_unlisted_grant(const WholeState& state) {
    std::set<Bytes> listed;
    MaybeFlaw flaw = walk_records<wire::GrantIndexRecord>(
        state, "grants/",
        [&](const Bytes& key, const Bytes& asset,
            const wire::GrantIndexRecord& index) -> MaybeFlaw {
            std::vector<Bytes> ids;
            MaybeFlaw found =
                is_page(asset) ? std::nullopt : read_list(state, key, asset, index, ids);
            listed.insert(ids.begin(), ids.end());
            return found;
        });
    return flaw ? flaw : walk_ids(state, "grant/", [&](const Bytes& id) {
        return listed.contains(id)
                   ? std::nullopt
                   : std::optional<std::string>("does not stand in its asset's list");
    });
}

}  // namespace

std::unique_ptr<Invariant> make_exclusive_grants() { return std::make_unique<ExclusiveGrants>(); }

MaybeFlaw whole_exclusive_grants(const WholeState& state) {
    std::uint64_t grants = 0;
    std::uint64_t listed = 0;
    walk_ids(state, "grant/", [&](const Bytes&) {
        ++grants;
        return std::optional<std::string>();
    });
    MaybeFlaw flaw = walk_records<wire::GrantIndexRecord>(
        state, "grants/",
        [&](const Bytes& key, const Bytes& asset,
            const wire::GrantIndexRecord& index) -> MaybeFlaw {
            if (is_page(asset)) {
                return std::nullopt;
            }
            std::vector<Bytes> ids;
            bool any_exclusive = false;
            MaybeFlaw found = read_list(state, key, asset, index, ids);
            if (!found) {
                found = check_listed(state, key, asset, ids, any_exclusive);
            }
            listed += ids.size();
            return found || (!any_exclusive && index.exclusive().empty())
                       ? found
                       : AssetGrants(state.view, ids).find_flaw(key, index);
        });
    // Each list names grants of its own asset only, each once: as many as there are, so all of them.
    return flaw || listed == grants ? flaw : find_unlisted_grant(state);
}

}  // namespace sanquan::contracts
