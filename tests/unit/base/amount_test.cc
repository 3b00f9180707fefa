// Goal: money is never made, lost or wrapped. Method: boundary values of every operation and exact sums of splits.
#include "ledger/base/amount.h"

#include "tests/support/catch.h"

namespace sanquan {
namespace {

constexpr std::string_view kMaxDecimal = "170141183460469231731687303715884105727";  // 2^127-1

Amount amount(std::string_view decimal) { return Amount::parse(decimal).value(); }

TEST_CASE("decimal text has one spelling per amount", "[base][amount]") {
    for (const auto* good : {"0", "1", "18446744073709551616"}) {
        CHECK(amount(good).to_string() == good);
    }
    CHECK(amount(kMaxDecimal).to_string() == kMaxDecimal);
    for (const auto* bad : {"", "00", "01", "-1", "+1", "1.0", "1e3", " 1", "NaN", "0x10"}) {
        CAPTURE(bad);
        CHECK(Amount::parse(bad).error().code == Code::kBadAmount);
    }
    for (const auto* large :
         {"170141183460469231731687303715884105728", "340282366920938463463374607431768211456",
          "1000000000000000000000000000000000000000"}) {
        CAPTURE(large);
        CHECK(Amount::parse(large).error().code == Code::kAmountOverflow);
    }
}

TEST_CASE("bytes have one spelling per amount", "[base][amount]") {
    for (const auto* decimal : {"0", "1", "255", "256", "18446744073709551616"}) {
        CHECK(Amount::decode(amount(decimal).encode()).value() == amount(decimal));
    }
    CHECK(Amount(0).encode().empty());
    CHECK(Amount::decode(Bytes("\0\1", 2)).error().code == Code::kNotCanonical);
    CHECK(Amount::decode(Bytes(16, '\xff')).error().code == Code::kAmountOverflow);
    CHECK(Amount::decode(Bytes(17, '\1')).error().code == Code::kAmountOverflow);
}

TEST_CASE("arithmetic refuses to leave the range", "[base][amount]") {
    const Amount max = amount(kMaxDecimal);
    CHECK(max.plus(Amount(1)).error().code == Code::kAmountOverflow);
    CHECK(max.plus(Amount(0)).value() == max);
    CHECK(Amount(0).minus(Amount(1)).error().code == Code::kAmountUnderflow);
    CHECK(max.times(2).error().code == Code::kAmountOverflow);
    CHECK(max.times(0).value() == Amount(0));
    CHECK(Amount(7).times(6).value() == Amount(42));
}

TEST_CASE("a split gives out exactly what came in", "[base][amount]") {
    const auto parts = split_by_basis_points(Amount(1), {3334, 3333, 3333}).value();
    CHECK(parts[0] == Amount(1));
    // Ties go to the earlier share.
    const auto tie = split_by_basis_points(Amount(1), {5000, 5000}).value();
    CHECK(tie[0] == Amount(1));
    CHECK(tie[1] == Amount(0));
    for (const auto* total : {"0", "1", "9999", "10001", "31415926535897932384626433832795"}) {
        Amount sum;
        const auto pieces =
            split_by_basis_points(amount(total), {300, 150, 250, 3300, 6000}).value();
        for (const Amount part : pieces) {
            sum = sum.plus(part).value();
        }
        CHECK(sum == amount(total));
    }
    Amount sum;
    const auto pieces = split_by_basis_points(amount(kMaxDecimal), {1, 9998, 1}).value();
    for (const Amount part : pieces) {
        sum = sum.plus(part).value();
    }
    CHECK(sum == amount(kMaxDecimal));
    CHECK(split_by_basis_points(Amount(1), {}).error().code == Code::kBadShares);
    CHECK(split_by_basis_points(Amount(1), {9999}).error().code == Code::kBadShares);
    CHECK(split_by_basis_points(Amount(1), {10001}).error().code == Code::kBadShares);
}

}  // namespace
}  // namespace sanquan
