// Goal: constraints fail closed, and one list lies within another only if every use it permits is permitted there too.
// Method: the input is three lines: a list, another list, and the facts of a use ("count=3 time=9 purpose=x recipient=y
// spatial=z paid=CNY:5"); a list is "count lteq 10; payAmount gteq 500 [CNY]".
#include <charconv>

#include "contracts/odrl.h"
#include "ledger/base/amount.h"
#include "ledger/base/text.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace sanquan;
using namespace sanquan::contracts;

// Takes the part before `separator` off the front.
std::string_view take(std::string_view& rest, char separator) {
    const auto end = rest.find(separator);
    const auto part = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    return part;
}

Constraints parse_list(std::string_view text) {
    Constraints constraints;
    while (!text.empty()) {
        std::string_view part = take(text, ';');
        while (part.starts_with(' ')) {
            part.remove_prefix(1);
        }
        auto& constraint = *constraints.Add();
        constraint.set_left_operand(std::string(take(part, ' ')));
        constraint.set_operator_(std::string(take(part, ' ')));
        while (!part.empty()) {
            const std::string_view word = take(part, ' ');
            if (word.size() >= 2 && word.front() == '[') {
                constraint.set_unit(std::string(word.substr(1, word.size() - 2)));
            } else {
                constraint.add_right_operand(std::string(word));
            }
        }
    }
    return constraints;
}

struct Facts {
    UseFacts facts;
    wire::Money paid;
};

std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

void parse_facts(std::string_view text, Facts& use) {
    while (!text.empty()) {
        std::string_view value = take(text, ' ');
        const std::string_view name = take(value, '=');
        if (name == "count") {
            use.facts.count = number(value);
        } else if (name == "time") {
            use.facts.time = TimeMs{number(value)};
        } else if (name == "purpose") {
            use.facts.purpose = value;
        } else if (name == "recipient") {
            use.facts.recipient = value;
        } else if (name == "spatial") {
            use.facts.spatial = value;
        } else if (name == "paid") {
            use.paid.set_currency(std::string(take(value, ':')));
            use.paid.set_amount(Amount(number(value)).encode());
            use.facts.paid = &use.paid;
        }
    }
}

bool passes(const Verdict& verdict) { return !verdict.has_value(); }

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::input(data, size);
    if (!check_utf8(text)) {
        return 0;  // protobuf refuses it before
    }
    std::string_view rest = text;
    const Constraints narrow = parse_list(take(rest, '\n'));
    const Constraints wide = parse_list(take(rest, '\n'));
    Facts use;
    parse_facts(take(rest, '\n'), use);
    for (const auto& constraint : narrow) {
        REQUIRE_THAT(!to_text(constraint).empty());
        (void)evaluate(constraint, use.facts);
    }
    const bool narrow_sound = passes(check_constraints(narrow));
    const bool wide_sound = passes(check_constraints(wide));
    if (!narrow_sound || !wide_sound) {
        return 0;  // neither is ever stored
    }
    const bool narrow_permits = passes(permits(narrow, use.facts));
    const bool wide_permits = passes(permits(wide, use.facts));
    bool all_true = true;
    for (const auto& constraint : narrow) {
        all_true = all_true && evaluate(constraint, use.facts) == Truth::kTrue;
    }
    REQUIRE_THAT(narrow_permits == all_true);
    REQUIRE_THAT(!passes(permits(narrow, UseFacts{})) || narrow.empty());
    REQUIRE_THAT(within(narrow, narrow) != Truth::kFalse);
    if (within(narrow, wide) == Truth::kTrue && narrow_permits) {
        REQUIRE_THAT(wide_permits);
    }
    // Adding a constraint never permits more.
    Constraints both = narrow;
    both.MergeFrom(wide);
    REQUIRE_THAT(passes(permits(both, use.facts)) == (narrow_permits && wide_permits));
    return 0;
}
