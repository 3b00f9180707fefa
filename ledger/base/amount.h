// Amount: money in minor units, an unsigned 128-bit integer below 2^127, with checked arithmetic only.
//
// Real prices exceed 64 bits (sums of the 2017-2019 sales reach 71); half of the range stays free so that a sum of two
// amounts never wraps before it is checked.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"

namespace sanquan {

class Amount {
  public:
    __extension__ using Raw = unsigned __int128;
    static constexpr Raw kMax = (static_cast<Raw>(1) << 127U) - 1;

    constexpr Amount() = default;
    constexpr explicit Amount(std::uint64_t minor_units) : raw_(minor_units) {}

    // Decimal digits only, no sign, no leading zero (but "0"); kBadAmount, kAmountOverflow.
    static Result<Amount> parse(std::string_view decimal);
    // Big-endian, no leading zero byte, empty for zero: one encoding per value; kNotCanonical, kAmountOverflow.
    static Result<Amount> decode(ByteView bytes);

    [[nodiscard]] Bytes encode() const;
    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] constexpr bool is_zero() const { return raw_ == 0; }
    constexpr auto operator<=>(const Amount&) const = default;

    [[nodiscard]] Result<Amount> plus(Amount other) const;           // kAmountOverflow
    [[nodiscard]] Result<Amount> minus(Amount other) const;          // kAmountUnderflow
    [[nodiscard]] Result<Amount> times(std::uint64_t factor) const;  // kAmountOverflow

  private:
    constexpr explicit Amount(Raw raw, int /*tag*/) : raw_(raw) {}
    friend Result<std::vector<Amount>> split_by_basis_points(Amount,
                                                             const std::vector<std::uint32_t>&);
    Raw raw_ = 0;
};

constexpr std::uint32_t kBasisPointsWhole = 10'000;

// Splits `total` by basis points that sum to 10,000, by largest remainder, ties to the earlier share: the parts sum to
// `total` exactly. kBadShares when they do not sum to 10,000 or there are none.
Result<std::vector<Amount>> split_by_basis_points(Amount total,
                                                  const std::vector<std::uint32_t>& shares);

}  // namespace sanquan
