// Invariant money_conserved: per currency, balances + escrows = issued - redeemed.
//
// Incremental: what balances and escrows gained must equal what the supply gained. Sums are taken
// modulo 2^128, which is exact for the comparison because every single figure is below 2^127 and
// the true totals are bounded by the supply.
#include <map>

#include "contracts/invariants/all.h"
#include "ledger/base/amount.h"
#include "ledger/base/assert.h"
#include "ledger/codec/state_party.pb.h"

namespace sanquan::contracts {
namespace {

Amount::Raw raw(ByteView bytes) {
    Amount::Raw value = 0;
    for (const char c : bytes) {
        value = (value << 8U) | static_cast<std::uint8_t>(c);
    }
    return value;
}

template <typename Record>
Record parsed(const std::optional<Bytes>& bytes) {
    Record record;
    if (bytes) {
        SANQUAN_ASSERT(record.ParseFromArray(bytes->data(), static_cast<int>(bytes->size())));
    }
    return record;
}

class MoneyConserved final : public Invariant {
  public:
    [[nodiscard]] std::string_view name() const override { return "money_conserved"; }

    void visit(ByteView key, const std::optional<Bytes>& before,
               const std::optional<Bytes>& after) override {
        const ByteView last = key.substr(key.rfind('/') + 1);
        if (is_record(key, "balance")) {
            drift_[Bytes(last)] += raw(parsed<wire::BalanceRecord>(after).amount()) -
                                   raw(parsed<wire::BalanceRecord>(before).amount());
        } else if (is_record(key, "escrow")) {
            const auto was = parsed<wire::EscrowRecord>(before);
            const auto is = parsed<wire::EscrowRecord>(after);
            drift_[was.money().currency()] -= raw(was.money().amount());
            drift_[is.money().currency()] += raw(is.money().amount());
        } else if (is_record(key, "supply")) {
            const auto was = parsed<wire::SupplyRecord>(before);
            const auto is = parsed<wire::SupplyRecord>(after);
            drift_[Bytes(last)] -=
                (raw(is.issued()) - raw(is.redeemed())) - (raw(was.issued()) - raw(was.redeemed()));
        }
    }

    [[nodiscard]] std::optional<std::string> finalize(const ReadView& /*view*/) override {
        for (const auto& [currency, drift] : drift_) {
            if (drift != 0) {
                return "money of " + currency + " appeared or vanished";
            }
        }
        return std::nullopt;
    }

  private:
    std::map<Bytes, Amount::Raw> drift_;  // held minus supplied, by currency
};

}  // namespace

std::unique_ptr<Invariant> make_money_conserved() { return std::make_unique<MoneyConserved>(); }

}  // namespace sanquan::contracts
