// ODRL 2.2 constraints: three-valued evaluation, fail closed, and the subset relation between
// constraint lists.
//
// A list of constraints is a conjunction. What cannot be decided from what was stated is unknown,
// and unknown never permits. Left operands: count, dateTime, purpose, recipient, spatial,
// payAmount. Called by RecordUse, purchases, delegation and derivation. Pure.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/contract.h"
#include "ledger/codec/operations_asset.pb.h"

namespace sanquan::contracts {

using Constraints = google::protobuf::RepeatedPtrField<wire::Constraint>;

enum class Truth : std::uint8_t { kFalse, kTrue, kUnknown };

// What is known of one use; an absent fact makes the constraints that ask for it unknown.
struct UseFacts {
    std::optional<TimeMs> time;
    std::optional<std::uint64_t> count;  // uses under the grant, this one included
    std::string_view purpose;            // empty: not stated
    std::string_view recipient;          // organisation id; empty: not stated
    std::string_view spatial;            // region code; empty: not stated
    const wire::Money* paid = nullptr;   // with this use; null: not stated
};

// Passes constraints that evaluate() can decide: known operands and operators, well-formed right
// operands, bounded. kConstraintUnsupported, kConstraintMalformed, kConstraintLimit.
Verdict check_constraints(const Constraints& constraints);

// Whether some constraint is about `left_operand`.
bool has_operand(const Constraints& constraints, std::string_view left_operand);

// The purposes that the constraints permit by name, for the reviews that they ask for.
std::vector<std::string> named_purposes(const Constraints& constraints);

// "count lteq 10": for receipts and people.
std::string to_text(const wire::Constraint& constraint);

Truth evaluate(const wire::Constraint& constraint, const UseFacts& facts);

// Passes when every constraint is true; otherwise refuses with the code of the first that is not
// (false before unknown): kUseCountExceeded, kUseOutsideTime, kUsePurpose, kUseRecipient,
// kUsePlace, kUseUnpaid, kUseUndecided.
Verdict permits(const Constraints& constraints, const UseFacts& facts);

// Whether every use that `narrow` permits is permitted by `wide` too; unknown when it cannot be
// shown either way.
Truth within(const Constraints& narrow, const Constraints& wide);

}  // namespace sanquan::contracts
