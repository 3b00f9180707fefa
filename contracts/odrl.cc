#include "contracts/odrl.h"

#include <algorithm>

#include "contracts/explain.h"
#include "contracts/odrl_constraint.h"
#include "ledger/base/limits.h"

namespace sanquan::contracts {

namespace {

using odrl::Operand;
using odrl::Operator;
using odrl::Parsed;
using odrl::Relation;

Truth truth(bool value) { return value ? Truth::kTrue : Truth::kFalse; }

Truth compare(Operator relation, Amount value, Amount bound) {
    switch (relation) {
        case Operator::kEq:
            return truth(value == bound);
        case Operator::kNeq:
            return truth(value != bound);
        case Operator::kGt:
            return truth(value > bound);
        case Operator::kGteq:
            return truth(value >= bound);
        case Operator::kLt:
            return truth(value < bound);
        case Operator::kLteq:
            return truth(value <= bound);
        case Operator::kIsA:
        case Operator::kIsPartOf:
        case Operator::kIsAnyOf:
        case Operator::kIsNoneOf:
            break;
    }
    return Truth::kUnknown;
}

// Whether `name` lies outside of everything that is excluded. An exclusion covers what lies inside
// it; a fact around an excluded part ("somewhere in 530000" when 530100 is excluded) is undecided.
Truth outside(const Parsed& constraint, std::string_view name) {
    Truth result = Truth::kTrue;
    for (const std::string_view excluded : constraint.names) {
        switch (odrl::relate(constraint.operand, name, excluded)) {
            case Relation::kSame:
            case Relation::kInside:
                return Truth::kFalse;
            case Relation::kAround:
                result = Truth::kUnknown;
                break;
            case Relation::kApart:
                break;
        }
    }
    return result;
}

Truth place(const Parsed& constraint, std::string_view name) {
    const auto is = [&](Relation relation) {
        return std::any_of(constraint.names.begin(), constraint.names.end(), [&](auto other) {
            return odrl::relate(constraint.operand, name, other) == relation;
        });
    };
    switch (constraint.relation) {
        case Operator::kEq:
        case Operator::kIsAnyOf:
            return truth(is(Relation::kSame));
        case Operator::kIsA:
        case Operator::kIsPartOf:
            return truth(is(Relation::kSame) || is(Relation::kInside));
        case Operator::kNeq:
        case Operator::kIsNoneOf:
            return outside(constraint, name);
        case Operator::kGt:
        case Operator::kGteq:
        case Operator::kLt:
        case Operator::kLteq:
            break;
    }
    return Truth::kUnknown;
}

Truth evaluate_name(const Parsed& constraint, std::string_view name) {
    return odrl::is_name(constraint.operand, name) ? place(constraint, name) : Truth::kUnknown;
}

Truth evaluate_payment(const Parsed& constraint, const wire::Money* paid) {
    if (paid == nullptr || paid->currency() != constraint.unit) {
        return Truth::kUnknown;
    }
    const Result<Amount> amount = Amount::decode(paid->amount());
    return amount ? compare(constraint.relation, *amount, constraint.number) : Truth::kUnknown;
}

Code code_of(const wire::Constraint& constraint) {
    const auto parsed = odrl::parse(constraint);
    if (!parsed) {
        return Code::kUseUndecided;
    }
    switch (parsed->operand) {
        case Operand::kCount:
            return Code::kUseCountExceeded;
        case Operand::kDateTime:
            return Code::kUseOutsideTime;
        case Operand::kPayAmount:
            return Code::kUseUnpaid;
        case Operand::kPurpose:
            return Code::kUsePurpose;
        case Operand::kRecipient:
            return Code::kUseRecipient;
        case Operand::kSpatial:
            return Code::kUsePlace;
    }
    return Code::kUseUndecided;
}

std::string stated(const wire::Constraint& constraint, const UseFacts& facts) {
    const std::string& operand = constraint.left_operand();
    if (operand == "count") {
        return facts.count ? std::to_string(*facts.count) : std::string();
    }
    if (operand == "dateTime") {
        return facts.time ? iso_time(*facts.time) : std::string();
    }
    if (operand == "payAmount") {
        const auto amount = facts.paid ? Amount::decode(facts.paid->amount()) : Amount();
        return facts.paid && amount ? amount->to_string() + " " + facts.paid->currency()
                                    : std::string();
    }
    return std::string(operand == "purpose"     ? facts.purpose
                       : operand == "recipient" ? facts.recipient
                                                : facts.spatial);
}

Verdict deny(const wire::Constraint& constraint, const UseFacts& facts, Code code) {
    const std::string value = stated(constraint, facts);
    return refuse(code, {fact(constraint.left_operand(), value.empty() ? "not stated" : value)},
                  {fact("constraint", to_text(constraint))});
}

}  // namespace

bool has_operand(const Constraints& constraints, std::string_view left_operand) {
    return std::any_of(constraints.begin(), constraints.end(), [&](const auto& constraint) {
        return constraint.left_operand() == left_operand;
    });
}

std::vector<std::string> named_purposes(const Constraints& constraints) {
    std::vector<std::string> purposes;
    for (const wire::Constraint& constraint : constraints) {
        const bool excludes =
            constraint.operator_() == "neq" || constraint.operator_() == "isNoneOf";
        if (constraint.left_operand() == "purpose" && !excludes) {
            purposes.insert(purposes.end(), constraint.right_operand().begin(),
                            constraint.right_operand().end());
        }
    }
    return purposes;
}

namespace odrl {

Truth evaluate(const Parsed& constraint, const UseFacts& facts) {
    switch (constraint.operand) {
        case Operand::kCount:
            return facts.count
                       ? compare(constraint.relation, Amount(*facts.count), constraint.number)
                       : Truth::kUnknown;
        case Operand::kDateTime:
            return facts.time
                       ? compare(constraint.relation, Amount(facts.time->value), constraint.number)
                       : Truth::kUnknown;
        case Operand::kPayAmount:
            return evaluate_payment(constraint, facts.paid);
        case Operand::kPurpose:
            return evaluate_name(constraint, facts.purpose);
        case Operand::kRecipient:
            return evaluate_name(constraint, facts.recipient);
        case Operand::kSpatial:
            return evaluate_name(constraint, facts.spatial);
    }
    return Truth::kUnknown;
}

}  // namespace odrl

std::string to_text(const wire::Constraint& constraint) {
    std::string text = constraint.left_operand() + " " + constraint.operator_();
    for (const std::string& right : constraint.right_operand()) {
        text += " " + right;
    }
    return constraint.unit().empty() ? text : text + " " + constraint.unit();
}

Verdict check_constraints(const Constraints& constraints) {
    if (constraints.size() > static_cast<int>(limits::kConstraintsMax)) {
        return refuse(Code::kConstraintLimit,
                      {fact("constraints", static_cast<std::uint64_t>(constraints.size()))},
                      {fact("at_most", std::uint64_t{limits::kConstraintsMax})});
    }
    std::uint64_t operands = 0;
    for (const wire::Constraint& constraint : constraints) {
        const auto parsed = odrl::parse(constraint);
        if (!parsed) {
            return refuse(parsed.error(), "constraint");
        }
        operands += static_cast<std::uint64_t>(constraint.right_operand_size());
    }
    if (operands <= limits::kRightOperandsTotalMax) {
        return kPass;
    }
    return refuse(Code::kConstraintLimit, {fact("right_operands", operands)},
                  {fact("at_most", std::uint64_t{limits::kRightOperandsTotalMax})});
}

Truth evaluate(const wire::Constraint& constraint, const UseFacts& facts) {
    const auto parsed = odrl::parse(constraint);
    return parsed ? odrl::evaluate(*parsed, facts) : Truth::kUnknown;
}

Verdict permits(const Constraints& constraints, const UseFacts& facts) {
    const wire::Constraint* undecided = nullptr;
    for (const wire::Constraint& constraint : constraints) {
        switch (evaluate(constraint, facts)) {
            case Truth::kFalse:
                return deny(constraint, facts, code_of(constraint));
            case Truth::kUnknown:
                undecided = undecided == nullptr ? &constraint : undecided;
                break;
            case Truth::kTrue:
                break;
        }
    }
    return undecided == nullptr ? kPass : deny(*undecided, facts, Code::kUseUndecided);
}

}  // namespace sanquan::contracts
