// The subset relation between conjunctions of constraints, operand by operand: sound, and complete
// for what the supported operators can say except for payments in different currencies (unknown).
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "contracts/odrl.h"
#include "contracts/odrl_constraint.h"

namespace sanquan::contracts {

namespace {

using odrl::Operand;
using odrl::Operator;
using odrl::Parsed;
using odrl::Relation;

// The numbers that a conjunction allows: from `least` to `most` without the excluded ones; empty
// when least > most.
struct Interval {
    Amount least;
    std::optional<Amount> most;
    std::set<Amount> excluded;
    bool empty = false;
};

Amount successor(Amount value) {
    const Result<Amount> next = value.plus(Amount(1));
    return next ? *next : value;
}

void restrict_to(Interval& interval, const Parsed& constraint) {
    const Amount bound = constraint.number;
    const auto at_least = [&](Amount value) { interval.least = std::max(interval.least, value); };
    const auto at_most = [&](Amount value) {
        interval.most = interval.most ? std::min(*interval.most, value) : value;
    };
    switch (constraint.relation) {
        case Operator::kEq:
            at_least(bound);
            at_most(bound);
            break;
        case Operator::kGteq:
            at_least(bound);
            break;
        case Operator::kGt:
            at_least(successor(bound));
            break;
        case Operator::kLteq:
            at_most(bound);
            break;
        case Operator::kLt:
            if (const auto below = bound.minus(Amount(1)); below) {
                at_most(*below);
            } else {
                interval.empty = true;
            }
            break;
        case Operator::kNeq:
            interval.excluded.insert(bound);
            break;
        case Operator::kIsA:
        case Operator::kIsPartOf:
        case Operator::kIsAnyOf:
        case Operator::kIsNoneOf:
            break;
    }
    interval.empty = interval.empty || (interval.most && *interval.most < interval.least);
}

bool contains(const Interval& interval, Amount value) {
    return value >= interval.least && (!interval.most || value <= *interval.most) &&
           !interval.excluded.contains(value);
}

Truth numbers_within(const std::vector<Parsed>& narrow, const Parsed& wide) {
    Interval inner;
    bool stated = false;
    bool other_unit = false;
    for (const Parsed& constraint : narrow) {
        if (constraint.unit == wide.unit) {
            restrict_to(inner, constraint);
            stated = true;
        } else {
            other_unit = true;
        }
    }
    if (!stated) {
        // Without a constraint of its own the use need not state the fact, which `wide` asks for.
        return other_unit ? Truth::kUnknown : Truth::kFalse;
    }
    if (inner.empty) {
        return Truth::kTrue;
    }
    if (wide.relation == Operator::kNeq) {
        return contains(inner, wide.number) ? Truth::kFalse : Truth::kTrue;
    }
    Interval outer;
    restrict_to(outer, wide);
    const bool above = inner.least >= outer.least;
    const bool below = !outer.most || (inner.most && *inner.most <= *outer.most);
    return !outer.empty && above && below ? Truth::kTrue : Truth::kFalse;
}

bool lists(Operator relation) {
    return relation == Operator::kEq || relation == Operator::kIsAnyOf;
}
bool roots(Operator relation) {
    return relation == Operator::kIsA || relation == Operator::kIsPartOf;
}
bool excludes(Operator relation) {
    return relation == Operator::kNeq || relation == Operator::kIsNoneOf;
}

UseFacts facts_naming(Operand operand, std::string_view name) {
    UseFacts facts;
    facts.purpose = operand == Operand::kPurpose ? name : std::string_view();
    facts.recipient = operand == Operand::kRecipient ? name : std::string_view();
    facts.spatial = operand == Operand::kSpatial ? name : std::string_view();
    return facts;
}

// The names that the conjunction can mean when one of its constraints lists them: those that the
// others allow too.
std::optional<std::vector<std::string_view>> listed(const std::vector<Parsed>& narrow) {
    const auto list = std::find_if(narrow.begin(), narrow.end(),
                                   [](const Parsed& c) { return lists(c.relation); });
    if (list == narrow.end()) {
        return std::nullopt;
    }
    std::vector<std::string_view> names;
    for (const std::string_view name : list->names) {
        const UseFacts facts = facts_naming(list->operand, name);
        if (std::all_of(narrow.begin(), narrow.end(), [&](const Parsed& constraint) {
                return odrl::evaluate(constraint, facts) == Truth::kTrue;
            })) {
            names.push_back(name);
        }
    }
    return names;
}

bool is_excluded(const std::vector<Parsed>& narrow, std::string_view name) {
    return std::any_of(narrow.begin(), narrow.end(), [&](const Parsed& constraint) {
        const auto any = [&](auto accept) {
            return std::any_of(constraint.names.begin(), constraint.names.end(), [&](auto other) {
                return accept(odrl::relate(constraint.operand, name, other));
            });
        };
        if (excludes(constraint.relation)) {
            return any([](Relation r) { return r == Relation::kSame || r == Relation::kInside; });
        }
        return roots(constraint.relation) && !any([](Relation r) { return r != Relation::kApart; });
    });
}

Truth names_within(const std::vector<Parsed>& narrow,
                   const std::optional<std::vector<std::string_view>>& names, const Parsed& wide) {
    if (names) {
        const bool all = std::all_of(names->begin(), names->end(), [&](std::string_view name) {
            return odrl::evaluate(wide, facts_naming(wide.operand, name)) == Truth::kTrue;
        });
        return all ? Truth::kTrue : Truth::kFalse;
    }
    if (narrow.empty() || lists(wide.relation)) {
        return Truth::kFalse;
    }
    if (excludes(wide.relation)) {
        const bool all_excluded =
            std::all_of(wide.names.begin(), wide.names.end(),
                        [&](std::string_view name) { return is_excluded(narrow, name); });
        return all_excluded ? Truth::kTrue : Truth::kFalse;
    }
    const bool inside = std::any_of(narrow.begin(), narrow.end(), [&](const Parsed& constraint) {
        if (!roots(constraint.relation)) {
            return false;
        }
        const Relation relation =
            odrl::relate(wide.operand, constraint.names.front(), wide.names.front());
        return relation == Relation::kSame || relation == Relation::kInside;
    });
    return inside ? Truth::kTrue : Truth::kFalse;
}

// One operand's constraints of the narrower list, prepared once for all constraints of the wider
// one.
struct Group {
    std::vector<Parsed> constraints;
    std::optional<std::vector<std::string_view>> names;
};

std::optional<std::map<Operand, Group>> group(const Constraints& narrow) {
    std::map<Operand, Group> groups;
    for (const wire::Constraint& constraint : narrow) {
        auto parsed = odrl::parse(constraint);
        if (!parsed) {
            return std::nullopt;
        }
        groups[parsed->operand].constraints.push_back(std::move(*parsed));
    }
    for (auto& [operand, group] : groups) {
        group.names = listed(group.constraints);
    }
    return groups;
}

}  // namespace

Truth within(const Constraints& narrow, const Constraints& wide) {
    auto groups = group(narrow);
    if (!groups) {
        return Truth::kUnknown;
    }
    Truth result = Truth::kTrue;
    for (const wire::Constraint& message : wide) {
        const auto outer = odrl::parse(message);
        if (!outer) {
            return Truth::kUnknown;
        }
        const Group& inner = (*groups)[outer->operand];
        const Truth one = odrl::is_numeric(outer->operand)
                              ? numbers_within(inner.constraints, *outer)
                              : names_within(inner.constraints, inner.names, *outer);
        if (one == Truth::kFalse) {
            return Truth::kFalse;
        }
        result = one == Truth::kUnknown ? one : result;
    }
    return result;
}

}  // namespace sanquan::contracts
