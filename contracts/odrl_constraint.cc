#include "contracts/odrl_constraint.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "contracts/odrl_time.h"
#include "ledger/base/limits.h"
#include "ledger/model/asset_code.h"

namespace sanquan::contracts::odrl {

namespace {

constexpr std::array<std::pair<std::string_view, Operand>, 6> kOperands = {{
    {"count", Operand::kCount},
    {"dateTime", Operand::kDateTime},
    {"payAmount", Operand::kPayAmount},
    {"purpose", Operand::kPurpose},
    {"recipient", Operand::kRecipient},
    {"spatial", Operand::kSpatial},
}};

constexpr std::array<std::pair<std::string_view, Operator>, 10> kOperators = {{
    {"eq", Operator::kEq},
    {"gt", Operator::kGt},
    {"gteq", Operator::kGteq},
    {"lt", Operator::kLt},
    {"lteq", Operator::kLteq},
    {"neq", Operator::kNeq},
    {"isA", Operator::kIsA},
    {"isPartOf", Operator::kIsPartOf},
    {"isAnyOf", Operator::kIsAnyOf},
    {"isNoneOf", Operator::kIsNoneOf},
}};

template <typename Table>
auto find(const Table& table, std::string_view name)
    -> std::optional<typename Table::value_type::second_type> {
    for (const auto& [key, value] : table) {
        if (key == name) {
            return value;
        }
    }
    return std::nullopt;
}

// Uses are counted upwards, so only an upper bound on their number says anything.
bool is_supported(Operand operand, Operator relation) {
    switch (relation) {
        case Operator::kLt:
        case Operator::kLteq:
            return is_numeric(operand);
        case Operator::kGt:
        case Operator::kGteq:
            return operand == Operand::kDateTime || operand == Operand::kPayAmount;
        case Operator::kEq:
        case Operator::kNeq:
            return operand != Operand::kCount;
        case Operator::kIsA:
            return operand == Operand::kPurpose;
        case Operator::kIsPartOf:
            return operand == Operand::kPurpose || operand == Operand::kSpatial;
        case Operator::kIsAnyOf:
        case Operator::kIsNoneOf:
            return !is_numeric(operand);
    }
    return false;
}

bool is_visible(char c) { return c > ' ' && c <= '~'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

bool is_country(std::string_view name) {
    return name.size() == 2 && is_capital(name[0]) && is_capital(name[1]);
}

// The digits of a region that its parts share: "53" of 530000, "5301" of 530100, all of 530102.
std::string_view region_stem(std::string_view region) {
    while (region.size() > 2 && region.ends_with("00")) {
        region.remove_suffix(2);
    }
    return region;
}

bool lies_inside(Operand operand, std::string_view name, std::string_view root) {
    switch (operand) {
        case Operand::kPurpose:
            return name.size() > root.size() && name.starts_with(root) && name[root.size()] == '/';
        case Operand::kSpatial:
            if (is_country(root)) {
                return root == "CN" && is_region_shape(name);
            }
            return is_region_shape(name) && name != root && name.starts_with(region_stem(root));
        case Operand::kRecipient:
        case Operand::kCount:
        case Operand::kDateTime:
        case Operand::kPayAmount:
            return false;
    }
    return false;
}

Result<Amount> parse_number(Operand operand, std::string_view text) {
    if (operand == Operand::kDateTime) {
        SANQUAN_TRY_ASSIGN(const TimeMs time, parse_date_time(text));
        return Amount(time.value);
    }
    const Result<Amount> number = Amount::parse(text);
    const Amount limit(std::numeric_limits<std::uint64_t>::max());
    if (!number || (operand == Operand::kCount && *number > limit)) {
        return fail(Code::kConstraintMalformed, "the right operand is not a whole number");
    }
    return number;
}

Status check_unit(Operand operand, std::string_view unit) {
    const bool currency = unit.size() == 3 && std::all_of(unit.begin(), unit.end(), is_capital);
    if (operand == Operand::kPayAmount ? !currency : !unit.empty()) {
        return fail(Code::kConstraintMalformed,
                    "payAmount takes an ISO 4217 code as its unit, the others take none");
    }
    return {};
}

}  // namespace

bool is_name(Operand operand, std::string_view name) {
    if (operand == Operand::kSpatial) {
        return is_region_shape(name) || is_country(name);
    }
    const bool bounded = !name.empty() && name.size() <= limits::kReferenceBytesMax;
    if (!bounded || !std::all_of(name.begin(), name.end(), is_visible)) {
        return false;
    }
    return operand != Operand::kPurpose ||
           (name.front() != '/' && name.back() != '/' && name.find("//") == name.npos);
}

Relation relate(Operand operand, std::string_view name, std::string_view other) {
    if (name == other) {
        return Relation::kSame;
    }
    if (lies_inside(operand, name, other)) {
        return Relation::kInside;
    }
    return lies_inside(operand, other, name) ? Relation::kAround : Relation::kApart;
}

Result<Parsed> parse(const wire::Constraint& constraint) {
    const auto operand = find(kOperands, constraint.left_operand());
    const auto relation = find(kOperators, constraint.operator_());
    if (!operand || !relation || !is_supported(*operand, *relation)) {
        return fail(Code::kConstraintUnsupported, "this operand and operator");
    }
    const int count = constraint.right_operand_size();
    if (count > static_cast<int>(limits::kRightOperandsMax)) {
        return fail(Code::kConstraintLimit, "too many right operands");
    }
    const bool several = *relation == Operator::kIsAnyOf || *relation == Operator::kIsNoneOf;
    if (count < 1 || (count > 1 && !several)) {
        return fail(Code::kConstraintMalformed, "one right operand is needed");
    }
    SANQUAN_TRY(check_unit(*operand, constraint.unit()));
    Parsed parsed;
    parsed.operand = *operand;
    parsed.relation = *relation;
    parsed.unit = constraint.unit();
    if (is_numeric(*operand)) {
        SANQUAN_TRY_ASSIGN(parsed.number, parse_number(*operand, constraint.right_operand(0)));
        return parsed;
    }
    for (const std::string& name : constraint.right_operand()) {
        if (!is_name(*operand, name)) {
            return fail(Code::kConstraintMalformed, "a right operand does not name one");
        }
        parsed.names.push_back(name);
    }
    return parsed;
}

}  // namespace sanquan::contracts::odrl
