#include "contracts/exclusive_scan.h"

#include <algorithm>

#include "contracts/asset_records.h"
#include "contracts/explain.h"
#include "contracts/grant_chain.h"
#include "ledger/base/limits.h"

namespace sanquan::contracts {

namespace {

constexpr std::size_t kExclusiveGrantsMax = limits::kHolderGrantsMax;

class Scan {
  public:
    Scan(const wire::GrantRight& terms, const Context& context, const ReadView& view)
        : terms_(terms), view_(view) {
        proposed_.set_right(terms.right());
        *proposed_.mutable_actions() = terms.actions();
        term_ = {std::max(terms.valid_from_ms(), context.time.value), terms.valid_until_ms()};
        if (!terms.parent().empty()) {
            for (const GrantLink& link : grant_chain(view, terms.parent())) {
                lineage_.insert(link.id);
            }
        }
    }

    Verdict over(const google::protobuf::RepeatedPtrField<std::string>& ids) {
        for (const std::string& id : ids) {
            SANQUAN_TRY_PASS(count_one());
            SANQUAN_TRY_PASS(against(id));
        }
        return kPass;
    }

    // BOUND: no operation reads more records than this, however many grants an asset has.
    Verdict count_one() {
        if (++looked_at_ <= limits::kExclusiveScanGrantsMax) {
            return kPass;
        }
        return refuse(
            Code::kRightsScanLimit, {fact("asset", terms_.asset())},
            {fact("live_grants_at_most", std::uint64_t{limits::kExclusiveScanGrantsMax})});
    }

  private:
    Verdict against(const std::string& id) const {
        if (lineage_.contains(id)) {
            return kPass;
        }
        const auto other = load_existing<wire::GrantRecord>(view_, keys::grant(id));
        if (!same_scope(proposed_, other) || !overlap(term_, effective_term(view_, id))) {
            return kPass;
        }
        return refuse(Code::kExclusiveClash,
                      {fact("grant", id), fact("holder", other.holder()),
                       fact("exclusive", other.exclusive() ? "yes" : "no"),
                       fact("ends", TimeMs{other.valid_until_ms()})},
                      {fact("from_not_before", TimeMs{other.valid_until_ms()})});
    }

    const wire::GrantRight& terms_;
    const ReadView& view_;
    wire::GrantRecord proposed_;  // right and actions
    EffectiveTerm term_;
    std::set<std::string> lineage_;
    std::size_t looked_at_ = 0;
};

}  // namespace

Verdict check_exclusive_clash(const wire::GrantRight& terms, const Context& context,
                              const ReadView& view) {
    const auto index = load<wire::GrantIndexRecord>(view, keys::grants(terms.asset()));
    if (!index) {
        return kPass;
    }
    Scan scan(terms, context, view);
    SANQUAN_TRY_PASS(scan.over(index->exclusive()));
    if (!terms.exclusive()) {
        return kPass;
    }
    // Those that ended leave the list when the new one joins it.
    const auto running = static_cast<std::uint64_t>(std::count_if(
        index->exclusive().begin(), index->exclusive().end(), [&](const std::string& id) {
            return effective_term(view, id).until > context.time.value;
        }));
    if (running >= kExclusiveGrantsMax) {
        return refuse(Code::kRightsScanLimit, {fact("exclusive_grants", running)},
                      {fact("below", std::uint64_t{kExclusiveGrantsMax})});
    }
    const bool operation = terms.right() == wire::OPERATION_MANAGEMENT;
    const std::uint64_t begins = std::max(terms.valid_from_ms(), context.time.value);
    if ((operation ? index->operation_until_ms() : index->usage_until_ms()) <= begins) {
        return kPass;
    }
    SANQUAN_TRY_PASS(scan.over(index->grants()));
    for (std::uint32_t number = index->full_pages(); number > 0; --number) {
        const auto page =
            load_existing<wire::GrantIndexRecord>(view, keys::grants(terms.asset(), number));
        SANQUAN_TRY_PASS(scan.count_one());
        if ((operation ? page.page_operation_until_ms() : page.page_usage_until_ms()) > begins) {
            SANQUAN_TRY_PASS(scan.over(page.grants()));
        }
    }
    return kPass;
}

}  // namespace sanquan::contracts
