// Invariant money_conserved: per currency, balances + escrows = issued - redeemed.
//
// After a transaction: what balances and escrows gained must equal what the supply gained. Sums are
// taken modulo 2^128, which is exact for the comparison because every single figure is below 2^127
// and the true totals are bounded by the supply. A whole state takes nothing for granted: its sums
// may not pass the greatest amount.
#include <map>

#include "contracts/invariants/all.h"
#include "ledger/base/amount.h"
#include "ledger/base/assert.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/state_keys.h"

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

ByteView currency_of(ByteView key) { return key.substr(key.rfind('/') + 1); }

// Adds up what is held of each currency.
class Holdings {
  public:
    MaybeFlaw add(const Bytes& key, ByteView currency, ByteView encoded) {
        const Result<Amount> amount = Amount::decode(encoded);
        if (!amount) {
            return Flaw{key, "is no amount"};
        }
        Amount& sum = sums_[Bytes(currency)];
        const Result<Amount> more = sum.plus(*amount);
        if (!more) {
            return Flaw{key, "more is held of " + Bytes(currency) + " than can be"};
        }
        sum = *more;
        return std::nullopt;
    }

    MaybeFlaw compare(const Bytes& key, const wire::SupplyRecord& supply) {
        const Result<Amount> issued = Amount::decode(supply.issued());
        const Result<Amount> redeemed = Amount::decode(supply.redeemed());
        if (!issued || !redeemed || *issued < *redeemed) {
            return Flaw{key, "more was redeemed than issued"};
        }
        const auto held = sums_.extract(Bytes(currency_of(key)));
        const Amount sum = held ? held.mapped() : Amount();
        if (const Result<Amount> supplied = issued->minus(*redeemed); sum != *supplied) {
            return Flaw{key, "balances and escrows hold " + sum.to_string() +
                                 ", issued and not redeemed are " + supplied->to_string()};
        }
        return std::nullopt;
    }

    // What is held of currencies of which nothing was ever issued.
    [[nodiscard]] MaybeFlaw unsupplied() const {
        for (const auto& [currency, sum] : sums_) {
            if (!sum.is_zero()) {
                return Flaw{keys::supply(currency),
                            "is absent, but " + sum.to_string() + " is held"};
            }
        }
        return std::nullopt;
    }

  private:
    std::map<Bytes, Amount> sums_;  // of the currencies not yet compared
};

class MoneyConserved final : public Invariant {
  public:
    [[nodiscard]] std::string_view name() const override { return "money_conserved"; }

    void visit(ByteView key, const std::optional<Bytes>& before,
               const std::optional<Bytes>& after) override {
        const ByteView last = currency_of(key);
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

MaybeFlaw whole_money_conserved(const WholeState& state) {
    Holdings holdings;
    MaybeFlaw flaw = walk_records<wire::BalanceRecord>(
        state, "balance/", [&](const Bytes& key, const Bytes&, const wire::BalanceRecord& balance) {
            return holdings.add(key, currency_of(key), balance.amount());
        });
    if (!flaw) {
        flaw = walk_records<wire::EscrowRecord>(
            state, "escrow/",
            [&](const Bytes& key, const Bytes&, const wire::EscrowRecord& escrow) {
                return holdings.add(key, escrow.money().currency(), escrow.money().amount());
            });
    }
    if (!flaw) {
        flaw = walk_records<wire::SupplyRecord>(
            state, "supply/",
            [&](const Bytes& key, const Bytes&, const wire::SupplyRecord& supply) {
                return holdings.compare(key, supply);
            });
    }
    return flaw ? flaw : holdings.unsupplied();
}

}  // namespace sanquan::contracts
