// Invariant objections_counted: an asset counts its objections that are open or appealed, and is
// under objection, suspended or ended as long as one is, so that nothing is certified or traded.
//
// Compares the change of the count with the changes of the objections that were touched.
#include <map>

#include "contracts/asset_life_cycle.h"
#include "contracts/invariants/all.h"
#include "ledger/base/assert.h"
#include "ledger/codec/state_asset.pb.h"

namespace sanquan::contracts {
namespace {

template <typename Record>
Record parse(const std::optional<Bytes>& bytes) {
    Record record;
    SANQUAN_ASSERT(!bytes || record.ParseFromString(*bytes));
    return record;
}

std::int64_t undecided(const std::optional<Bytes>& bytes) {
    const auto state = parse<wire::ObjectionRecord>(bytes).state();
    return state == wire::OBJECTION_OPEN || state == wire::OBJECTION_APPEALED ? 1 : 0;
}

class ObjectionsCounted final : public Invariant {
  public:
    [[nodiscard]] std::string_view name() const override { return "objections_counted"; }

    void visit(ByteView key, const std::optional<Bytes>& before,
               const std::optional<Bytes>& after) override {
        const bool is_asset = is_record(key, "asset");
        if (!is_asset && !is_record(key, "objection")) {
            return;
        }
        key.remove_prefix(key.find('/') + 1);
        const std::string code(key.substr(0, key.find('/')));
        if (!is_asset) {
            missing_[code] += undecided(after) - undecided(before);
            return;
        }
        const auto asset = parse<wire::AssetRecord>(after);
        const std::int64_t counted = asset.open_objections();
        missing_[code] -= counted - parse<wire::AssetRecord>(before).open_objections();
        if ((is_open_to_objection(asset.status()) && counted > 0) ||
            (asset.status() == wire::ASSET_OBJECTED && counted == 0)) {
            breach_ = "asset " + code + " has a status that its open objections do not allow";
        }
    }

    [[nodiscard]] std::optional<std::string> finalize(const ReadView& /*view*/) override {
        for (const auto& [code, missing] : missing_) {
            if (missing != 0) {
                return "asset " + code + " does not count its open objections";
            }
        }
        return breach_;
    }

  private:
    std::map<std::string, std::int64_t> missing_;  // by asset: in the objections, not in the count
    std::optional<std::string> breach_;
};

}  // namespace

std::unique_ptr<Invariant> make_objections_counted() {
    return std::make_unique<ObjectionsCounted>();
}

}  // namespace sanquan::contracts
