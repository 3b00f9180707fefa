// A constraint as the rules see it: operand and operator known, right operands parsed. Internal to
// contracts/odrl*.
#pragma once

#include <string_view>
#include <vector>

#include "contracts/odrl.h"
#include "ledger/base/amount.h"
#include "ledger/base/result.h"
#include "ledger/codec/operations_asset.pb.h"

namespace sanquan::contracts::odrl {

enum class Operand : std::uint8_t { kCount, kDateTime, kPayAmount, kPurpose, kRecipient, kSpatial };
enum class Operator : std::uint8_t {
    kEq,
    kGt,
    kGteq,
    kLt,
    kLteq,
    kNeq,
    kIsA,
    kIsPartOf,
    kIsAnyOf,
    kIsNoneOf,
};

struct Parsed {
    Operand operand = Operand::kCount;
    Operator relation = Operator::kEq;
    Amount number;                        // count, dateTime (ms), payAmount (minor units)
    std::string_view unit;                // payAmount
    std::vector<std::string_view> names;  // purpose, recipient, spatial; views into the message
};

inline bool is_numeric(Operand operand) {
    return operand == Operand::kCount || operand == Operand::kDateTime ||
           operand == Operand::kPayAmount;
}

// kConstraintUnsupported, kConstraintMalformed, kConstraintLimit.
Result<Parsed> parse(const wire::Constraint& constraint);

Truth evaluate(const Parsed& constraint, const UseFacts& facts);

// How two names of a tree stand to each other. Purposes are paths ("research/medical" lies within
// "research"), regions follow GB/T 2260 ("530100" lies within "530000") and all of them lie within
// "CN", recipients have no tree.
enum class Relation : std::uint8_t { kSame, kInside, kAround, kApart };
Relation relate(Operand operand, std::string_view name, std::string_view other);

// A name that the operand's tree can place: a path without empty segments, a region or country, an
// organisation id.
bool is_name(Operand operand, std::string_view name);

}  // namespace sanquan::contracts::odrl
