#include "ledger/base/amount.h"

#include <algorithm>
#include <numeric>

#include "ledger/base/assert.h"

namespace sanquan {

Result<Amount> Amount::parse(std::string_view decimal) {
    constexpr std::size_t kDigitsMax = 39;  // 2^127 has 39 decimal digits
    if (decimal.empty() || (decimal.size() > 1 && decimal.front() == '0')) {
        return fail(Code::kBadAmount, "expected decimal digits without a leading zero");
    }
    if (decimal.size() > kDigitsMax) {
        return fail(Code::kAmountOverflow, "more than 39 digits");
    }
    Raw value = 0;
    for (const char c : decimal) {
        if (c < '0' || c > '9') {
            return fail(Code::kBadAmount, "expected decimal digits only");
        }
        const auto digit = static_cast<Raw>(c - '0');
        if (value > (kMax - digit) / 10) {
            return fail(Code::kAmountOverflow, "above 2^127-1");
        }
        value = value * 10 + digit;
    }
    return Amount(value, 0);
}

Result<Amount> Amount::decode(ByteView bytes) {
    if (bytes.size() > sizeof(Raw)) {
        return fail(Code::kAmountOverflow, "more than 16 bytes");
    }
    if (!bytes.empty() && bytes.front() == '\0') {
        return fail(Code::kNotCanonical, "an amount has no leading zero byte");
    }
    Raw value = 0;
    for (const char c : bytes) {
        value = (value << 8U) | static_cast<std::uint8_t>(c);
    }
    if (value > kMax) {
        return fail(Code::kAmountOverflow, "above 2^127-1");
    }
    return Amount(value, 0);
}

Bytes Amount::encode() const {
    Bytes bytes;
    for (Raw rest = raw_; rest != 0; rest >>= 8U) {
        bytes.push_back(static_cast<char>(static_cast<std::uint8_t>(rest)));
    }
    std::reverse(bytes.begin(), bytes.end());
    return bytes;
}

std::string Amount::to_string() const {
    std::string digits;
    Raw rest = raw_;
    do {
        digits.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
        rest /= 10;
    } while (rest != 0);
    std::reverse(digits.begin(), digits.end());
    return digits;
}

Result<Amount> Amount::plus(Amount other) const {
    const Raw sum = raw_ + other.raw_;  // both below 2^127: cannot wrap
    if (sum > kMax) {
        return fail(Code::kAmountOverflow, to_string() + " + " + other.to_string());
    }
    return Amount(sum, 0);
}

Result<Amount> Amount::minus(Amount other) const {
    if (other.raw_ > raw_) {
        return fail(Code::kAmountUnderflow, to_string() + " - " + other.to_string());
    }
    return Amount(raw_ - other.raw_, 0);
}

Result<Amount> Amount::times(std::uint64_t factor) const {
    if (factor != 0 && raw_ > kMax / factor) {
        return fail(Code::kAmountOverflow, to_string() + " x " + std::to_string(factor));
    }
    return Amount(raw_ * factor, 0);
}

Result<std::vector<Amount>> split_by_basis_points(Amount total,
                                                  const std::vector<std::uint32_t>& shares) {
    const auto sum = std::accumulate(shares.begin(), shares.end(), std::uint64_t{0});
    if (sum != kBasisPointsWhole) {
        return fail(Code::kBadShares, "sum is " + std::to_string(sum));
    }
    // total * share may exceed 128 bits: split the quotient and the remainder of total / 10,000 separately.
    const Amount::Raw whole = total.raw_ / kBasisPointsWhole;
    const Amount::Raw rest = total.raw_ % kBasisPointsWhole;
    std::vector<Amount> parts;
    std::vector<std::pair<Amount::Raw, std::size_t>> remainders;
    Amount::Raw given = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const Amount::Raw part = whole * shares[i] + rest * shares[i] / kBasisPointsWhole;
        remainders.emplace_back(rest * shares[i] % kBasisPointsWhole, i);
        parts.push_back(Amount(part, 0));
        given += part;
    }
    std::sort(remainders.begin(), remainders.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    const Amount::Raw left = total.raw_ - given;
    SANQUAN_ASSERT(left < shares.size());
    for (std::size_t i = 0; i < static_cast<std::size_t>(left); ++i) {
        parts[remainders[i].second].raw_ += 1;
    }
    return parts;
}

}  // namespace sanquan
