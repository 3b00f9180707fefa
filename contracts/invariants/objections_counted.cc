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

bool is_undecided(const wire::ObjectionRecord& objection) {
    return objection.state() == wire::OBJECTION_OPEN ||
           objection.state() == wire::OBJECTION_APPEALED;
}

std::int64_t undecided(const std::optional<Bytes>& bytes) {
    return is_undecided(parse<wire::ObjectionRecord>(bytes)) ? 1 : 0;
}

// Whether an asset with so many undecided objections may not have its status.
bool contradicts(const wire::AssetRecord& asset) {
    const bool is_counted = asset.open_objections() > 0;
    return is_counted ? is_open_to_objection(asset.status())
                      : asset.status() == wire::ASSET_OBJECTED;
}

constexpr const char* kStatusFlaw = "has a status that its open objections do not allow";
constexpr const char* kCountFlaw = "does not count its open objections";

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
        if (contradicts(asset)) {
            breach_ = "asset " + code + " " + kStatusFlaw;
        }
    }

    [[nodiscard]] std::optional<std::string> finalize(const ReadView& /*view*/) override {
        for (const auto& [code, missing] : missing_) {
            if (missing != 0) {
                return "asset " + code + " " + kCountFlaw;
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

MaybeFlaw whole_objections_counted(const WholeState& state) {
    std::map<Bytes, std::uint64_t> undecided_of;  // assets that have any
    MaybeFlaw flaw = walk_records<wire::ObjectionRecord>(
        state, "objection/",
        [&](const Bytes& /*key*/, const Bytes& id, const wire::ObjectionRecord& objection) {
            if (is_undecided(objection)) {
                ++undecided_of[id.substr(0, id.find('/'))];
            }
            return MaybeFlaw();
        });
    if (!flaw) {
        flaw = walk_records<wire::AssetRecord>(
            state, "asset/",
            [&](const Bytes& key, const Bytes& code, const wire::AssetRecord& asset) -> MaybeFlaw {
                const auto found = undecided_of.extract(code);
                if (asset.open_objections() != (found.empty() ? 0 : found.mapped())) {
                    return Flaw{key, kCountFlaw};
                }
                return contradicts(asset) ? MaybeFlaw(Flaw{key, kStatusFlaw}) : std::nullopt;
            });
    }
    if (!flaw && !undecided_of.empty()) {
        flaw = Flaw{"asset/" + undecided_of.begin()->first, "has objections and does not exist"};
    }
    return flaw;
}

}  // namespace sanquan::contracts
