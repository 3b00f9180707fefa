// Invariant shares_sum: the ownership shares of every asset sum to 10,000 basis points, each owner
// named once.
#include "contracts/invariants/all.h"
#include "ledger/base/amount.h"
#include "ledger/base/assert.h"
#include "ledger/codec/state_asset.pb.h"

namespace sanquan::contracts {
namespace {

// An asset that is gone counts as one without owners.
std::optional<std::string> flaw_of(const wire::AssetRecord& asset) {
    std::uint64_t sum = 0;
    std::string_view previous;
    bool ordered = true;
    for (const wire::OwnershipShare& owner : asset.owners()) {
        sum += owner.basis_points();
        ordered = ordered && previous < owner.organisation() && owner.basis_points() > 0;
        previous = owner.organisation();
    }
    if (sum != kBasisPointsWhole || !ordered) {
        return "has shares of " + std::to_string(sum);
    }
    return std::nullopt;
}

class SharesSum final : public Invariant {
  public:
    [[nodiscard]] std::string_view name() const override { return "shares_sum"; }

    void visit(ByteView key, const std::optional<Bytes>& /*before*/,
               const std::optional<Bytes>& after) override {
        if (!is_record(key, "asset")) {
            return;
        }
        wire::AssetRecord asset;
        SANQUAN_ASSERT(!after || asset.ParseFromString(*after));
        if (const auto flaw = flaw_of(asset)) {
            breach_ = std::string(key) + " " + *flaw;
        }
    }

    [[nodiscard]] std::optional<std::string> finalize(const ReadView& /*view*/) override {
        return breach_;
    }

  private:
    std::optional<std::string> breach_;
};

}  // namespace

std::unique_ptr<Invariant> make_shares_sum() { return std::make_unique<SharesSum>(); }

MaybeFlaw whole_shares_sum(const WholeState& state) {
    return walk_records<wire::AssetRecord>(
        state, "asset/",
        [](const Bytes& key, const Bytes& /*id*/, const wire::AssetRecord& asset) -> MaybeFlaw {
            auto what = flaw_of(asset);
            return what ? MaybeFlaw(Flaw{key, *std::move(what)}) : std::nullopt;
        });
}

}  // namespace sanquan::contracts
